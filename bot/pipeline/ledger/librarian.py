"""Keeps the knowledge of a running bot current: the shipped ledger, what was recorded over it, and the small file
beside the store from which commands answer without opening it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from bot.clock import day_of
from bot.fetch.exchange import Request, Transport
from bot.knowledge.ledger import Ledger
from bot.knowledge.library import Knowledge
from bot.knowledge.recorded import read_events
from bot.knowledge.release import MAX_BYTES as RELEASE_BYTES
from bot.knowledge.release import ReleaseError, verify
from bot.knowledge.snapshot import Report, Snapshot, snapshot_path
from bot.model import Assessment
from bot.pipeline.ledger.law import law_from
from bot.store import audit, evidence
from bot.store import calendar as kept_calendar
from bot.store import ledger as recorded_ledger
from bot.store.engine import Connection, Store
from bot.store.records import Record

REPORTED = timedelta(days=120)


@dataclass(slots=True)
class Librarian:
    """`knowledge` is what answers are given from at this moment; `refresh` takes up what has been recorded since.

    `keys` are the public keys (Ed25519, 32 bytes) that may sign releases of the ledger; `shipped` is where it begins.
    """

    keys: tuple[bytes, ...] = ()
    shipped: Knowledge = field(default_factory=Knowledge.load)
    knowledge: Knowledge = field(init=False)
    _in_use: str = ""
    """Digest of the ledger that the evidence was last told of."""

    def __post_init__(self) -> None:
        self.knowledge = self.shipped

    def law_of(self, facts: Assessment, at: datetime) -> list[Record]:
        """The law beside a story; see `LawOf`."""
        return law_from(self.knowledge)(facts, at)

    async def refresh(self, store: Store, now: datetime) -> None:
        """Take up the newest release and the recorded events. Where there is nothing new the knowledge stays the same
        object, and so does all that was worked out from it."""
        found = await store.read(lambda conn: self.snapshot_of(conn, now))
        ledger = found.over(self.shipped.ledger)
        if ledger.digest != self.knowledge.ledger.digest:
            self.knowledge = self.shipped.with_ledger(ledger)
        if ledger.digest != self._in_use:
            named = (ledger.version, ledger.digest, ledger.as_of.isoformat(), now)
            await store.write(lambda conn: evidence.use_ledger(conn, *named))
            self._in_use = ledger.digest

    async def pull(self, transport: Transport, store: Store, url: str, now: datetime) -> str | None:
        """Ask for a release of the ledger and keep it when it is good and new; its version, None for nothing new.

        Raises SourceError when the address does not answer, ReleaseError when what it gives is refused.
        """
        answer = await transport.get(Request(url, max_bytes=RELEASE_BYTES))
        in_use = self.knowledge.ledger.version
        try:
            release = verify(answer.body, self.keys, in_use)
        except ReleaseError as error:
            if error.name == "old_version" and f"version {in_use} " in error.detail:
                return None
            raise
        text = answer.body.decode()

        def keep(conn: Connection) -> None:
            recorded_ledger.keep_release(conn, release.version, text, now)
            audit.log(conn, now, f"key {release.key}", "ledger.release", release.version, in_use, release.version)

        await store.write(keep)
        await self.refresh(store, now)
        return release.version

    async def write_snapshot(self, store: Store, now: datetime) -> Path | None:
        """Rewrite the file beside an SQLite store; where it lies, None for a store without one."""
        path = snapshot_path(store.url.render_as_string(hide_password=False))
        if path is None:
            return None
        snapshot = await store.read(lambda conn: self.snapshot_of(conn, now))
        fresh = path.with_name(path.name + ".new")
        fresh.write_bytes(snapshot.to_bytes())
        fresh.replace(path)
        return path

    def snapshot_of(self, conn: Connection, now: datetime) -> Snapshot:
        """What a store adds to the shipped knowledge. A release whose key is not trusted any more is left out."""
        events = [event for text in recorded_ledger.recorded(conn) for event in read_events(text)]
        reports = tuple(
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
        )
        dated = tuple(kept_calendar.dated(conn, now.date()))
        return Snapshot(tuple(events), reports, dated, self._release(conn))

    def _release(self, conn: Connection) -> Ledger | None:
        kept = recorded_ledger.newest_release(conn)
        if kept is None:
            return None
        try:
            return verify(kept.encode(), self.keys, self.shipped.ledger.version).ledger()
        except ReleaseError:
            return None
