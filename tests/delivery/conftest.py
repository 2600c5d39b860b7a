from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.store.engine import Store
from tests.pipeline.desk import Desk


@pytest.fixture
async def desk(store_url: str) -> AsyncIterator[Desk]:
    """A desk whose publisher has been read once, with a console channel that gets everything."""
    async with opened(store_url) as desk:
        yield desk


@pytest.fixture
async def one_desk(tmp_path: Path) -> AsyncIterator[Desk]:
    """The same on SQLite alone: for what no database decides."""
    async with opened(f"sqlite:///{tmp_path}/one.db") as desk:
        yield desk


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Desk]:
    store = await Store.open(url, scratch=True)
    desk = await Desk(store).open()
    await desk.poll()
    yield desk
    await store.close()
