"""The one web application of a bot: health and metrics, the board, and whatever doors other rooms hang into it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from aiohttp import web

from bot.commands.ask import Services
from bot.errors import ConfigError
from bot.web.health import Health

if TYPE_CHECKING:
    from bot.web.trial import Play

Doors = Callable[[web.Application], None]
"""Adds routes: Slack's addresses, the operators' desk."""

HEADER_SECONDS = 15.0
"""How long a client may take over a request, and between two on one connection."""


@dataclass(slots=True)
class Server:
    """Serves `health` always and the board where there are `services`."""

    health: Health
    services: Services | None = None
    doors: Sequence[Doors] = field(default_factory=tuple)
    play: Play | None = None
    """Plays the bundled week for a visitor of `/try`."""
    _runner: web.AppRunner | None = None

    def application(self) -> web.Application:
        """All routes of this process."""
        if self.services is None:
            app = web.Application(client_max_size=16 * 1024)
        else:
            from bot.web import board
            from bot.web.assets import Assets
            from bot.web.desk.entrance import Entrance
            from bot.web.desk.rooms import Desk
            from bot.web.feeds import add_feeds
            from bot.web.guard import LARGEST_ANY, guards
            from bot.web.openapi import add_description
            from bot.web.pages import add_pages
            from bot.web.trial import Trial

            app = web.Application(client_max_size=LARGEST_ANY, middlewares=guards(self.services))
            add_pages(app, self.services, board.PAGES)
            add_feeds(app, self.services)
            add_description(app, board.PAGES)
            Assets().add_to(app)
            Trial(self.services, self.play).add_to(app)
            Desk(self.services, Entrance(self.services.settings.desk.token, self.services.clock)).add_to(app)
        self.health.add_to(app)
        for door in self.doors:
            door(app)
        return app

    async def start(self, host: str, port: int) -> str:
        """Serve; the address. Raises ConfigError when the port is taken."""
        self._runner = web.AppRunner(
            self.application(),
            access_log=None,
            handle_signals=False,
            keepalive_timeout=HEADER_SECONDS,
            max_line_size=8190,
            max_field_size=8190,
        )
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, host, port).start()
        except OSError as error:
            await self._runner.cleanup()
            raise ConfigError(
                f"web.port: {host}:{port} cannot be served ({error.strerror}); set another one: CHIPWATCH_WEB__PORT"
            ) from error
        shown = f"[{host}]" if ":" in host else host
        return f"http://{shown}:{self._runner.addresses[0][1]}"

    async def stop(self) -> None:
        """Stop serving."""
        if self._runner is not None:
            await self._runner.cleanup()
