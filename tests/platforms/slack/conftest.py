"""What Slack's tests share: the checker of payloads that the project did not write."""

import importlib.util
import warnings
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from bot.knowledge.library import Knowledge
from tests.fakes.slack import FakeSlack
from tests.platforms.slack.office import Office, office

Check = Callable[[Any], list[str]]


@pytest.fixture(scope="session")
def checker(shared: Path) -> ModuleType:
    """`slack_block_check`: Slack's own types, SDK and manifest schema, and the documented limits."""
    spec = importlib.util.spec_from_file_location("slack_block_check", shared / "platform" / "slack_block_check.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # it leaves its schema to the collector
        spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def check(checker: ModuleType) -> Check:
    found: Check = checker.check
    return found


@pytest.fixture(scope="session")
def knowledge() -> Knowledge:
    return Knowledge.load()


@pytest.fixture
async def fake() -> AsyncIterator[FakeSlack]:
    async with FakeSlack() as slack:
        yield slack


@pytest.fixture
async def bot(tmp_path: Path, knowledge: Knowledge, fake: FakeSlack) -> AsyncIterator[Office]:
    """The bot over Socket Mode."""
    async with office(tmp_path, knowledge, world=fake) as made:
        yield made
