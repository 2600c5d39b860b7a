"""The public list of corrections, with the stories that were taken back: for board, commands and command line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.cards.correction import Listed
from bot.pipeline.stories.stored import story_from
from bot.store import corrections, stories
from bot.store.engine import Connection


@dataclass(frozen=True, slots=True)
class PublicList:
    """Corrections, newest first, and how many there were this year and in all."""

    corrections: tuple[Listed, ...]
    this_year: int
    in_all: int


def public_list(conn: Connection, now: datetime) -> PublicList:
    """Everything that we took back."""
    rows = corrections.listing(conn)
    told = stories.rows(conn, [row.story for row in rows])
    listed = tuple(
        Listed(story_from(*told[row.story]), row.at, row.cause, row.channels, row.reported_by_member) for row in rows
    )
    return PublicList(listed, corrections.count(conn, now.year), corrections.count_all(conn))
