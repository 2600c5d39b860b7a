"""`/chip news`: what has been told lately, newest first."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from bot.cards.card import Card
from bot.cards.names import SIX_KINDS
from bot.cards.story_line import story_line
from bot.commands.ask import Ask
from bot.commands.kinds import ChipName, Choice, Destination, Whole
from bot.commands.registry import command
from bot.commands.reply import Reply
from bot.commands.six_kinds import kinds_of
from bot.commands.stories import chip_names
from bot.locale.catalogue import catalogue
from bot.locale.rich import Rich
from bot.model import Severity, Story
from bot.pipeline.reading import retrieval

LINES = 8
MOST = 200


@command("chip", "news")
async def news(
    ask: Ask,
    chip: ChipName | None = None,
    destination: Destination | None = None,
    kind: Annotated[str, Choice(*SIX_KINDS)] | None = None,
    severity: Annotated[str, Choice(*Severity)] | None = None,
    days: Annotated[int, Whole(1, 365)] | None = None,
) -> Reply:
    """Stories of the last days (30 where none are named), one line each."""
    say = catalogue(ask.language)
    since = ask.now - timedelta(days=days or 30)
    wanted = retrieval.Wanted(
        chips=chip_names(ask.knowledge, chip),
        destinations=(destination,) if destination else (),
        kinds=kinds_of(kind) if kind else (),
        severity=Severity(severity) if severity else Severity.LOW,
    )
    until = ask.now + timedelta(seconds=1)
    found = await ask.store.read(lambda conn: retrieval.between(conn, since, until, wanted, MOST))
    return Reply.of(stories_card(ask.language, found, say.say("news.title", n=len(found), days=days or 30)))


def stories_card(language: str, stories: list[Story], title: Rich) -> Card:
    """Stories in lines, the newest first."""
    say = catalogue(language)
    lines = tuple(story_line(say, story) for story in stories[:LINES])
    more = len(stories) - LINES
    return Card(
        title=title,
        language=say.language,
        lines=lines or (say.say("news.none"),),
        footer=(say.say("lists.more", n=more),) if more > 0 else (),
    )
