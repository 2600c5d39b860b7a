"""A desk over the shipped knowledge and a real store."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.clock import SetClock
from bot.commands.ask import Ask, Person, Services, Where
from bot.commands.desk import Desk
from bot.knowledge.library import Knowledge
from bot.settings import Settings
from bot.store.engine import Store

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
"""The day of the samples: the ledger is 45 days old."""

MEMBER = Person("u1", "Ada")
MANAGER = Person("u2", "Grace", manages=True)
OPERATOR = Person("u3", "Edsger", operates=True)

Asking = Callable[..., Ask]


@pytest.fixture(scope="session")
def knowledge() -> Knowledge:
    return Knowledge.load()


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    opened = await Store.open(f"sqlite:///{tmp_path}/store.db", scratch=True)
    yield opened
    await opened.close()


@pytest.fixture
def services(store: Store, knowledge: Knowledge) -> Services:
    return Services(store, SetClock(NOW), Settings(), knowledge)


@pytest.fixture
def asking(services: Services) -> Asking:
    def ask(language: str = "en", person: Person = MEMBER, channel: str = "c1", **where: object) -> Ask:
        return Ask(person, Where("console", "w1", channel, **where), language, services)  # type: ignore[arg-type]

    return ask


@pytest.fixture
def desk() -> Desk:
    return Desk()
