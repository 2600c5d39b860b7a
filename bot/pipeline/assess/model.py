"""The weights: a small readable file that says how much each feature speaks for each label."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib.resources import files

TASKS: Mapping[str, tuple[str, ...]] = {
    "relevant": ("no", "yes"),
    "kind": (
        "enforcement",
        "bill",
        "entity_list",
        "rescission",
        "tariff_or_revenue_share",
        "licence_granted",
        "licence_requirement",
        "rule",
        "guidance",
        "foreign_measure",
        "filing",
        "statement",
        "rumour",
        "report",
        "analysis",
        "other",
    ),
    "direction": ("restricts", "relaxes", "none"),
    "trust": ("official", "company", "press", "rumour"),
}
"""What is decided by weights, and between which labels."""

AUDIBLE = 0.1
"""A weight up to this is no reason worth naming."""
Weights = Mapping[str, Mapping[str, Mapping[str, float]]]
"""Task -> feature -> label -> weight."""


class Model:
    """Adds up the weights of a text's features for every label of every task."""

    def __init__(self, weights: Weights) -> None:
        self.slots = [(task, label) for task, labels in TASKS.items() for label in labels]
        self.places = {slot: place for place, slot in enumerate(self.slots)}
        self.bounds: dict[str, tuple[int, int]] = {}
        at = 0
        for task, names in TASKS.items():
            self.bounds[task] = (at, at + len(names))
            at += len(names)
        self.rows: dict[str, list[float]] = {}
        for task, features in weights.items():
            for feature, labels in features.items():
                row = self.rows.setdefault(feature, [0.0] * len(self.slots))
                for label, weight in labels.items():
                    row[self.places[task, label]] = weight

    def known(self, features: Iterable[str]) -> list[tuple[str, list[float]]]:
        """The features that have weights, with them."""
        rows = self.rows
        return [(feature, row) for feature in features if (row := rows.get(feature)) is not None]

    def totals(self, known: Iterable[tuple[str, list[float]]]) -> list[float]:
        """The sum for every slot."""
        columns = zip(*(row for _, row in known), strict=True)
        return list(map(sum, columns)) or [0.0] * len(self.slots)

    def best(self, task: str, totals: Sequence[float]) -> str:
        """The label with the highest sum; of equals the first."""
        first, last = self.bounds[task]
        mine = totals[first:last]
        return self.slots[first + mine.index(max(mine))][1]

    def probability(self, task: str, label: str, totals: Sequence[float]) -> float:
        """How sure the weights are of a label, 0 to 1."""
        first, last = self.bounds[task]
        mine = totals[first:last]
        top = max(mine)
        shares = [math.exp(total - top) for total in mine]
        return shares[TASKS[task].index(label)] / sum(shares)

    def speakers(self, task: str, label: str, known: Iterable[tuple[str, list[float]]], most: int) -> list[str]:
        """The features that speak loudest for a label."""
        place = self.places[task, label]
        found = [(-row[place], feature) for feature, row in known if row[place] > AUDIBLE]
        found.sort()
        return [feature for _, feature in found[:most]]


@cache
def shipped() -> Model:
    """The model in `weights.toml`."""
    text = (files("bot.pipeline.assess") / "weights.toml").read_text(encoding="utf-8")
    return Model(tomllib.loads(text))
