"""Stories for whoever asks: the recent ones, those between two days, those that words, a title or a link find, one as
it was told last, and what an order would have brought. The archive stands among them, marked; what was taken back
stays, marked as well."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.delivery.order import Order
from bot.knowledge.finding import joined, terms_of
from bot.model import Kind, Severity, Story
from bot.pipeline.match import refusal
from bot.pipeline.stories.stored import story_from
from bot.store import revisions, stories, story_words
from bot.store.engine import Connection
from bot.store.revisions import Issued

PREVIEW_DAYS = 90
_AT_ONCE = 100
_MOST_LOOKED_AT = 5000


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which stories: of each list that is not empty at least one must fit. `severity` is the least."""

    chips: Collection[str] = ()
    destinations: Collection[str] = ()
    kinds: Collection[Kind] = ()
    severity: Severity = Severity.LOW
    archive: bool = True

    def fits(self, story: Story) -> bool:
        """Whether a story is one of them."""
        facts = story.facts
        return (
            (not self.chips or not set(self.chips).isdisjoint(facts.chips))
            and (not self.destinations or not set(self.destinations).isdisjoint(facts.destinations))
            and (not self.kinds or facts.kind in self.kinds)
            and facts.severity.rank >= self.severity.rank
            and (self.archive or not story.archive)
        )


ALL = Wanted()


def recent(conn: Connection, now: datetime, wanted: Wanted = ALL, limit: int = 10) -> list[Story]:
    """The stories that grew last, newest first."""
    return between(conn, None, now + timedelta(microseconds=1), wanted, limit)


def between(
    conn: Connection, since: datetime | None, until: datetime, wanted: Wanted = ALL, limit: int = 500
) -> list[Story]:
    """The stories that grew in `[since, until)`, newest first; with chips or destinations, that began in it."""
    terms = [
        frozenset(words)
        for words in (
            [f"chips.{chip}" for chip in wanted.chips],
            [f"to.{place}" for place in wanted.destinations],
        )
        if words
    ]
    if terms:
        ids: Iterable[str] = story_words.search(conn, terms, until, _MOST_LOOKED_AT, since)
    else:
        ids = story_words.newest(conn, since, until, _MOST_LOOKED_AT)
    found: list[Story] = []
    for story in _stories(conn, list(ids), min(limit, _AT_ONCE)):
        if wanted.fits(story):
            found.append(story)
            if len(found) == limit:
                break
    return found


def search(conn: Connection, words: Sequence[str], now: datetime, limit: int = 10) -> list[Story]:
    """The stories that have all of the words, or a word of another language for the same; newest first.

    A question without any word finds nothing.
    """
    ids = story_words.search(conn, terms_of(joined(words)), now + timedelta(microseconds=1), limit)
    return list(_stories(conn, ids))


def one(conn: Connection, id_: str) -> Story | None:
    """A story by its id, or by that of one which went into it."""
    row = stories.row(conn, id_)
    if row is not None and row.merged_into is not None:
        row = stories.row(conn, row.merged_into)
    seats = stories.seats(conn, row.id) if row is not None else []
    return story_from(row, seats) if row is not None and seats else None


def titled(conn: Connection, typed: str, limit: int) -> list[tuple[str, str]]:
    """Stories whose id or one of whose titles holds what was typed, the newest first: (id, title)."""
    return stories.titled(conn, typed, limit)


def at_links(conn: Connection, links: Iterable[str]) -> list[Story]:
    """The stories that documents of these addresses tell."""
    found = (one(conn, id_) for id_ in stories.at_links(conn, links))
    return [story for story in found if story is not None]


def latest(conn: Connection, id_: str) -> Issued | None:
    """The newest revision of a story as it was told, with what stands beside it; None for one that never was."""
    number = revisions.newest_number(conn, id_)
    return revisions.issued(conn, id_, number) if number is not None else None


@dataclass(frozen=True, slots=True)
class Preview:
    """What an order would have brought in the last days: the stories, newest first, and which of them are archive."""

    stories: tuple[Story, ...]
    days: int

    @property
    def from_archive(self) -> int:
        return sum(story.archive for story in self.stories)


def preview(conn: Connection, order: Order, now: datetime, days: int = PREVIEW_DAYS) -> Preview:
    """The stories of the last days that an order would have brought, each counted once. A story that was posted and the
    event of the ledger that records it may both be in it: `from_archive` says how many are the ledger's."""
    told = between(conn, now - timedelta(days=days), now + timedelta(microseconds=1), limit=_MOST_LOOKED_AT)
    return Preview(tuple(story for story in told if not story.retracted and refusal(order, story) is None), days)


def _stories(conn: Connection, ids: Sequence[str], at_once: int = _AT_ONCE) -> Iterator[Story]:
    for at in range(0, len(ids), at_once):
        some = ids[at : at + at_once]
        found = stories.rows(conn, some)
        for id_ in some:
            row, seats = found[id_]
            if seats:
                yield story_from(row, seats)
