"""What this installation adds to the shipped ledger: recorded events, drafts that wait, and reports."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from bot.model import Assessment, Member
from bot.store.records import assessment_of, member_of
from bot.store.schema import ledger_drafts, ledger_events, ledger_releases, members, stories

MOST_REPORTS = 2000


@dataclass(frozen=True, slots=True)
class WaitingDraft:
    """A draft that nobody has confirmed or rejected yet; `event` is TOML."""

    id: str
    event: str
    source: str
    key: str
    drafted_at: datetime


def record(conn: sa.Connection, id_: str, toml: str, at: datetime, who: str) -> str | None:
    """Record an event; the TOML that it replaces, None for a new one. A draft of the same id is settled."""
    before = conn.execute(sa.select(ledger_events.c.event).where(ledger_events.c.id == id_)).scalar()
    conn.execute(ledger_events.delete().where(ledger_events.c.id == id_))
    conn.execute(ledger_events.insert().values(id=id_, event=toml, recorded_at=at, recorded_by=who))
    settle(conn, id_, "confirmed", at)
    return str(before) if before is not None else None


def recorded(conn: sa.Connection) -> list[str]:
    """The recorded events as TOML, in the order of recording."""
    query = sa.select(ledger_events.c.event).order_by(ledger_events.c.recorded_at, ledger_events.c.id)
    return [str(event) for event in conn.execute(query).scalars()]


def draft(conn: sa.Connection, id_: str, toml: str, source: str, key: str, at: datetime) -> bool:
    """Put a draft beside the ledger; False when one of this id is there, waiting or settled."""
    if conn.execute(sa.select(ledger_drafts.c.id).where(ledger_drafts.c.id == id_)).first():
        return False
    conn.execute(ledger_drafts.insert().values(id=id_, event=toml, source=source, key=key, drafted_at=at))
    return True


def drafts(conn: sa.Connection) -> list[WaitingDraft]:
    """The drafts that wait, oldest first."""
    columns = [ledger_drafts.c[name] for name in WaitingDraft.__slots__]
    query = sa.select(*columns).where(ledger_drafts.c.resolved_at.is_(None)).order_by(ledger_drafts.c.drafted_at)
    return [WaitingDraft(*row) for row in conn.execute(query)]


def settle(conn: sa.Connection, id_: str, resolution: str, at: datetime) -> bool:
    """End a draft's waiting: `confirmed` or `rejected`. False when none waits under this id."""
    waits = (ledger_drafts.c.id == id_, ledger_drafts.c.resolved_at.is_(None))
    done = conn.execute(ledger_drafts.update().where(*waits).values(resolved_at=at, resolution=resolution))
    return bool(done.rowcount)


def reports(conn: sa.Connection, since: datetime) -> list[tuple[str, Member, Assessment]]:
    """What stories have told since a moment: (story, member, assessment), the newest first. What we took back and the
    archive, which is the ledger itself, are left out."""
    query = (
        sa.select(members.c.story, members.c.member, members.c.assessment)
        .join(stories, stories.c.id == members.c.story)
        .where(members.c.joined_at >= since, stories.c.retracted_at.is_(None), sa.not_(stories.c.archive))
        .order_by(members.c.id.desc())
        .limit(MOST_REPORTS)
    )
    return [(story, member_of(member), assessment_of(found)) for story, member, found in conn.execute(query)]


def keep_release(conn: sa.Connection, version: str, release: str, at: datetime) -> None:
    """Keep a signed release that was pulled and found good."""
    conn.execute(ledger_releases.insert().values(version=version, release=release, received_at=at))


def newest_release(conn: sa.Connection) -> str | None:
    """The release that was pulled last, as it was signed."""
    query = sa.select(ledger_releases.c.release).order_by(ledger_releases.c.received_at.desc()).limit(1)
    found = conn.execute(query).scalar()
    return str(found) if found is not None else None
