from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.store.engine import Store
from tests.pipeline.desk import Desk


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    """A desk whose publisher has been read once, with a console channel that gets everything."""
    store = await Store.open(f"sqlite:///{tmp_path}/store.db", scratch=True)
    desk = await Desk(store).open()
    await desk.poll()
    yield desk
    await store.close()
