from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.store.engine import Store
from tests.pipeline.desk import Desk


@pytest.fixture
async def desk(store_url: str) -> AsyncIterator[Desk]:
    store = await Store.open(store_url, scratch=True)
    yield await Desk(store).open()
    await store.close()


@pytest.fixture
async def one_desk(tmp_path: Path) -> AsyncIterator[Desk]:
    """The same on SQLite alone: for what no database decides."""
    store = await Store.open(f"sqlite:///{tmp_path}/one.db", scratch=True)
    yield await Desk(store).open()
    await store.close()
