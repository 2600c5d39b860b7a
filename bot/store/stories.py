"""Stories, their members, their revisions, and the changes that led to them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import lru_cache
from typing import Any

import orjson
import sqlalchemy as sa

from bot.model import INFERRED, OWN_NAME, Assessment, Change, Kind, Member, Revision, State
from bot.store import evidence
from bot.store.records import (
    Record,
    assessment_of,
    assessment_record,
    member_of,
    member_record,
    revision_of,
    revision_record,
)
from bot.store.schema import alerts, changes, deadlines, documents, ledger_drafts, members, stories

BATCH = 400
"""Ids in one IN (...)."""
SCANNED = 2000
"""Newest titles that are read for suggestions."""
MOST_LINKS = 50
KEPT_SEATS, KEPT_ROWS = 4096, 1024
"""Members and stories that are kept as they were read, each by all that is stored of it. What is stored in other words
is read anew, so that nothing kept is ever old; what is stored in the same words is the same object."""


@dataclass(frozen=True, slots=True, eq=False)
class Seat:
    """A member of a stored story with what the story logic needs of it. Nobody changes its fingerprint."""

    id: int
    story: str
    member: Member
    assessment: Assessment
    fingerprint: Mapping[str, Any]
    cluster: str
    """The story by whose likeness it was placed: another than `story` where an operator joined the two."""


@dataclass(frozen=True, slots=True, eq=False)
class StoryRow:
    """What is stored of a story beside its members."""

    id: str
    began_at: datetime
    grew_at: datetime
    facts: Assessment
    revision: int
    archive: bool = False
    merged_into: str | None = None
    retracted_at: datetime | None = None


def begin(conn: sa.Connection, id_: str, facts: Assessment, at: datetime, *, archive: bool = False) -> None:
    """Store a new story, without members yet."""
    record = assessment_record(facts, reasons=False)
    conn.execute(stories.insert().values(id=id_, began_at=at, grew_at=at, facts=record, revision=0, archive=archive))


def seat(
    conn: sa.Connection,
    story: str,
    member: Member,
    assessment: Assessment,
    fingerprint: Record,
    cluster: str | None = None,
) -> int:
    """Put a document into a story; its number in the order of joining."""
    row = (
        members.insert()
        .values(
            story=story,
            source=member.source,
            key=member.key,
            joined_at=member.joined_at,
            member=member_record(member),
            assessment=assessment_record(_of_member(assessment)),
            fingerprint=fingerprint,
            cluster=cluster,
        )
        .returning(members.c.id)
    )
    return int(conn.execute(row).scalar_one())


def _of_member(assessment: Assessment) -> Assessment:
    """With the reasons that a story asks of its members; all of them stand with the document's change."""
    return replace(assessment, reasons=tuple(reason for reason in assessment.reasons if reason in (OWN_NAME, INFERRED)))


def reseat(conn: sa.Connection, member: Member, assessment: Assessment, fingerprint: Record) -> None:
    """The document of a member was amended: what it says now."""
    conn.execute(
        members.update()
        .where(members.c.source == member.source, members.c.key == member.key)
        .values(
            member=member_record(member),
            assessment=assessment_record(_of_member(assessment)),
            fingerprint=fingerprint,
        )
    )


def rename(conn: sa.Connection, source: str, old: str, new: str) -> None:
    """The document of a member was given a new key."""
    mine = (members.c.source == source, members.c.key == old)
    row = conn.execute(sa.select(members.c.member).where(*mine)).first()
    if row:
        conn.execute(members.update().where(*mine).values(key=new, member={**row.member, "key": new}))


def story_of(conn: sa.Connection, source: str, key: str) -> str | None:
    """The story that a document belongs to."""
    query = sa.select(members.c.story).where(members.c.source == source, members.c.key == key)
    return conn.execute(query).scalar()


def row(conn: sa.Connection, id_: str) -> StoryRow | None:
    """A stored story without its members."""
    found = conn.execute(sa.select(*_STORY).where(stories.c.id == id_)).one_or_none()
    return _row(*found) if found else None


def _as_written(column: sa.Column[Any]) -> sa.ColumnElement[str]:
    """A column of JSON as it stands in the store, not yet read."""
    return sa.cast(column, sa.Text).label(column.name)


