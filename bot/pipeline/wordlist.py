"""Keeps the words by which stories are found in step with the stories."""

from __future__ import annotations

from datetime import datetime

from bot.knowledge.finding import labels_of, words_of
from bot.model import Assessment, Story
from bot.pipeline.stories.stored import story_from
from bot.store import stories, story_words
from bot.store.engine import Connection

AT_ONCE = 500


def note(conn: Connection, id_: str, began_at: datetime, title: str, facts: Assessment) -> None:
    """A document joined a story: it is found by the document's words as well."""
    story_words.add(conn, id_, began_at, words_of(title) | labels_of(facts))


def enter(conn: Connection, story: Story) -> None:
    """Let a story be found by what it is about and by the titles of its documents."""
    words = labels_of(story.facts).union(*(words_of(member.title) for member in story.members))
    story_words.add(conn, story.id, story.began_at, words)


def leave(conn: Connection, id_: str) -> None:
    """The story is no more, or is about to be entered anew."""
    story_words.remove(conn, id_)


def catch_up(conn: Connection) -> int:
    """Enter the stories of a store that is older than its words; how many they were."""
    ids = story_words.without_words(conn, limit=1_000_000)
    for at in range(0, len(ids), AT_ONCE):
        for row, seats in stories.rows(conn, ids[at : at + AT_ONCE]).values():
            if seats:
                enter(conn, story_from(row, seats))
    return len(ids)
