from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.store.engine import Store


@pytest.fixture
async def store(store_url: str) -> AsyncIterator[Store]:
    opened = await Store.open(store_url)
    yield opened
    await opened.close()