_STORY = (
    *(stories.c.id, stories.c.began_at, stories.c.grew_at, _as_written(stories.c.facts)),
    *(stories.c.revision, stories.c.archive, stories.c.merged_into, stories.c.retracted_at),
)
_SEAT = (
    *(members.c.id, members.c.story, _as_written(members.c.member), _as_written(members.c.assessment)),
    *(_as_written(members.c.fingerprint), members.c.cluster),
)


@lru_cache(maxsize=KEPT_ROWS)
def _row(id_: str, began_at: datetime, grew_at: datetime, facts: str, *more: Any) -> StoryRow:
    return StoryRow(id_, began_at, grew_at, assessment_of(orjson.loads(facts)), *more)


def rows(conn: sa.Connection, ids: Sequence[str]) -> dict[str, tuple[StoryRow, list[Seat]]]:
    """Stored stories with their members in the order of joining, by id; ids that are not stored are left out."""
    found: dict[str, tuple[StoryRow, list[Seat]]] = {}
    for at in range(0, len(ids), BATCH):
        some = ids[at : at + BATCH]
        found |= {row.id: (_row(*row), []) for row in conn.execute(sa.select(*_STORY).where(stories.c.id.in_(some)))}
        query = sa.select(*_SEAT).where(members.c.story.in_(some)).order_by(members.c.id)
        for row in conn.execute(query):
            found[row.story][1].append(_seat(*row))
    return found


def seats(conn: sa.Connection, story: str) -> list[Seat]:
    """The members of a story in the order of joining."""
    query = sa.select(*_SEAT).where(members.c.story == story).order_by(members.c.id)
    return [_seat(*found) for found in conn.execute(query)]


def seats_since(conn: sa.Connection, after: int, joined_after: datetime) -> Iterator[Seat]:
    """Members with a higher number than `after` that joined later than `joined_after`, in order."""
    query = sa.select(*_SEAT).where(members.c.id > after, members.c.joined_at >= joined_after).order_by(members.c.id)
    return (_seat(*found) for found in conn.execute(query))


@lru_cache(maxsize=KEPT_SEATS)
def _seat(id_: int, story: str, member: str, assessment: str, fingerprint: str, cluster: str | None) -> Seat:
    said = assessment_of(orjson.loads(assessment))
    return Seat(id_, story, member_of(orjson.loads(member)), said, orjson.loads(fingerprint), cluster or story)


def join(conn: sa.Connection, away: str, into: str) -> None:
    """The documents of a story stand in another from now on; each keeps the cluster by which its like is placed."""
    cluster = sa.func.coalesce(members.c.cluster, members.c.story)
    conn.execute(members.update().where(members.c.story == away).values(story=into, cluster=cluster))
    conn.execute(stories.update().where(stories.c.merged_into == away).values(merged_into=into))
    conn.execute(stories.update().where(stories.c.id == away).values(merged_into=into))


def move(conn: sa.Connection, ids: Sequence[int], story: str) -> None:
    """Put members, by their numbers, into a story of their own."""
    conn.execute(members.update().where(members.c.id.in_(ids)).values(story=story, cluster=None))


def retract(conn: sa.Connection, id_: str, at: datetime) -> None:
    """The story was our mistake."""
    conn.execute(stories.update().where(stories.c.id == id_).values(retracted_at=at))


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
    beside: Mapping[str, Any] | None = None,
    details: list[Record] | None = None,
) -> None:
    """Store a revision with the law as it stood, the answers that it flips, and the redlines and rows of its changes:
    all that cards are rendered from. It is logged as evidence in the same transaction.

    `beside` is what a correction (`correction`) or the pointer to another story (`survivor`) says besides.
    """
    stands_beside = {"law": law, "flips": flips or [], "beside": dict(beside or {}), "details": details or []}
    conn.execute(
        alerts.insert().values(
            story=revision.story.id,
            number=revision.number,
            op=revision.op.value,
            at=revision.at,
            rise=list(revision.rise),
            revision={**revision_record(revision), **stands_beside},
        )
    )
    evidence.log_revision(conn, revision, law)


@dataclass(frozen=True, slots=True)
class Issued:
    """A stored revision, the law lines beside it, the answers that it flips, and what it says besides.

    `pending` says that at this moment a document of the story waits as a draft of the ledger; `days` are those that its
    documents name, each with what it is for; `details` are the redlines and rows of its changes.
    """

    revision: Revision
    law: list[Record]
    flips: list[Record]
    beside: Record = field(default_factory=dict)
    pending: bool = False
    days: tuple[tuple[str, date], ...] = ()
    details: list[Record] = field(default_factory=list)


