"""Digests: several stories in one message, a line each, the most severe first; and the two lines of a quiet week."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.cards.card import Card, Tone
from bot.cards.cutting import cut, cut_rich
from bot.cards.law import LawLine
from bot.cards.quotation import outlet, safe_url
from bot.cards.story_line import headline_now
from bot.cards.sureness import Sureness, marks, sureness_of, tone_of
from bot.locale.catalogue import Catalogue, catalogue
from bot.locale.rich import Rich, Span, Style, plain
from bot.model import Story

LINE_LIMIT = 300
HEADLINE_LIMIT = 160
MOST = 12
"""Stories in one message; a longer digest has more messages."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A story in a digest. `link` is where it stands already, if it does; `law` what the ledger says beside it."""

    story: Story
    law: Sequence[LawLine] = ()
    link: str | None = None


@dataclass(frozen=True, slots=True)
class Contents:
    """What a digest holds: `since` when it was begun, `part` which of its messages this is (1 is the first), `more`
    stories follow in another."""

    kind: str
    since: datetime
    entries: Sequence[Entry]
    part: int = 1
    more: int = 0
    total: int = field(default=0)


def digest_card(contents: Contents, language: str = "en") -> Card:
    """One message of a digest: how many stories, then each with its mark, headline and outlets.

    Raises KeyError for a kind that is none of `daily`, `weekly`, `quiet`, `catch_up`.
    """
    say = catalogue(language)
    stories = contents.total or len(contents.entries)
    documents = sum(len(entry.story.members) for entry in contents.entries)
    if contents.part == 1:
        title = say.say(f"digest.{contents.kind}", n=stories)
    else:
        title = say.say("digest.continued", part=contents.part)
    footer = [say.say("digest.documents", n=documents)] if documents else []
    if contents.more:
        footer.append(say.say("digest.more", n=contents.more))
    return Card(
        title=cut_rich(title, LINE_LIMIT),
        tone=tone_of_all(contents.entries),
        language=say.language,
        marks=say.say("digest.marks", since=contents.since),
        lines=tuple(entry_line(say, entry) for entry in contents.entries),
        footer=tuple(footer),
    )


def nothing_card(kind: str, documents: int, chips: int, since: datetime, language: str = "en") -> Card:
    """A digest of two lines when there was nothing to tell: `documents` were read since, `chips` of them about chips.

    `kind` is daily or weekly.
    """
    say = catalogue(language)
    return Card(
        title=say.say(f"digest.nothing_{kind}"),
        tone=Tone.ANSWER,
        language=say.language,
        lines=(say.say("digest.read", n=documents, chips=chips, since=since),),
    )


def entry_line(say: Catalogue, entry: Entry) -> Rich:
    """A story as one line: the mark, the headline (a link where it has an address), who says it."""
    story = entry.story
    mark = plain(marks(say, story))[:1]
    address = entry.link or safe_url(story.head.url)
    words = cut(headline_now(say, story, entry.law), HEADLINE_LIMIT)
    tail = say.say("digest.tail", outlet=outlet(story.head), n=len(story.members))
    return cut_rich((Span(f"{mark} "), Span(words, Style.BOLD, url=address), *tail), LINE_LIMIT)


def tone_of_all(entries: Sequence[Entry]) -> Tone:
    """The colour of several stories: law where one of them is law."""
    found = {sureness_of(entry.story.facts) for entry in entries}
    if Sureness.LAW in found:
        return Tone.LAW
    return tone_of(next(iter(found))) if len(found) == 1 else Tone.SAID
