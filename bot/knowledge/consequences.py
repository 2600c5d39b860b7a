"""What an act changes: the matrix of answers before and after, and which of them flip."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from bot.knowledge.event import Event, Layer

if TYPE_CHECKING:
    from bot.knowledge.library import Knowledge

Answers = Callable[[str, str, date], Mapping[Layer, str | None]]
"""The status name of each layer (None: no measure known) for a chip's short name, an ISO code and a day."""


@dataclass(frozen=True, slots=True)
class Flip:
    """One answer that changes."""

    layer: Layer
    chip: str
    destination: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Group:
    """Answers that change alike: every chip of `chips` for every destination of `destinations`."""

    layer: Layer
    before: str | None
    after: str | None
    chips: tuple[str, ...]
    destinations: tuple[str, ...]

    @property
    def answers(self) -> int:
        """How many answers it holds."""
        return len(self.chips) * len(self.destinations)

    def json(self) -> dict[str, Any]:
        """The group for machines."""
        return {
            "layer": str(self.layer),
            "before": self.before,
            "after": self.after,
            "chips": list(self.chips),
            "destinations": list(self.destinations),
        }


@dataclass(frozen=True, slots=True)
class Consequences:
    """What changes on a day: the flips in the order of chips and destinations, and how many answers were compared.

    `asked` counts answers of both layers; `asked - len(flips)` of them stay as they are.
    """

    on: date
    flips: tuple[Flip, ...]
    asked: int

    @property
    def groups(self) -> tuple[Group, ...]:
        """The flips in blocks, the largest first. Every flip stands in exactly one block, and every block is full."""
        rows: dict[tuple[Layer, str | None, str | None, str], list[str]] = {}
        for flip in self.flips:
            rows.setdefault((flip.layer, flip.before, flip.after, flip.chip), []).append(flip.destination)
        blocks: dict[tuple[Layer, str | None, str | None, tuple[str, ...]], list[str]] = {}
        for (layer, before, after, chip), places in rows.items():
            blocks.setdefault((layer, before, after, tuple(places)), []).append(chip)
        groups = [
            Group(layer, before, after, tuple(chips), places)
            for (layer, before, after, places), chips in blocks.items()
        ]
        return tuple(sorted(groups, key=lambda group: -group.answers))


def flips(
    before: Answers,
    after: Answers,
    chips: Iterable[str],
    destinations: Iterable[str] | Mapping[str, Sequence[str]],
    on: date,
    *,
    compared_with: date | None = None,
) -> Consequences:
    """Which answers change between two states of knowledge, or between two days.

    `before` is asked on `compared_with` (default: `on`), `after` on `on`. `destinations` are ISO codes in the order in
    which they are to be named, or classes: a code with all that share its answers (itself among them), which is asked
    once and counted for each.
    """
    classes = destinations if isinstance(destinations, Mapping) else {code: (code,) for code in destinations}
    found: list[Flip] = []
    asked = 0
    for chip in chips:
        for first, members in classes.items():
            old = before(chip, first, compared_with or on)
            new = after(chip, first, on)
            for layer in Layer:
                asked += len(members)
                was, now = old.get(layer), new.get(layer)
                if was != now:
                    found += [Flip(layer, chip, member, was, now) for member in members]
    return Consequences(on, tuple(found), asked)


def answers_of(knowledge: Knowledge) -> Answers:
    """What a library answers for an ordinary question, without a seat, an end user or another place of shipment."""

    def ask(chip: str, destination: str, day: date) -> Mapping[Layer, str | None]:
        status = knowledge.status(chip, destination, day)
        layers = {Layer.US_EXPORT: status.us_export, Layer.DESTINATION_SIDE: status.destination_side}
        return {layer: str(found.name) if found else None for layer, found in layers.items()}

    return ask


def days_of(event: Event) -> tuple[date, ...]:
    """The days on which an event may change an answer: the first days of its effects, and the first days after them."""
    days = {effect.begins for effect in event.effects} | {effect.ends for effect in event.effects if effect.ends}
    return tuple(sorted(days))
