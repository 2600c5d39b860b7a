"""What Slack's tests share: the checker of payloads that the project did not write."""

from collections.abc import AsyncIterator
from pathlib import Path
from types import ModuleType

import pytest

from bot.knowledge.library import Knowledge
from tests.fakes.slack import FakeSlack
from tests.platforms import checkers
from tests.platforms.slack.office import Office, office


@pytest.fixture(scope="session")
def checker(shared: Path) -> ModuleType:
    """`slack_block_check`: Slack's own types, SDK and manifest schema, and the documented limits."""
    return checkers.slack(shared)


@pytest.fixture(scope="session")
def check(checker: ModuleType) -> checkers.SlackCheck:
    found: checkers.SlackCheck = checker.check
    return found


@pytest.fixture
async def fake() -> AsyncIterator[FakeSlack]:
    async with FakeSlack() as slack:
        yield slack


@pytest.fixture
async def bot(tmp_path: Path, knowledge: Knowledge, fake: FakeSlack) -> AsyncIterator[Office]:
    """The bot over Socket Mode."""
    async with office(tmp_path, knowledge, world=fake) as made:
        yield made
