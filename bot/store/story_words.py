"""The words by which stories are found: a plain table, so that SQLite and PostgreSQL look up alike."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

import sqlalchemy as sa

from bot.store.schema import stories, story_words

COMMON = 2000
"""A word that so many stories have is common: how many there are exactly is not asked."""


def add(conn: sa.Connection, story: str, began_at: datetime, words: Collection[str]) -> None:
    """Let a story be found by these words, besides those that it has."""
    there = set(conn.execute(sa.select(story_words.c.word).where(story_words.c.story == story)).scalars())
    rows = [{"word": word, "began_at": began_at, "story": story} for word in sorted(set(words) - there)]
    if rows:
        conn.execute(story_words.insert(), rows)


def remove(conn: sa.Connection, story: str) -> None:
    """Let a story be found by nothing."""
    conn.execute(story_words.delete().where(story_words.c.story == story))


def search(
    conn: sa.Connection, terms: Sequence[Collection[str]], until: datetime, limit: int, since: datetime | None = None
) -> list[str]:
    """The stories that have of each of `terms` at least one word, newest first by when they began (before `until`).

    The rarest term leads; the others are looked up for what it finds. So no question costs more than its rarest word,
    and one of common words only ends early.
    """
    if not terms:
        return []
    ranked = sorted(terms, key=lambda words: (sum(_frequency(conn, word) for word in words), sorted(words)))
    found: dict[str, datetime] = {}
    for word in sorted(ranked[0]):
        query = sa.select(story_words.c.story, story_words.c.began_at).where(
            story_words.c.word == word, story_words.c.began_at < until, *(_has(words) for words in ranked[1:])
        )
        if since is not None:
            query = query.where(story_words.c.began_at >= since)
        newest = query.order_by(story_words.c.began_at.desc(), story_words.c.story.desc()).limit(limit)
        found |= dict(tuple(row) for row in conn.execute(newest))
    return sorted(found, key=lambda story: (found[story], story), reverse=True)[:limit]


def _frequency(conn: sa.Connection, word: str) -> int:
    some = sa.select(sa.literal(1)).where(story_words.c.word == word).limit(COMMON).subquery()
    return conn.execute(sa.select(sa.func.count()).select_from(some)).scalar_one()


def _has(words: Collection[str]) -> sa.ColumnElement[bool]:
    also = story_words.alias()
    same = (also.c.began_at == story_words.c.began_at, also.c.story == story_words.c.story)
    return sa.exists().where(also.c.word.in_(sorted(words)), *same)


def without_words(conn: sa.Connection, limit: int) -> list[str]:
    """Stories of a store that is older than its words; empty once they have been entered."""
    if conn.execute(sa.select(story_words.c.story).limit(1)).first() is None:
        return list(conn.execute(sa.select(stories.c.id).where(stories.c.merged_into.is_(None)).limit(limit)).scalars())
    return []


def newest(conn: sa.Connection, since: datetime | None, until: datetime, limit: int) -> Iterable[str]:
    """The stories that grew last, in `[since, until)`, newest first; what went into another is left out."""
    query = sa.select(stories.c.id).where(stories.c.grew_at < until, stories.c.merged_into.is_(None))
    if since is not None:
        query = query.where(stories.c.grew_at >= since)
    return list(conn.execute(query.order_by(stories.c.grew_at.desc(), stories.c.id.desc()).limit(limit)).scalars())
