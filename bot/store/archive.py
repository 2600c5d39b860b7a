"""Archived stories: the ledger's events in the tables of the stories, so that showing and searching has both."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa

from bot.model import Story
from bot.store import stories as stored_stories
from bot.store.schema import members, reports, stories, story_words
from bot.store.stories import Seat, StoryRow


def stored(conn: sa.Connection) -> Iterable[tuple[StoryRow, list[Seat]]]:
    """All archived stories with their members."""
    ids = list(conn.execute(sa.select(stories.c.id).where(stories.c.archive).order_by(stories.c.id)).scalars())
    return stored_stories.rows(conn, ids).values()


def store(conn: sa.Connection, story: Story) -> None:
    """Store an archived story whole. It has no fingerprints: no document is compared with it."""
    stored_stories.begin(conn, story.id, story.facts, story.began_at, archive=True)
    for member in story.members:
        stored_stories.seat(conn, story.id, member, story.facts, {})


def remove(conn: sa.Connection, id_: str) -> None:
    """The ledger has the event no more, or has it otherwise: whoever reported it as a mistake was right."""
    for table in (story_words, members, reports):
        conn.execute(table.delete().where(table.c.story == id_))
    conn.execute(stories.delete().where(stories.c.id == id_, stories.c.archive))
