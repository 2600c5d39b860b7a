"""Stories and their members. What was told of them is in `store.revisions`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Any

import orjson
import sqlalchemy as sa

from bot.model import INFERRED, OWN_NAME, Assessment, Kind, Member
from bot.store.records import (
    Record,
    assessment_of,
    assessment_record,
    member_of,
    member_record,
)
from bot.store.schema import documents, members, stories

BATCH = 400
"""Ids in one IN (...)."""
SCANNED = 2000
"""Newest titles that are read for suggestions."""
MOST_LINKS = 50
KEPT_SEATS, KEPT_ROWS = 512, 256
"""Members and stories that are kept as they were read, each by all that is stored of it: some kilobytes a member. What
is stored in other words is read anew, so that nothing kept is ever old; what is stored in the same words is the same
object."""
IDENTITY = "identity"
"""Beside a seat's fingerprint: the names that its document has everywhere."""


@dataclass(frozen=True, slots=True, eq=False)
class Seat:
    """A member of a stored story with what the story logic needs of it."""

    id: int
    story: str
    member: Member
    assessment: Assessment
    fingerprint: str
    """As JSON; `{}` for the ledger's own alerts, which are no documents that others could tell."""
    cluster: str
    """The story by whose likeness it was placed: another than `story` where an operator joined the two."""
    names: tuple[str, ...] = ()
    """What its document is called everywhere (`IDENTITY`)."""
    by_address: bool = True
    """Whether its address says which document it is: of the changes of one page it says nothing."""


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
    said, seen = assessment_of(orjson.loads(assessment)), orjson.loads(fingerprint)
    names, by_address = tuple(seen.get(IDENTITY) or ()), bool(seen.get("link", True))
    return Seat(id_, story, member_of(orjson.loads(member)), said, fingerprint, cluster or story, names, by_address)


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


def analyses_since(conn: sa.Connection, moment: datetime, without: Sequence[str]) -> int:
    """How many analyses joined stories since a moment, those of the stories in `without` left out."""
    query = sa.select(members.c.assessment).where(members.c.joined_at >= moment, members.c.story.not_in(list(without)))
    return sum(record.get("kind") == Kind.ANALYSIS.value for record in conn.execute(query).scalars())
