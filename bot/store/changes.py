"""What polls found: each change of a document, with what it was judged to be and what stands beside it."""

from __future__ import annotations

import sqlalchemy as sa

from bot.model import Assessment, Change
from bot.store.records import Record, assessment_record
from bot.store.schema import changes


def log_change(conn: sa.Connection, change: Change, assessment: Assessment, story: str | None) -> None:
    """Keep what a poll found and what it was judged to be."""
    conn.execute(
        changes.insert().values(
            source=change.document.source,
            key=change.document.key,
            kind=change.kind.value,
            at=change.at,
            added=change.added,
            removed=change.removed,
            changed=change.changed,
            assessment=assessment_record(assessment),
            story=story,
            detail=dict(change.detail) or None,
        )
    )


def newest_detail(conn: sa.Connection, key: str) -> list[Record]:
    """What stands beside the newest change of a document of this key, at whatever source; empty where nothing does."""
    query = sa.select(changes.c.detail).where(changes.c.key == key, changes.c.detail.is_not(None))
    found = [detail for detail in conn.execute(query.order_by(changes.c.id.desc()).limit(5)).scalars() if detail]
    return found[:1]
