"""Placement: where names stand beside the dots of a map, so that none covers another."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.cards.charts.look import SMALL, text_width

Box = tuple[float, float, float, float]
"""Left, top, right, bottom, in pixels from the upper left corner of the plot."""

GAP = 11
"""Pixels from the middle of a dot to the nearest name."""

RINGS = (0, 20, 30, 42, 56, 72, 90)
"""Pixels from the dot at which a name is tried: close by (0), or further out with a line that leads to its dot."""

CROWD = 60
"""Pixels to either side within which another dot makes a crowd; half as many above and below."""

UPRIGHT = 0.3
"""Share of a direction that goes across, up to which a name stands centred above or below the end of its line."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A dot: its middle in pixels, the names that belong to it, and whether it goes before the others."""

    x: float
    y: float
    names: tuple[str, ...]
    first: bool = False


@dataclass(frozen=True, slots=True)
class Name:
    """What stands beside a dot: the text (empty where no place was left), its left end and middle height; `leader` says
    that a line must lead to the dot."""

    text: str
    x: float = 0.0
    y: float = 0.0
    leader: bool = False


def place(
    spots: Sequence[Spot], width: float, height: float, taken: Sequence[Box], better_free: Sequence[Box] = ()
) -> list[Name]:
    """Names for the spots, in their order. `taken` are boxes that must stay free beside the dots themselves,
    `better_free` those that a name covers only where it finds no other place.

    Those that go first are placed first, then those in the thickest crowd. Where nothing is free for all names of a
    dot, its tail is counted ("H100 +2").
    """
    boxes = [*taken, *((spot.x - 7, spot.y - 7, spot.x + 7, spot.y + 7) for spot in spots)]
    found: dict[int, Name] = {}
    order = sorted(range(len(spots)), key=lambda at: (not spots[at].first, -_neighbours(spots[at], spots)))
    for at in order:
        named = (
            _named(spots[at], width, height, [*boxes, *better_free])
            or _named(spots[at], width, height, boxes)
            or _named(spots[at], width, height, boxes, crossing=True)
        )
        found[at] = named or Name("")
        if named:
            box = _box(named.text, named.x, named.y)
            boxes += [box, *(_beads(spots[at], box) if named.leader else [])]
    return [found[at] for at in range(len(spots))]


def _neighbours(spot: Spot, spots: Sequence[Spot]) -> int:
    return sum(1 for other in spots if abs(other.x - spot.x) < CROWD and abs(other.y - spot.y) < CROWD / 2)


def _box(text: str, left: float, middle: float) -> Box:
    return left - 1, middle - 8, left + text_width(text, SMALL) + 1, middle + 8


def _beads(spot: Spot, box: Box) -> list[Box]:
    """Small boxes along the line that leads from a dot to its name, for it must cross neither names nor dots."""
    x, y = min(max(spot.x, box[0]), box[2]), min(max(spot.y, box[1]), box[3])
    length = math.hypot(x - spot.x, y - spot.y)
    steps = [step / length for step in range(9, int(length), 3)]
    middles = [(spot.x + (x - spot.x) * step, spot.y + (y - spot.y) * step) for step in steps]
    return [(left - 1, top - 1, left + 1, top + 1) for left, top in middles]


def _named(spot: Spot, width: float, height: float, boxes: Sequence[Box], *, crossing: bool = False) -> Name | None:
    """The first place where nothing is in the way; with `crossing` the line to the dot may cross other things."""
    for ring in RINGS:
        for text in _texts(spot.names):
            wide = text_width(text, SMALL)
            for left, middle in _around(spot, wide, ring):
                box = _box(text, left, middle)
                inside = box[0] >= 2 and box[2] <= width - 2 and box[1] >= 2 and box[3] <= height - 2
                beads = _beads(spot, box) if ring and not crossing else []
                if inside and not any(_meet(one, other) for one in (box, *beads) for other in boxes):
                    return Name(text, left, middle, leader=ring > 0)
    return None


def _texts(names: Sequence[str]) -> Iterator[str]:
    yield ", ".join(names)
    if len(names) > 1:
        yield f"{names[0]} +{len(names) - 1}"


def _around(spot: Spot, wide: float, ring: float) -> Iterator[tuple[float, float]]:
    """Left end and middle height of a text around a dot: close by on its eight sides, the easiest to read first;
    further out in sixteen directions, beginning on the right."""
    if not ring:
        yield spot.x + GAP, spot.y
        yield spot.x - GAP - wide, spot.y
        yield spot.x - wide / 2, spot.y - 5 - GAP
        yield spot.x - wide / 2, spot.y + 5 + GAP
        for side in (-10, 10):
            yield spot.x + GAP - 3, spot.y + side
            yield spot.x - GAP + 3 - wide, spot.y + side
        return
    for turn in (0, -1, 1, -2, 2, -3, 3, 8, -7, 7, -6, 6, -5, 5, -4, 4):
        across, down = math.cos(turn * math.pi / 8), math.sin(turn * math.pi / 8)
        shift = 0.0 if across > UPRIGHT else wide if across < -UPRIGHT else wide / 2
        yield spot.x + across * ring - shift, spot.y + down * (ring + 4)


def _meet(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
