"""Fixtures that every room's tests share."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hypothesis import settings

from bot.fetch.network import Network
from bot.knowledge.library import Knowledge
from bot.store.engine import Store
from tests.databases import postgres, store_url
from tests.fakes.publisher import Publisher

__all__ = ["postgres", "shared", "store_url"]

ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("SHARED_MATERIAL", ROOT.parent / "shared"))

for name in [name for name in os.environ if name.startswith("CHIPWATCH_") and not name.startswith("CHIPWATCH_TEST_")]:
    del os.environ[name]  # the settings of whoever runs the tests are not the ones under test


# The same examples for every change, so that none fails by chance; `make fuzz` looks for new ones.
settings.register_profile("every change", derandomize=True)
if "CHIPWATCH_TEST_MUTATIONS" not in os.environ:
    settings.load_profile("every change")


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of recorded answers, corpora and specifications that may lie beside the checkout."""
    if not SHARED.is_dir():
        pytest.skip(f"the recordings are not here: no folder {SHARED}")
    return SHARED


@pytest.fixture(scope="session")
def knowledge() -> Knowledge:
    """The shipped knowledge: loading it takes longer than most tests, and nobody changes it."""
    return Knowledge.load()


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    """An empty store in a file of SQLite."""
    opened = await Store.open(f"sqlite:///{tmp_path}/store.db", scratch=True)
    yield opened
    await opened.close()


@pytest.fixture
async def publisher() -> AsyncIterator[Publisher]:
    """A publisher that answers over HTTP."""
    fake = Publisher()
    await fake.start()
    yield fake
    await fake.stop()


@pytest.fixture
async def network() -> AsyncIterator[Network]:
    """The client to publishers, which may ask this machine."""
    client = Network(user_agent="Chipwatch/test", contact="ops@x.example", allow_private=("127.0.0.1",))
    yield client
    await client.close()
