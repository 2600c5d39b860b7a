"""`/chip why`: why a story was told, and why this channel got it or not."""

from __future__ import annotations

from bot.cards.card import Card
from bot.cards.cutting import clean
from bot.cards.headline import headline
from bot.cards.names import kind_name
from bot.commands.ask import Ask
from bot.commands.kinds import StoryId
from bot.commands.registry import command
from bot.commands.reply import Reply
from bot.commands.stories import latest
from bot.delivery.order import Order
from bot.locale.catalogue import Catalogue, catalogue
from bot.locale.rich import Rich
from bot.model import Reason, Story
from bot.pipeline.assess.explain import rule_in_words
from bot.pipeline.match import refusal
from bot.store import subscriptions, told_stories
from bot.store.engine import Connection

REASONS = 6
_TOLD = ("kind", "direction", "severity", "relevant", "chips", "destinations")


@command("chip", "why")
async def why(ask: Ask, story: StoryId) -> Reply:
    """What it was judged to be, by which words, and what this channel's order says to it."""
    say = catalogue(ask.language)
    revision, _, _ = await latest(ask, story)
    told, where = revision.story, ask.where

    def read(conn: Connection) -> tuple[list[Reason], subscriptions.Standing | None]:
        reasons = told_stories.reasons(conn, told.head.source, told.head.key)
        return reasons, subscriptions.of_channel(conn, where.platform, where.channel)

    reasons, standing = await ask.store.read(read)
    lines = [_judged(say, told), *_because(say, reasons)]
    if standing is not None:
        clause = refusal(Order.of(standing.order), told)
        lines.append(
            say.say("why.not_here", clause=say.text(f"why.leaves_out.{clause}")) if clause else say.say("why.here")
        )
    return Reply.of(
        Card(
            title=headline(say, told),
            language=say.language,
            lines=tuple(lines),
            footer=(say.say("why.rules"),),
        )
    )


def _judged(say: Catalogue, story: Story) -> Rich:
    facts = story.facts
    return say.say(
        "why.judged",
        kind=kind_name(say, facts.kind),
        direction=say.text(f"names.direction.{facts.direction}"),
        trust=say.text(f"names.trust.{facts.trust}"),
        severity=say.text(f"names.severity.{facts.severity}"),
    )


def _because(say: Catalogue, reasons: list[Reason]) -> list[Rich]:
    """The words that decided, each label once, the weightiest labels first."""
    seen: dict[str, Reason] = {}
    for reason in reasons:
        if reason.text and reason.label in _TOLD:
            seen.setdefault(reason.label, reason)
    ranked = sorted(seen.values(), key=lambda reason: _TOLD.index(reason.label))
    return [
        say.say(
            "why.because",
            label=say.text(f"why.label.{reason.label}"),
            words=say.form.quote.format(text=clean(reason.text, 60)),
            rule=clean(rule_in_words(reason.rule), 60),
        )
        for reason in ranked[:REASONS]
    ]
