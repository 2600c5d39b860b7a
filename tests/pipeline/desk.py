"""A desk for tests: a real store, one source and an intake, with a clock that moves half an hour a poll."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from bot.delivery.order import EVERYTHING
from bot.errors import SourceError
from bot.model import Document, State
from bot.pipeline.account import Account
from bot.pipeline.editor import Editor
from bot.pipeline.intake import Intake
from bot.pipeline.outcome import Outcome
from bot.pipeline.poll import Polled
from bot.sources.base import Reading, Source
from bot.store import sources as source_states
from bot.store import subscriptions
from bot.store.engine import Store

START = datetime(2026, 6, 1, 12, tzinfo=UTC)


class Wire(Source, kind="test_wire"):
    """A source whose readings a test hands in."""

    def requests(self):
        return iter(())

    def read(self, answer):
        return Reading()


class Desk:
    """`poll` takes a reading in and gives the outcome."""

    def __init__(self, store: Store, **options) -> None:
        self.store = store
        self.source: Source = Wire(id="wire", name="Wire", **options)
        self.intake = Intake(Editor(), Account(chance=random.Random(1)))
        self.now = START

    async def open(self) -> Desk:
        await self.store.write(lambda conn: source_states.register(conn, {"wire": "test_wire"}))
        await self.subscribe("console", **EVERYTHING)
        return self

    async def subscribe(self, channel: str, **order) -> int:
        return await self.store.write(lambda conn: subscriptions.add(conn, "console", channel, order, self.now, "test"))

    async def poll(self, *documents: Document, error: SourceError | None = None, **reading) -> Outcome:
        self.now += timedelta(minutes=30)
        polled = Polled(
            self.source,
            await self.state(),
            self.now,
            reading=None if error else Reading(documents, **reading),
            validators={"https://wire.example/feed": (f'"{self.now}"', None)},
            body_hash=str(self.now),
            error=error,
        )
        return await self.store.write(lambda conn: self.intake.take_in(conn, polled))

    async def unchanged(self) -> Outcome:
        self.now += timedelta(minutes=30)
        polled = Polled(self.source, await self.state(), self.now)
        return await self.store.write(lambda conn: self.intake.take_in(conn, polled))

    async def count(self, table: sa.Table, *where) -> int:
        query = sa.select(sa.func.count()).select_from(table).where(*where)
        return await self.store.read(lambda conn: conn.execute(query).scalar_one())

    async def state(self) -> source_states.SourceState:
        state = await self.store.read(lambda conn: source_states.state_of(conn, "wire"))
        assert state is not None
        return state


def news(
    key: str, title: str = "", *, aliases: tuple[str, ...] | None = None, state: State = State.CURRENT
) -> Document:
    """A document that is about the export of AI chips."""
    return Document(
        source="wire",
        key=key,
        title=title or f"US tightens licence rules for Nvidia H20 chip exports to China, part {key}",
        url=f"https://wire.example/{key}",
        published=START,
        aliases=(f"link:wire.example/{key}",) if aliases is None else aliases,
        state=state,
    )


def later(document: Document, hours: float) -> Document:
    """The same document, published later."""
    return replace(document, published=START + timedelta(hours=hours))


def gossip(key: str) -> Document:
    """A document that is about something else."""
    return news(key, f"New recipes for potato salad, part {key}")
