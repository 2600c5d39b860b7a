"""Keeps the knowledge of a running bot current: the shipped ledger, what was recorded over it, and the small file
beside the store from which commands answer without opening it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import sqlalchemy as sa

from bot.clock import day_of
from bot.knowledge.ledger import Ledger, load_ledger
from bot.knowledge.library import Knowledge
from bot.knowledge.recorded import read_events
from bot.knowledge.snapshot import Report, Snapshot, snapshot_path
from bot.model import Assessment
from bot.pipeline.law import law_from
from bot.store import ledger as recorded_ledger
from bot.store.engine import Store
from bot.store.records import Record

REPORTED = timedelta(days=120)


@dataclass(slots=True)
class Librarian:
    """`knowledge` is what answers are given from at this moment; `refresh` takes up what has been recorded since."""

    shipped: Ledger = field(default_factory=load_ledger)
    knowledge: Knowledge = field(init=False)

    def __post_init__(self) -> None:
        self.knowledge = Knowledge.load(self.shipped)

    def law_of(self, facts: Assessment, at: datetime) -> list[Record]:
        """The law beside a story; see `LawOf`."""
        return law_from(self.knowledge)(facts, at)

    async def refresh(self, store: Store) -> None:
        """Lay the recorded events over the shipped ledger."""
        texts = await store.read(recorded_ledger.recorded)
        events = [event for text in texts for event in read_events(text)]
        self.knowledge = self.knowledge.with_ledger(self.shipped.with_events(events) if events else self.shipped)

    async def write_snapshot(self, store: Store, now: datetime) -> Path | None:
        """Rewrite the file beside an SQLite store; where it lies, None for a store without one."""
        path = snapshot_path(store.url.render_as_string(hide_password=False))
        if path is None:
            return None
        snapshot = await store.read(lambda conn: snapshot_of(conn, now))
        fresh = path.with_name(path.name + ".new")
        fresh.write_bytes(snapshot.to_bytes())
        fresh.replace(path)
        return path


def snapshot_of(conn: sa.Connection, now: datetime) -> Snapshot:
    """What a store adds to the shipped knowledge."""
    events = [event for text in recorded_ledger.recorded(conn) for event in read_events(text)]
    reports = [
        Report(
            title=member.title,
            url=member.url or "",
            source=member.source_name,
            trust=facts.trust.value,
            at=day_of(member.published or member.joined_at),
            chips=facts.chips,
            destinations=facts.destinations,
            story=story,
        )
        for story, member, facts in recorded_ledger.reports(conn, now - REPORTED)
        if facts.chips and facts.destinations
    ]
    return Snapshot(tuple(events), tuple(reports))
