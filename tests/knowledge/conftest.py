"""The shipped knowledge, and the law alone: the same without a single event of the ledger."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bot.knowledge.event import Event
from bot.knowledge.ledger import Ledger
from bot.knowledge.library import Knowledge


class Events(Ledger):
    """A ledger of the events it is given."""

    def __init__(self, *events: Event) -> None:
        super().__init__(events)


@pytest.fixture(scope="session")
def law() -> Knowledge:
    return Knowledge.load(Events())


@pytest.fixture(scope="session")
def events() -> type[Events]:
    return Events


@pytest.fixture(scope="session")
def shared_rules(shared: Path) -> Any:
    return json.loads((shared / "domain" / "rules.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def shared_chips(shared: Path) -> Any:
    return json.loads((shared / "domain" / "chips.json").read_text(encoding="utf-8"))["chips"]


@pytest.fixture(scope="session")
def shared_intervals(shared: Path) -> list[dict[str, Any]]:
    whole = json.loads((shared / "domain" / "status-sample.json").read_text(encoding="utf-8"))
    return next(rows for rows in whole.values() if isinstance(rows, list) and isinstance(rows[0], dict))
