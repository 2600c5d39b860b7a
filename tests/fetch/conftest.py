from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.fetch.network import Network
from tests.fakes.publisher import Publisher


@pytest.fixture
async def publisher() -> AsyncIterator[Publisher]:
    fake = Publisher()
    await fake.start()
    yield fake
    await fake.stop()


@pytest.fixture
async def network() -> AsyncIterator[Network]:
    client = Network(user_agent="Chipwatch/test", contact="ops@x.example", allow_private=("127.0.0.1",))
    yield client
    await client.close()
