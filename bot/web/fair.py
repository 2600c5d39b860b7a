"""The board of the demonstration: over the store of the week that is played, with today's date, gone afterwards."""

from __future__ import annotations

from dataclasses import dataclass

from bot.clock import SystemClock
from bot.commands.ask import Services
from bot.errors import ConfigError
from bot.pipeline.ledger.librarian import Librarian
from bot.settings import Settings
from bot.store.engine import Store
from bot.web.health import Health, Metrics
from bot.web.server import Server
from bot.web.trial import Play


@dataclass(slots=True)
class Fair:
    """Serves where the settings say, on any free port where that one is taken."""

    store: Store
    settings: Settings
    librarian: Librarian
    play: Play
    _server: Server | None = None

    async def open(self) -> str:
        """Serve; the address."""
        services = Services(self.store, SystemClock(), self.settings, self.librarian)

        async def well() -> list[str]:
            return []

        async def nothing() -> None:
            """Nothing is counted here."""

        web = self.settings.web
        self._server = Server(Health(well, well, Metrics(), nothing), services, play=self.play)
        try:
            return await self._server.start(web.host, web.port)
        except ConfigError:
            return await self._server.start(web.host, 0)

    async def close(self) -> None:
        """Stop serving."""
        if self._server is not None:
            await self._server.stop()
