"""The ledger: dated events of export policy, each with its citations, and what they make of a status."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Collection, Iterable
from datetime import date
from functools import cached_property
from importlib import resources

from bot.knowledge.chips import Chip
from bot.knowledge.criteria import paragraphs_of_2023
from bot.knowledge.entry import EntryError, event_from, to_toml
from bot.knowledge.event import Effect, Event, Layer
from bot.knowledge.provision import LEDGER_BEGINS

AS_OF = date(2026, 10, 9)
"""The last day up to which evidence was looked for."""

VERSION = "2026.10.09"
"""The version of the shipped ledger: numbers with dots, the day of its evidence first."""

MARKER_3A090 = "@3A090"
"""Stands among an event's or effect's chips for every chip of US origin that meets ECCN 3A090.a or .b on the day."""

WORLD = "WORLD"
"""Stands among an event's origins or destinations for any country. Effects name ISO codes only."""

Pair = tuple[Event, Effect]


class Ledger:
    """Events in the order of the day they were announced, then id. Never changed: `with_events` gives another one.

    `as_of` is the last day for which evidence was looked for, `begins` the first for which statuses are known.
    """

    def __init__(self, events: Iterable[Event], as_of: date = AS_OF, version: str = VERSION) -> None:
        self.events: tuple[Event, ...] = tuple(sorted(events, key=lambda event: (event.announced, event.id)))
        self.as_of = as_of
        self.begins = LEDGER_BEGINS
        self.version = version
        self._by_id = {event.id: event for event in self.events}

    def __len__(self) -> int:
        return len(self.events)

    def get(self, identity: str) -> Event | None:
        """The event with an id, None when there is none."""
        return self._by_id.get(identity)

    @cached_property
    def _effects(self) -> dict[tuple[Layer, str, str], tuple[Pair, ...]]:
        found: dict[tuple[Layer, str, str], list[Pair]] = {}
        for event in self.events:
            for effect in event.effects:
                for chip in effect.chips:
                    for place in effect.destinations:
                        found.setdefault((effect.layer, chip, place), []).append((event, effect))
        return {key: in_order(pairs) for key, pairs in found.items()}

    def effects(self, layer: Layer, chip: str, destination: str) -> tuple[Pair, ...]:
        """What the events make of a status, in the order of their first day.

        `chip` is a canonical short name, or `@3A090` for what holds for every chip of that level; `destination` an ISO
        code. What is recorded for China holds for Hong Kong, one destination under the EAR since 85 FR 83765; Macau
        must be named.
        """
        named = self._effects.get((layer, chip, destination), ())
        if destination != "HK":
            return named
        inherited = self._effects.get((layer, chip, "CN"), ())
        return in_order(dict.fromkeys((*inherited, *named))) if named else inherited

    def about(
        self,
        chip: str | Collection[str] | None = None,
        destination: str | Collection[str] | None = None,
        since: date | None = None,
        until: date | None = None,
    ) -> tuple[Event, ...]:
        """The events that concern a chip and a destination, announced from `since` on and before `until`.

        `chip` and `destination` may be several names at once, any of which will do: `names_of` a chip, a country with
        its groups. China's events concern Hong Kong; `WORLD` concerns every destination.
        """
        chips = _names(chip)
        places = _names(destination)
        if places is not None:
            places |= {WORLD} | ({"CN"} if "HK" in places else set())
        return tuple(
            event
            for event in self.events
            if (chips is None or not chips.isdisjoint(event.chips))
            and (places is None or not places.isdisjoint(event.destinations))
            and (since is None or since <= event.announced)
            and (until is None or event.announced < until)
        )

    def later(self, event: Event, *relations: str) -> tuple[Event, ...]:
        """The events that are linked to `event` by one of `relations`, in order."""
        return tuple(
            other
            for other in self.events
            if any(link.event == event.id and link.relation in relations for link in other.links)
        )

    def with_events(self, extra: Iterable[Event]) -> Ledger:
        """The ledger with further events laid over it; one with a known id replaces that event."""
        return Ledger((self._by_id | {event.id: event for event in extra}).values(), self.as_of, self.version)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the content as 64 hexadecimal digits: equal for equal events, version and evidence day."""
        head = json.dumps([self.version, self.as_of.isoformat()])
        return hashlib.sha256((head + to_toml(self.events)).encode()).hexdigest()


def in_order(pairs: Iterable[Pair]) -> tuple[Pair, ...]:
    """Effects by their first day; of the same day, the later announced last, so that it prevails."""
    return tuple(sorted(pairs, key=lambda pair: (pair[1].begins, pair[0].announced, pair[0].id)))


def acts_on(event: Event) -> date:
    """The day on which an event did something: the day it binds, else the day it was announced."""
    return event.effective or event.announced


def names_of(chip: Chip) -> frozenset[str]:
    """The names under which events may speak of a chip: its own, that of the chip it follows, its family, and
    `@3A090` where its figures meet, or may meet, 3A090.a or .b of November 2023."""
    names = {*chip.names_in_events, chip.family}
    if chip.kind == "chip" and any(paragraph is not None for paragraph in paragraphs_of_2023(chip.figures)):
        names.add(MARKER_3A090)
    return frozenset(names)


def load_ledger() -> Ledger:
    """The shipped ledger. Raises ValueError with the file's name when its data cannot be read."""
    folder = resources.files("bot.knowledge") / "data" / "ledger"
    events: list[Event] = []
    for file in sorted((f for f in folder.iterdir() if f.name.endswith(".toml")), key=lambda f: f.name):
        for table in tomllib.loads(file.read_text(encoding="utf-8"))["event"]:
            try:
                events.append(event_from(table))
            except EntryError as error:
                raise ValueError(f"{file.name}, {table.get('id')}: {error}") from None
    return Ledger(events)


def _names(given: str | Collection[str] | None) -> set[str] | None:
    if given is None:
        return None
    return {given} if isinstance(given, str) else set(given)
