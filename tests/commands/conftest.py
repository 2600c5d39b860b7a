"""A desk over the shipped knowledge and a real store."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.cards.card import Button, Select
from bot.clock import SetClock
from bot.commands.ask import Ask, Person, Services, Where
from bot.commands.desk import Desk
from bot.commands.reply import Reply
from bot.knowledge.library import Knowledge
from bot.locale.rich import plain
from bot.pipeline.ledger.librarian import Librarian
from bot.platforms.console import Console
from bot.settings import Settings
from bot.store.engine import Store
from tests.pipeline.desk import Desk as Wire

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
"""The day of the samples: the ledger is 45 days old."""

MEMBER = Person("u1", "Ada")
MANAGER = Person("u2", "Grace", manages=True)
OPERATOR = Person("u3", "Edsger", operates=True)

Asking = Callable[..., Ask]


@pytest.fixture
async def services(store: Store, knowledge: Knowledge, tmp_path: Path) -> AsyncIterator[Services]:
    made = Services(store, SetClock(NOW), Settings(), Librarian(shipped=knowledge))
    made.platforms = {"console": Console(journal=tmp_path / "console.jsonl", as_json=True)}
    yield made
    await made.settled()


@pytest.fixture
def asking(services: Services) -> Asking:
    def ask(language: str = "en", person: Person = MEMBER, channel: str = "c1", **where: object) -> Ask:
        return Ask(person, Where("console", "w1", channel, **where), language, services)  # type: ignore[arg-type]

    return ask


@pytest.fixture
def desk() -> Desk:
    return Desk()


def words(reply: Reply) -> str:
    """Everything that a reply says, a line a line."""
    return "\n".join(
        plain(line) for card in reply.cards for line in (card.marks, card.title, *card.lines, *card.footer)
    )


def pressed(reply: Reply, action: str) -> dict[str, str]:
    """The values of the button or list that runs an action."""
    for card in reply.cards:
        pressable: tuple[Button | Select, ...] = (*card.buttons, *card.selects)
        for each in pressable:
            if each.action == action:
                return dict(each.values)
    raise AssertionError(f"there is no {action} in {[b.action for c in reply.cards for b in c.buttons]}")


@pytest.fixture
async def wire(store: Store) -> Wire:
    """A source whose stories are told into the store, the first after a baseline."""
    opened = await Wire(store).open()
    await opened.poll()
    return opened
