"""What has been told, looked up for readers: by title, by link, in its newest revision, with its reasons."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.model import Reason, Revision
from bot.store.records import assessment_of, revision_of
from bot.store.schema import alerts, changes, documents, members, sources, stories

SCANNED = 2000
"""Newest titles that are read for suggestions."""
MOST_LINKS = 50


def titles(conn: sa.Connection, typed: str, limit: int) -> list[tuple[str, str]]:
    """Stories whose id or one of whose titles holds what was typed, the newest first: (id, title)."""
    wanted = typed.casefold()
    query = sa.select(members.c.story, members.c.member).order_by(members.c.id.desc()).limit(SCANNED)
    found: dict[str, str] = {}
    for story, record in conn.execute(query):
        title = str(record.get("title", ""))
        if story not in found and (wanted in title.casefold() or wanted in story):
            found[story] = title
            if len(found) == limit:
                break
    return list(found.items())


def by_links(conn: sa.Connection, links: Iterable[str]) -> list[str]:
    """The ids of the stories that documents of these addresses tell."""
    wanted = list(links)[:MOST_LINKS]
    query = (
        sa.select(members.c.story)
        .join(documents, sa.and_(documents.c.source == members.c.source, documents.c.key == members.c.key))
        .where(documents.c.url.in_([*wanted, *(link.rstrip("/") for link in wanted)]))
    )
    return list(dict.fromkeys(conn.execute(query).scalars()))


def latest(conn: sa.Connection, story: str) -> tuple[Revision, list[dict[str, Any]], list[dict[str, Any]]] | None:
    """The newest revision of a story with its law lines and flips; None for one that was never posted."""
    query = sa.select(alerts.c.revision).where(alerts.c.story == story).order_by(alerts.c.number.desc()).limit(1)
    record = conn.execute(query).scalar()
    return (revision_of(record), record.get("law", []), record.get("flips", [])) if record else None


def reasons(conn: sa.Connection, source: str, key: str) -> list[Reason]:
    """Why a document was judged as it was, at its last change."""
    query = (
        sa.select(changes.c.assessment)
        .where(changes.c.source == source, changes.c.key == key)
        .order_by(changes.c.id.desc())
        .limit(1)
    )
    record = conn.execute(query).scalar()
    return list(assessment_of(record).reasons) if record else []


@dataclass(frozen=True, slots=True)
class Change:
    """The last change of a codified text: when it was found, and the document's title."""

    at: datetime
    title: str


def ear_changed(conn: sa.Connection) -> Change | None:
    """The last change of a part of the Export Administration Regulations, where a source reads them; None otherwise."""
    query = (
        sa.select(documents.c.changed_at, documents.c.title)
        .join(sources, sources.c.id == documents.c.source)
        .where(sources.c.kind == "ecfr")
        .order_by(documents.c.changed_at.desc())
        .limit(1)
    )
    row = conn.execute(query).first()
    return Change(*row) if row else None


def exists(conn: sa.Connection, story: str) -> bool:
    """Whether there is a story of this id."""
    return conn.execute(sa.select(stories.c.id).where(stories.c.id == story)).first() is not None
