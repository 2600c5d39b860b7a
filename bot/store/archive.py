"""What has been told, read back: stories of a time, by words, by link, by what they are about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.model import Member, Revision, Story
from bot.store.records import assessment_of, member_of, revision_of
from bot.store.schema import alerts, documents, members, stories

RECENT = 300
"""Newest stories that a look for what was said on a chip reads."""
SCANNED = 4000
"""Newest titles that a search reads."""
BATCH = 200


def told(conn: sa.Connection, since: datetime | None = None, limit: int = RECENT) -> Iterator[Story]:
    """The stories that have been told, the newest first, as they stand."""
    query = sa.select(stories).where(stories.c.revision > 0).order_by(stories.c.grew_at.desc(), stories.c.id)
    if since is not None:
        query = query.where(stories.c.grew_at >= since)
    rows = conn.execute(query.limit(limit)).all()
    for at in range(0, len(rows), BATCH):
        yield from _stories(conn, rows[at : at + BATCH])


def named(conn: sa.Connection, ids: Sequence[str]) -> list[Story]:
    """The stories of some ids, in the order of the ids; unknown ones are left out."""
    rows = conn.execute(sa.select(stories).where(stories.c.id.in_(list(ids)[:BATCH]))).all()
    found = {story.id: story for story in _stories(conn, rows)}
    return [found[id_] for id_ in ids if id_ in found]


def _stories(conn: sa.Connection, rows: Sequence[Any]) -> Iterator[Story]:
    seats: dict[str, list[Member]] = {}
    query = sa.select(members.c.story, members.c.member).where(members.c.story.in_([row.id for row in rows]))
    for story, record in conn.execute(query.order_by(members.c.id)):
        seats.setdefault(story, []).append(member_of(record))
    for row in rows:
        sitting = tuple(seats.get(row.id, ()))
        if sitting:
            head = max(sitting, key=lambda member: member.trust.rank)
            yield Story(row.id, row.began_at, row.grew_at, assessment_of(row.facts), head, sitting)


def titles(conn: sa.Connection, typed: str, limit: int) -> list[tuple[str, str]]:
    """Stories whose id or one of whose titles holds what was typed, the newest first: (id, title)."""
    wanted = typed.casefold()
    query = (
        sa.select(members.c.story, members.c.member)
        .join(stories, stories.c.id == members.c.story)
        .where(stories.c.revision > 0)
        .order_by(members.c.id.desc())
        .limit(SCANNED)
    )
    found: dict[str, str] = {}
    for story, record in conn.execute(query):
        title = str(record.get("title", ""))
        if story not in found and (wanted in title.casefold() or wanted in story):
            found[story] = title
            if len(found) == limit:
                break
    return list(found.items())


def by_words(conn: sa.Connection, words: Sequence[str], limit: int) -> list[Story]:
    """The newest stories in whose titles, taken together, every word stands (casefolded)."""
    wanted = [word.casefold() for word in words if word]
    query = sa.select(members.c.story, members.c.member).order_by(members.c.id.desc()).limit(SCANNED)
    texts: dict[str, str] = {}
    for story, record in conn.execute(query):
        texts[story] = f"{texts.get(story, '')}\n{record.get('title', '')}".casefold()
    hits = [story for story, text in texts.items() if all(word in text for word in wanted)]
    return [story for story in named(conn, hits[:BATCH]) if story.members][:limit]


def by_links(conn: sa.Connection, links: Iterable[str]) -> list[Story]:
    """The stories that documents of these addresses tell."""
    wanted = list(links)[:BATCH]
    query = (
        sa.select(members.c.story)
        .join(documents, sa.and_(documents.c.source == members.c.source, documents.c.key == members.c.key))
        .where(documents.c.url.in_([*wanted, *(link.rstrip("/") for link in wanted)]))
    )
    return named(conn, list(dict.fromkeys(conn.execute(query).scalars())))


def latest(conn: sa.Connection, story: str) -> tuple[Revision, list[dict[str, Any]], list[dict[str, Any]]] | None:
    """The newest revision of a story with its law lines and flips; None for an unknown one."""
    query = sa.select(alerts.c.revision).where(alerts.c.story == story).order_by(alerts.c.number.desc()).limit(1)
    record = conn.execute(query).scalar()
    return (revision_of(record), record.get("law", []), record.get("flips", [])) if record else None


def reported(
    conn: sa.Connection, chips: set[str], places: set[str], since: datetime, limit: int = 3
) -> list[dict[str, Any]]:
    """What was said on any of the chips and places since a moment, the newest first: title, url, source, trust, at."""
    found = []
    for story in told(conn, since):
        facts = story.facts
        if chips.isdisjoint(facts.chips) or places.isdisjoint(facts.destinations):
            continue
        found.append(
            {
                "title": story.head.title,
                "url": story.head.url,
                "source": story.head.source_name,
                "trust": facts.trust.value,
                "at": story.grew_at.date().isoformat(),
                "story": story.id,
            }
        )
        if len(found) == limit:
            break
    return found
