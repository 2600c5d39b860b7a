"""A board that really serves, on a free port of 127.0.0.1, over the shipped knowledge and a store in a file."""

import dataclasses
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

import aiohttp
import pytest

from bot.app.week import play_in_window
from bot.clock import SetClock
from bot.commands.ask import Services
from bot.pipeline.ledger.librarian import Librarian
from bot.pipeline.operators.roster import Roster
from bot.settings import Secret, Settings
from bot.sources.curated import sources_of_text
from bot.store.engine import Store
from bot.web.health import Health, Metrics
from bot.web.server import Server

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
TOKEN = "a token that nobody guesses"
WIRE = '[[source]]\nid = "wire"\nkind = "feed"\nurl = "https://wire.example/feed"\n'


@dataclass
class Board:
    """A running board and a browser's session with it."""

    address: str
    browser: aiohttp.ClientSession
    services: Services

    async def get(self, path: str, **more: object) -> tuple[int, str]:
        async with self.browser.get(self.address + path, **more) as answer:  # type: ignore[arg-type]
            return answer.status, await answer.text()

    async def json(self, path: str) -> object:
        async with self.browser.get(self.address + path) as answer:
            assert answer.status == 200, await answer.text()
            return await answer.json(content_type=None)

    async def enter(self) -> str:
        """Sign in at the desk; the proof that its forms carry."""
        async with self.browser.post(f"{self.address}/desk/enter", data={"token": TOKEN}) as answer:
            page = await answer.text()
        return page.split('name="proof" value="', 1)[1].split('"', 1)[0] if 'name="proof"' in page else ""


@pytest.fixture
async def board(tmp_path, knowledge) -> AsyncIterator[Board]:
    settings = Settings()
    settings = dataclasses.replace(settings, desk=dataclasses.replace(settings.desk, token=Secret(TOKEN)))
    store = await Store.open(f"sqlite:///{tmp_path}/board.db", scratch=True)
    services = Services(
        store,
        SetClock(NOW),
        settings,
        Librarian(shipped=knowledge),
        roster=Roster(tuple(sources_of_text(WIRE))),
    )

    async def well() -> list[str]:
        return []

    async def nothing() -> None:
        pass

    server = Server(Health(well, well, Metrics(), nothing), services, play=partial(play_in_window, settings))
    address = await server.start("127.0.0.1", 0)
    jar = aiohttp.CookieJar(unsafe=True)
    async with aiohttp.ClientSession(cookie_jar=jar, auto_decompress=True) as browser:
        yield Board(address, browser, services)
    await server.stop()
    await store.close()