def issued(conn: sa.Connection, story: str, number: int) -> Issued:
    """A stored revision with what stands beside it."""
    query = sa.select(alerts.c.revision).where(alerts.c.story == story, alerts.c.number == number)
    record = conn.execute(query).scalar_one()
    return Issued(
        revision_of(record),
        record.get("law", []),
        record.get("flips", []),
        record.get("beside", {}),
        _waits(conn, story),
        _days(conn, story),
        record.get("details", []),
    )


def newest_number(conn: sa.Connection, story: str) -> int | None:
    """The number of the newest revision of a story; None for one that was never told."""
    return conn.execute(sa.select(sa.func.max(alerts.c.number)).where(alerts.c.story == story)).scalar()


def titled(conn: sa.Connection, typed: str, limit: int) -> list[tuple[str, str]]:
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


def at_links(conn: sa.Connection, links: Iterable[str]) -> list[str]:
    """The ids of the stories that documents of these addresses tell."""
    wanted = list(links)[:MOST_LINKS]
    query = (
        sa.select(members.c.story)
        .join(documents, sa.and_(documents.c.source == members.c.source, documents.c.key == members.c.key))
        .where(documents.c.url.in_([*wanted, *(link.rstrip("/") for link in wanted)]))
    )
    return list(dict.fromkeys(conn.execute(query).scalars()))


def newest_detail(conn: sa.Connection, key: str) -> list[Record]:
    """What stands beside the newest change of a document of this key, at whatever source; empty where nothing does."""
    query = sa.select(changes.c.detail).where(changes.c.key == key, changes.c.detail.is_not(None))
    found = [detail for detail in conn.execute(query.order_by(changes.c.id.desc()).limit(5)).scalars() if detail]
    return found[:1]


def shown(conn: sa.Connection, story: str) -> list[Record]:
    """The redlines and rows that the newest revision of a story shows."""
    query = sa.select(alerts.c.revision).where(alerts.c.story == story).order_by(alerts.c.number.desc()).limit(1)
    record = conn.execute(query).scalar()
    return list(record.get("details", [])) if record else []


def analyses_since(conn: sa.Connection, moment: datetime, without: Sequence[str]) -> int:
    """How many analyses joined stories since a moment, those of the stories in `without` left out."""
    query = sa.select(members.c.assessment).where(members.c.joined_at >= moment, members.c.story.not_in(list(without)))
    return sum(record.get("kind") == Kind.ANALYSIS.value for record in conn.execute(query).scalars())


def last_told(conn: sa.Connection, story: str) -> datetime | None:
    """When the newest revision of a story was issued."""
    return conn.execute(sa.select(sa.func.max(alerts.c.at)).where(alerts.c.story == story)).scalar()


def _days(conn: sa.Connection, story: str) -> tuple[tuple[str, date], ...]:
    """The days that a story's documents name, and its stations where one of them lay on an inspection desk."""
    named = sa.select(deadlines.c.due, deadlines.c.day).where(deadlines.c.story == story).order_by(deadlines.c.day)
    lay = (
        sa.select(documents.c.details)
        .join(members, sa.and_(members.c.source == documents.c.source, members.c.key == documents.c.key))
        .where(members.c.story == story, documents.c.state == State.SCHEDULED.value)
    )
    stations = [
        (station, _day(details.get(name)))
        for details in conn.execute(lay).scalars()
        for station, name in (("filed", "filed_at"), ("published", "publication_date"))
    ]
    pairs = [*stations, *((row.due, _day(row.day)) for row in conn.execute(named))]
    return tuple((due, day) for due, day in pairs if day is not None)


def _day(stated: object) -> date | None:
    try:
        return date.fromisoformat(stated[:10]) if isinstance(stated, str) else None
    except ValueError:
        return None


def _waits(conn: sa.Connection, story: str) -> bool:
    waiting = (
        sa.select(ledger_drafts.c.id)
        .join(members, sa.and_(members.c.source == ledger_drafts.c.source, members.c.key == ledger_drafts.c.key))
        .where(members.c.story == story, ledger_drafts.c.resolved_at.is_(None))
    )
    return conn.execute(waiting.limit(1)).first() is not None


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
