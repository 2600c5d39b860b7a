"""Answers of a bot that runs: commands asked at a real desk over a fresh store with the archive in it."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from bot.cards.card import Card
from bot.cards.ledger_age import with_ledger_age
from bot.cards.pulse import Beat, pulse_card
from bot.cards.tables import SourceHealth
from bot.clock import SetClock
from bot.commands.ask import Ask, Person, Services, Where
from bot.commands.desk import Desk
from bot.delivery.platform import MessageRef, Outgoing, Surroundings
from bot.knowledge.dated import calendar
from bot.knowledge.library import Knowledge
from bot.knowledge.scheduled import Outcome
from bot.model import Health, Severity
from bot.pipeline.ledger.archive import keep_archive
from bot.pipeline.ledger.librarian import Librarian
from bot.settings import Settings
from bot.sources.curated import load_sources
from bot.store import workspaces
from bot.store.engine import Store
from bot.store.pulse import Count

HERE = "2"
SOURCES = Path(__file__).resolve().parents[2] / "config" / "sources"


class _Room:
    """A channel in which everything may be done but mentioning roles."""

    name = "discord"

    async def send(self, message: Outgoing) -> MessageRef:
        return MessageRef(message.channel, "1")

    async def surroundings(self, channel: str, workspace: str = "") -> Surroundings:
        name = "chip-news" if channel == HERE else channel
        return Surroundings(name, "text", post=True, thread=True, mention=False, publish=False, workspace="1")


def follow(known: Knowledge, language: str, today: date) -> Card:
    """`/chipwatch follow preset:headlines` on a day, in a server whose notices go to #mods."""
    return asyncio.run(_asked(known, language, today, "chipwatch.follow", {"preset": "headlines"}))


def status(known: Knowledge, language: str, today: date, arguments: Mapping[str, str]) -> Card:
    """`/chip status` with its options, of a bot whose log begins on the day on which it is asked."""
    return asyncio.run(_asked(known, language, today, "chip.status", arguments))


def customise(known: Knowledge, language: str, today: date, step: str) -> Card:
    """A step of Customise, some of it chosen, in a bot that reads the shipped sources."""
    chosen = {"chips": ("H20", "H200", "B30A"), "destinations": ("CN", "MY"), "reminders": ("3", "30")}
    presses = [("order_set", {"field": field, "chosen": values}) for field, values in chosen.items()]
    return asyncio.run(
        _asked(known, language, today, "customise", {"preset": "headlines"}, (*presses, (f"order_{step}", {})))
    )


async def _asked(
    known: Knowledge,
    language: str,
    today: date,
    path: str,
    arguments: Mapping[str, str],
    presses: Sequence[tuple[str, Mapping[str, Any]]] = (),
) -> Card:
    """The answer to a command, or the card after the last of the presses under it; each knows the first's draft."""
    now = datetime.combine(today, time(9), UTC)
    with tempfile.TemporaryDirectory(prefix="chipwatch-gallery-") as folder:
        store = await Store.open(f"sqlite:///{folder}/gallery.db", scratch=True)
        try:
            await store.write(lambda conn: keep_archive(conn, known.ledger, now))
            kept = {"language": language, "time_zone": "Europe/Berlin"}
            await store.write(lambda conn: workspaces.change(conn, "discord", "1", now, kept))
            await store.write(lambda conn: workspaces.send_notices_to(conn, "discord", "1", "#mods"))
            services = Services(store, SetClock(now), Settings(), Librarian(shipped=known))
            services.platforms = {"discord": _Room()}  # type: ignore[dict-item]
            manager, here = Person("1", "Ada", manages=True), Where("discord", "1", HERE)
            services.sources = {source.id: source for source in load_sources(SOURCES) if source.enabled}
            desk, ask = Desk(), Ask(manager, here, language, services)
            reply = await desk.answer(ask, path, arguments)
            for action, values in presses:
                draft = next(dict(each.values)["draft"] for each in reply.cards[0].buttons)
                reply = await desk.answer(ask, action, {"draft": draft, **values})
            return reply.cards[0]
        finally:
            await store.close()


def pulse(known: Knowledge, language: str, today: date) -> Card:
    """`/chip pulse` in a quiet month; what was read and which source is silent is made up, dates are the ledger's."""
    now = datetime.combine(today, time(9), UTC)
    rows = calendar(known.ledger, (), today)
    good = [SourceHealth(f"Source {number}", Health.OK, now) for number in range(46)]
    beat = Beat(
        counted=Count(now - timedelta(days=24), 3418, 61, Severity.NORMAL),
        sources=(*good, SourceHealth("MITI Malaysia", Health.STALE, now - timedelta(days=3))),
        dates=[row for row in rows if row["state"] == Outcome.AHEAD][:3],
        unanswered=[row for row in rows if row["state"] == Outcome.NOT_RECORDED][-1:],
        ear=datetime(2026, 1, 15, tzinfo=UTC),
        ear_title="15 CFR part 742",
    )
    return with_ledger_age(pulse_card(beat, language, now=now), known.ledger.as_of, today)
