from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.store.engine import Store
from tests.pipeline.desk import Desk


@pytest.fixture
async def desk(store_url: str) -> AsyncIterator[Desk]:
    store = await Store.open(store_url, scratch=True)
    yield await Desk(store).open()
    await store.close()
