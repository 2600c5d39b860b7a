"""The button "Sources" under an alert: every document that tells the story."""

from __future__ import annotations

from bot.cards.card import Card
from bot.cards.headline import headline
from bot.cards.quotation import outlet, quotation
from bot.commands.ask import Ask
from bot.commands.kinds import StoryId
from bot.commands.registry import command
from bot.commands.reply import Reply
from bot.commands.stories import latest
from bot.locale.catalogue import catalogue
from bot.model import Story

DOCUMENTS = 12


@command("alert", "sources", action=True)
async def sources(ask: Ask, story: StoryId) -> Reply:
    """The documents, the most trusted first."""
    told = (await latest(ask, story)).revision.story
    return Reply.of(documents_card(told, ask.language))


def documents_card(story: Story, language: str) -> Card:
    """Every document of a story in its own language, by whom and of what trust."""
    say = catalogue(language)
    ranked = sorted(story.members, key=lambda member: (-member.trust.rank, member.joined_at, member.key))
    lines = tuple(
        say.say(
            "documents.line",
            trust=say.text(f"names.trust.{member.trust}"),
            who=outlet(member),
            quote=quotation(say, member, 160),
            day=member.published or member.joined_at,
        )
        for member in ranked[:DOCUMENTS]
    )
    more = len(ranked) - DOCUMENTS
    return Card(
        title=say.say("documents.title", n=len(ranked)),
        language=say.language,
        marks=headline(say, story),
        lines=lines,
        footer=(say.say("lists.more", n=more),) if more > 0 else (),
    )
