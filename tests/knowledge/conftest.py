"""The shipped knowledge, and the law alone: the same without a single event of the ledger."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot.knowledge.event import Effect, Event, Layer
from bot.knowledge.library import Knowledge


class Events:
    """A ledger of the events it is given."""

    def __init__(self, *events: Event) -> None:
        self.events: Sequence[Event] = events
        self.as_of = date(2026, 10, 9)

    def effects(self, layer: Layer, chip: str, destination: str) -> tuple[tuple[Event, Effect], ...]:
        places = {destination, "CN"} if destination == "HK" else {destination}
        found = [
            (event, effect)
            for event in self.events
            for effect in event.effects
            if effect.layer is layer and chip in effect.chips and places & set(effect.destinations)
        ]
        return tuple(sorted(found, key=lambda pair: pair[1].begins))


@pytest.fixture(scope="session")
def law() -> Knowledge:
    return Knowledge.load(Events())


@pytest.fixture(scope="session")
def knowledge() -> Knowledge:
    return Knowledge.load()


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
