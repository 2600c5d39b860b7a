"""A platform in memory for the tests of the outbox: it keeps what it is given, and fails as a test wants."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import sqlalchemy as sa

from bot.cards.card import Card, plain
from bot.clock import SetClock
from bot.delivery.outbox import Outbox, Patience
from bot.delivery.platform import Limits, MessageRef, Outgoing, Surroundings
from bot.delivery.presence import Keeping, Presence
from bot.delivery.timing import Burst
from bot.errors import DeliveryError
from bot.store import schema
from tests.pipeline.desk import Desk


class Chat:
    """`troubles` are raised in turn; `shut` channels raise their error each time."""

    name = "console"

    def __init__(self, *troubles: Exception, can_tell: bool = True, limits: Limits | None = None) -> None:
        self.troubles = list(troubles)
        self.can_tell = can_tell
        self.limits = limits or Limits()
        self.posted: list[tuple[str, str, str]] = []
        self.messages: list[tuple[str, Outgoing]] = []
        self.waits: dict[str, float] = {}
        self.shut: dict[str, DeliveryError] = {}
        self.told: list[tuple[str, Card]] = []
        self.published: list[str] = []

    async def _take(self, op: str, message: Outgoing) -> MessageRef:
        await asyncio.sleep(self.waits.get(message.channel, 0))
        if message.channel in self.shut:
            raise self.shut[message.channel]
        if self.troubles:
            raise self.troubles.pop(0)
        self.posted.append((op, message.channel, message.key))
        self.messages.append((op, message))
        return MessageRef(message.channel, f"{op}-{len(self.posted)}")

    async def send(self, message: Outgoing) -> MessageRef:
        return await self._take("post", message)

    async def edit(self, head: MessageRef, message: Outgoing) -> MessageRef:
        await self._take("edit", message)
        return head

    async def reply(self, head: MessageRef, message: Outgoing) -> MessageRef:
        return await self._take("reply", message)

    async def find(self, channel: str, key: str, since: datetime, head: MessageRef | None = None) -> MessageRef | None:
        if not self.can_tell:
            raise DeliveryError("no means to tell", unknown=True)
        found = next((entry for entry in self.posted if entry[2] == key), None)
        return MessageRef(channel, "found") if found else None

    async def publish(self, ref: MessageRef) -> None:
        self.published.append(ref.message)

    async def surroundings(self, channel: str, workspace: str = "") -> Surroundings:
        if channel in self.shut:
            raise self.shut[channel]
        return Surroundings(channel, "text", post=True, thread=True, mention=True, publish=True)

    async def tell(self, person: str, card: Card, key: str) -> MessageRef:
        self.told.append((person, card))
        return MessageRef(person, key)

    def link(self, ref: MessageRef, workspace: str = "") -> str | None:
        return None

    @property
    def ops(self) -> list[str]:
        return [op for op, _, _ in self.posted]

    def titles(self, channel: str, op: str = "post") -> list[str]:
        """The headlines that stand in a channel."""
        return [plain(m.card.title) for done, m in self.messages if m.channel == channel and done == op]


class Post:
    """A desk's outbox on a clock of its own."""

    def __init__(self, desk: Desk, chat: Chat, burst: Burst | None = None, **patience) -> None:
        self.clock = SetClock(desk.now)
        self.ends: list[tuple[str, str]] = []
        self.desk = desk
        self.presence = Presence(desk.store, {"console": chat}, self.clock, Keeping())
        self.outbox = Outbox(
            desk.store,
            {"console": chat},
            self.clock,
            "here",
            Patience(**patience),
            burst or Burst(),
            self.presence,
            report=lambda delivery, end, reason: self.ends.append((end, reason)),
        )

    async def drain(self, after: timedelta = timedelta(0)) -> list[str]:
        self.clock.set(max(self.clock.now() + after, self.desk.now))
        self.ends.clear()
        await self.outbox.drain()
        return [end for end, _ in self.ends]

    async def states(self) -> list[str]:
        query = sa.select(schema.deliveries.c.state).order_by(schema.deliveries.c.id)
        return await self.desk.store.read(lambda conn: list(conn.execute(query).scalars()))
