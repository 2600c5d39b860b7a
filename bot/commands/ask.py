"""Who asks what, where, and with what at hand: all that a command may know."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from bot.errors import UserError
from bot.logs import logger

if TYPE_CHECKING:
    from bot.cards.charts.painter import Painter
    from bot.clock import Clock
    from bot.delivery.platform import Platform
    from bot.fetch.exchange import Transport
    from bot.knowledge.library import Knowledge
    from bot.pipeline.ledger.librarian import Librarian
    from bot.pipeline.operators.roster import Roster
    from bot.settings import Settings
    from bot.sources.base import Source
    from bot.store.engine import Store


@dataclass(frozen=True, slots=True)
class Person:
    """Who asks, in the platform's own terms. `manages` is what the platform says of this person in this channel at
    this moment (Manage Channels, an owner, a role from the settings); `operates` that he is one of the operators."""

    id: str
    name: str = ""
    manages: bool = False
    operates: bool = False
    roles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Where:
    """Where somebody asks. `channel` is empty where the bot cannot post (a direct message of a user's own install)."""

    platform: str
    workspace: str = ""
    channel: str = ""
    thread: str = ""
    direct: bool = False
    recorded: bool = True
    """Whether anything is written: not where anybody asks without an account, as often as he likes. There all share one
    name, and what one of them left the next would find."""
    language: str = ""
    """The place's own, as the platform has it; empty where it says nothing."""


async def _nothing() -> None:
    """Nobody needs to hear of it."""


@dataclass(slots=True)
class Services:
    """What commands work with; one for the whole process."""

    store: Store
    clock: Clock
    settings: Settings
    librarian: Librarian
    """Who has the knowledge of this moment, and takes up what is recorded."""
    sources: Mapping[str, Source] = field(default_factory=dict)
    platforms: Mapping[str, Platform] = field(default_factory=dict)
    painter: Painter | None = None
    """Draws the pictures of answers; without one they are told in words."""
    roster: Roster | None = None
    """Which sources are polled; None where nothing is."""
    transport: Transport | None = None
    """The client to publishers; None where nobody may be asked."""
    wake: Callable[[], None] = lambda: None
    """To be called when something was put into the outbox."""
    roster_changed: Callable[[], Awaitable[None]] = _nothing
    """To be called when sources were added, paused or resumed."""
    log: Any = field(default_factory=lambda: logger("commands"))
    _later: set[asyncio.Task[None]] = field(default_factory=set)

    @property
    def knowledge(self) -> Knowledge:
        """What answers rest on at this moment."""
        return self.librarian.knowledge

    def later(self, work: Coroutine[Any, Any, None]) -> None:
        """Do something after the answer, which does not wait for it; what fails is logged."""

        async def do() -> None:
            try:
                await work
            except Exception as error:
                self.log.error("after_the_answer", exc_info=error)

        task = asyncio.get_running_loop().create_task(do())
        self._later.add(task)
        task.add_done_callback(self._later.discard)

    async def settled(self) -> None:
        """Wait until nothing is left to do after answers; before the store closes."""
        while self._later:
            await asyncio.gather(*self._later)


@dataclass(frozen=True, slots=True)
class Ask:
    """One question. `language` is the reader's; an answer for all to see is given in the channel's (`share`)."""

    person: Person
    where: Where
    language: str
    services: Services
    time_zone: str = "UTC"
    message: str = ""
    """The message whose button was pressed or that a menu was opened on, in the platform's own terms."""

    @property
    def knowledge(self) -> Knowledge:
        return self.services.knowledge

    @property
    def store(self) -> Store:
        """The store; where nobody has an account it can be read, and writing raises UserError `errors.only_tried`."""
        store = self.services.store
        return store if self.where.recorded else store.only_read(lambda: UserError("errors.only_tried"))

    @property
    def now(self) -> datetime:
        return self.services.clock.now()

    @property
    def today(self) -> date:
        return self.now.date()
