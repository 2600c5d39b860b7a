"""What a simulated month promises, and the count of what was kept."""

from __future__ import annotations

import resource
import time
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from bot.delivery.hours import quiet_until
from bot.delivery.order import Order
from bot.store import schema
from bot.store.copies import problems
from bot.store.engine import Connection, Store
from tests.faults.chat_server import ChatServer
from tests.faults.newsroom import Newsroom
from tests.faults.story_chat import ORDERS, StoryChat


@dataclass(slots=True)
class Report:
    """What a month came to. All but the counts of what happened must be 0."""

    days: int
    ticks: int = 0
    polls: int = 0
    documents: int = 0
    stories: int = 0
    messages: int = 0
    edits: int = 0
    unknown: int = 0
    """Messages of which the second platform cannot tell whether it has them: never sent twice."""
    faults: Counter[str] = field(default_factory=Counter)
    lost_documents: int = 0
    untold: int = 0
    told_twice: int = 0
    doubled: int = 0
    unsettled: int = 0
    leases: int = 0
    troubles: int = 0
    late_polls: int = 0
    in_quiet_hours: int = 0
    late_digests: int = 0
    memory: list[float] = field(default_factory=list)
    """MiB at the end of each day."""

    @property
    def broken(self) -> dict[str, int]:
        """The promises that did not hold."""
        names = (
            "lost_documents",
            "untold",
            "told_twice",
            "doubled",
            "unsettled",
            "leases",
            "troubles",
            "late_polls",
            "in_quiet_hours",
            "late_digests",
        )
        return {name: getattr(self, name) for name in names if getattr(self, name)}


async def reckon(
    report: Report, store: Store, newsroom: Newsroom, servers: Mapping[str, ChatServer], chats: Mapping[str, StoryChat]
) -> None:
    """Compare what was published with what is stored, and what is stored with what stands in the channels."""
    tables = schema

    def read(conn: Connection) -> tuple[Any, ...]:
        sent, orders = tables.deliveries.c, tables.subscriptions.c
        wanted = (sent.story, sent.op, sent.state, sent.lease_owner, orders.platform, orders.channel)
        rows = conn.execute(sa.select(*wanted).join(tables.subscriptions)).all()
        known = conn.execute(sa.select(tables.documents.c.source, tables.documents.c.key)).all()
        ours = tables.members.c.source.in_(list(newsroom.items))  # the ledger's past has stories of its own
        members = conn.execute(sa.select(tables.members.c.story).where(ours).distinct()).scalars().all()
        leased = conn.execute(
            sa.select(sa.func.count()).select_from(tables.sources).where(tables.sources.c.lease_owner.is_not(None))
        ).scalar_one()
        return rows, {tuple(each) for each in known}, set(members), leased, problems(conn)

    rows, known, stories, leased, troubles = await store.read(read)
    wanted = {(name, f"i{n}") for name, items in newsroom.items.items() for _, n in items}
    report.lost_documents = len(wanted - {(s, k.rpartition(":")[2]) for s, k in known} - known)
    report.documents, report.stories = len(known), len(stories)
    report.leases = leased + sum(row.lease_owner is not None for row in rows)
    report.troubles = len(troubles)
    states = Counter(row.state for row in rows)
    report.unknown = states["unknown"]
    report.unsettled = sum(states[name] for name in ("due", "sending", "scheduled", "held", "paused", "gave_up"))
    posts = Counter((row.story, row.platform, row.channel) for row in rows if row.op == "post" and row.story)
    report.told_twice = sum(count > 1 for count in posts.values())
    unsure = {(row.platform, row.channel) for row in rows if row.state in ("unknown", "gave_up")}
    for name, server in servers.items():
        report.messages += len(server.messages)
        report.edits += server.edits
        report.doubled += server.doubled()
        for channel in ORDERS:
            if (name, channel) not in unsure:
                report.untold += len(stories - server.told(channel))
    _count_hours(report, chats.values())


def _count_hours(report: Report, chats: Iterable[StoryChat]) -> None:
    """Quiet hours and digests, by the bot's own clock; a digest may be late by what failed."""
    for chat in chats:
        for do, channel, at in chat.tried:
            order, zone = ORDERS[channel]
            if do == "post" and quiet_until(Order.of(order).quiet, zone, at) is not None:
                report.in_quiet_hours += 1
            if order.get("pace") and do == "post":
                local = at.astimezone(ZoneInfo(zone))
                late = local - local.replace(hour=int(order["at"][:2]), minute=0, second=0, microsecond=0)
                if not timedelta(0) <= late <= timedelta(hours=6) or local.weekday() not in (
                    (order["weekday"],) if "weekday" in order else range(7)
                ):
                    report.late_digests += 1


def memory_mib() -> float:
    """What this process holds now."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() / 1048576


def told(name: str, report: Report, began: float, cpu: float) -> None:
    """A report for people."""
    print(f"{name}: {report.days} days in {time.monotonic() - began:.0f} s, {time.process_time() - cpu:.0f} s of CPU")
    print(
        f"  {report.polls} polls, {report.documents} documents, {report.stories} stories, {report.messages} messages, "
        f"{report.edits} edits, {report.unknown} of which one platform cannot tell"
    )
    print(f"  faults: {dict(sorted(report.faults.items()))}")
    steady = report.memory[len(report.memory) // 3 :]
    if len(steady) > 1:
        print(f"  memory: {steady[0]:.1f} MiB after a third, {steady[-1]:.1f} MiB at the end")
    print(f"  broken promises: {report.broken or 'none'}", flush=True)
