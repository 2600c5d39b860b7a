from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.store.engine import Store
from tests.pipeline.desk import Desk


@pytest.fixture
async def desk(store_url: str) -> AsyncIterator[Desk]:
    """A desk whose publisher has been read once, with a console channel that gets everything."""
    store = await Store.open(store_url, scratch=True)
    desk = await Desk(store).open()
    await desk.poll()
    yield desk
    await store.close()
