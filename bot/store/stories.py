"""Stories, their members, their revisions, and the changes that led to them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.model import Assessment, Change, Member, Revision
from bot.store.records import (
    Record,
    assessment_of,
    assessment_record,
    member_of,
    member_record,
    revision_of,
    revision_record,
)
from bot.store.schema import alerts, changes, members, stories


@dataclass(frozen=True, slots=True)
class Seat:
    """A member of a stored story with what the story logic needs of it."""

    id: int
    story: str
    member: Member
    assessment: Assessment
    fingerprint: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class StoryRow:
    """What is stored of a story beside its members."""

    id: str
    began_at: datetime
    grew_at: datetime
    facts: Assessment
    revision: int


def begin(conn: sa.Connection, id_: str, facts: Assessment, at: datetime) -> None:
    """Store a new story, without members yet."""
    conn.execute(
        stories.insert().values(
            id=id_, began_at=at, grew_at=at, facts=assessment_record(facts, reasons=False), revision=0
        )
    )


def seat(conn: sa.Connection, story: str, member: Member, assessment: Assessment, fingerprint: Record) -> int:
    """Put a document into a story; its number in the order of joining."""
    row = (
        members.insert()
        .values(
            story=story,
            source=member.source,
            key=member.key,
            joined_at=member.joined_at,
            member=member_record(member),
            assessment=assessment_record(assessment, reasons=False),
            fingerprint=fingerprint,
        )
        .returning(members.c.id)
    )
    return int(conn.execute(row).scalar_one())


def reseat(conn: sa.Connection, member: Member, assessment: Assessment, fingerprint: Record) -> None:
    """The document of a member was amended: what it says now."""
    conn.execute(
        members.update()
        .where(members.c.source == member.source, members.c.key == member.key)
        .values(
            member=member_record(member),
            assessment=assessment_record(assessment, reasons=False),
            fingerprint=fingerprint,
        )
    )


def rename(conn: sa.Connection, source: str, old: str, new: str) -> None:
    """The document of a member was given a new key."""
    mine = (members.c.source == source, members.c.key == old)
    row = conn.execute(sa.select(members.c.member).where(*mine)).first()
    if row:
        conn.execute(members.update().where(*mine).values(key=new, member={**row.member, "key": new}))


def unseat(conn: sa.Connection, source: str, key: str) -> None:
    """Take a document out of its story."""
    conn.execute(members.delete().where(members.c.source == source, members.c.key == key))


def story_of(conn: sa.Connection, source: str, key: str) -> str | None:
    """The story that a document belongs to."""
    query = sa.select(members.c.story).where(members.c.source == source, members.c.key == key)
    return conn.execute(query).scalar()


def row(conn: sa.Connection, id_: str) -> StoryRow | None:
    """A stored story without its members."""
    found = conn.execute(sa.select(stories).where(stories.c.id == id_)).one_or_none()
    if not found:
        return None
    return StoryRow(found.id, found.began_at, found.grew_at, assessment_of(found.facts), found.revision)


def seats(conn: sa.Connection, story: str) -> list[Seat]:
    """The members of a story in the order of joining."""
    query = sa.select(members).where(members.c.story == story).order_by(members.c.id)
    return [_seat(found) for found in conn.execute(query)]


def seats_since(conn: sa.Connection, after: int, joined_after: datetime) -> Iterator[Seat]:
    """Members with a higher number than `after` that joined later than `joined_after`, in order."""
    query = sa.select(members).where(members.c.id > after, members.c.joined_at >= joined_after).order_by(members.c.id)
    return (_seat(found) for found in conn.execute(query))


def _seat(found: Any) -> Seat:
    return Seat(found.id, found.story, member_of(found.member), assessment_of(found.assessment), found.fingerprint)


def grow(conn: sa.Connection, id_: str, facts: Assessment, at: datetime, revision: int) -> None:
    """The story is now this."""
    conn.execute(
        stories.update()
        .where(stories.c.id == id_)
        .values(facts=assessment_record(facts, reasons=False), grew_at=at, revision=revision)
    )


def issue(
    conn: sa.Connection,
    revision: Revision,
    law: list[Record],
    flips: list[Record] | None = None,
    details: list[Record] | None = None,
) -> None:
    """Store a revision with the law as it stood, the answers that it flips, and the redlines and rows of its changes:
    all that cards are rendered from."""
    conn.execute(
        alerts.insert().values(
            story=revision.story.id,
            number=revision.number,
            op=revision.op.value,
            at=revision.at,
            rise=list(revision.rise),
            revision={**revision_record(revision), "law": law, "flips": flips or [], "details": details or []},
        )
    )


@dataclass(frozen=True, slots=True)
class Issued:
    """A stored revision, the law lines beside it, the answers that it flips, and what its changes hold."""

    revision: Revision
    law: list[Record]
    flips: list[Record]
    details: list[Record] = field(default_factory=list)


def issued(conn: sa.Connection, story: str, number: int) -> Issued:
    """A stored revision with what stands beside it."""
    query = sa.select(alerts.c.revision).where(alerts.c.story == story, alerts.c.number == number)
    record = conn.execute(query).scalar_one()
    return Issued(revision_of(record), record.get("law", []), record.get("flips", []), record.get("details", []))


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
