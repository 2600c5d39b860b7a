"""Recording events of the ledger at run time: proofread, stored with who and when, and the answers that flip told."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from bot.errors import UserError
from bot.knowledge.consequences import Consequences
from bot.knowledge.entry import to_toml
from bot.knowledge.event import Event
from bot.knowledge.recorded import chip_names, examine
from bot.pipeline.ledger.consequences import consequences_of, post_consequences
from bot.pipeline.ledger.librarian import Librarian
from bot.store import audit
from bot.store import ledger as recorded_ledger
from bot.store.engine import Connection, Store

Recorded = tuple[Event, tuple[Consequences, ...]]


async def record(
    store: Store, librarian: Librarian, text: str, now: datetime, who: str, file: Path | str = "event.toml"
) -> list[Recorded]:
    """Record the events of a TOML text; each with what it flips, by the day of the change.

    From the next question on answers rest on them; a draft of the same id is settled. Raises ConfigError with the line
    of each mistake.
    """
    await librarian.refresh(store, now)
    before = librarian.knowledge
    events = examine(text, before.ledger, chip_names(before.chips), Path(file))
    after = before.with_ledger(before.ledger.with_events(events))
    found = [(event, consequences_of(before, after, event)) for event in events]

    def work(conn: Connection) -> None:
        for event, consequences in found:
            toml = to_toml([event])
            replaced = recorded_ledger.record(conn, event.id, toml, now, who)
            audit.log(conn, now, who, "ledger.add", event.id, replaced, toml)
            post_consequences(conn, event, consequences, now)

    await store.write(work)
    await librarian.refresh(store, now)
    await librarian.write_snapshot(store, now)
    return found


def flips_in(found: list[Recorded]) -> int:
    """How many answers change with what was recorded."""
    return sum(len(each.flips) for _, days in found for each in days)


def reject(conn: Connection, draft: str, now: datetime, who: str) -> None:
    """Take a draft off the list. Raises UserError where none waits under this id."""
    if not recorded_ledger.settle(conn, draft, "rejected", now):
        raise UserError("errors.no_draft", draft=draft[:80])
    audit.log(conn, now, who, "ledger.reject", draft)
