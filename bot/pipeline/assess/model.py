"""The weights: a small readable file that says how much each feature speaks for each label."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Container, Iterable, Mapping, Sequence
from functools import cache
from importlib.resources import files
from itertools import islice
from struct import Struct

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
_FIELD = 32
_MIDDLE = 1 << 31
"""Bits of a label's field, and what lifts a sum of either sign into it: sums stay far below 20 million."""
Weights = Mapping[str, Mapping[str, Mapping[str, float]]]
"""Task -> feature -> label -> weight."""


class Model:
    """Adds up the weights of a text's features for every label of every task.

    A feature's weights are one whole number: a field of 32 bits for each label, in hundredths (they have two places).
    So all labels are added up at once, and no order of adding and no version of Python gives another sum.
    """

    def __init__(self, weights: Weights) -> None:
        self.bounds: dict[str, tuple[int, int]] = {}
        at = 0
        for task, names in TASKS.items():
            self.bounds[task] = (at, at + len(names))
            at += len(names)
        self._rows: dict[str, int] = {}
        loud: dict[tuple[str, str], list[tuple[float, str]]] = {
            (task, label): [] for task, labels in TASKS.items() for label in labels
        }
        for task, features in weights.items():
            for feature, row in features.items():
                for label, weight in row.items():
                    place = self.bounds[task][0] + TASKS[task].index(label)
                    self._rows[feature] = self._rows.get(feature, 0) + (round(weight * 100) << place * _FIELD)
                    if weight > AUDIBLE:
                        loud[task, label].append((-weight, feature))
        self._loud = {slot: [feature for _, feature in sorted(found)] for slot, found in loud.items()}
        self._middle = sum(_MIDDLE << place * _FIELD for place in range(at))
        self._unpack = Struct(f"<{at}I").unpack
        self._bytes = at * _FIELD // 8

    def added(self, features: Iterable[str]) -> int:
        """The weights of all these features together; those that have none say nothing."""
        rows = self._rows
        return sum([rows[feature] for feature in features if feature in rows])

    def totals(self, added: int) -> Sequence[int]:
        """What was added, one number a label: hundredths above a middle that all labels share."""
        return self._unpack((added + self._middle).to_bytes(self._bytes, "little"))

    def best(self, task: str, totals: Sequence[int], without: Container[str] = ()) -> str:
        """The label with the highest sum, but for those `without`; of equals the first."""
        first, last = self.bounds[task]
        mine = totals[first:last]
        if without:
            names = [name for name in TASKS[task] if name not in without]
            return max(names, key=lambda name: mine[TASKS[task].index(name)])
        return TASKS[task][mine.index(max(mine))]

    def probability(self, task: str, label: str, totals: Sequence[int]) -> float:
        """How sure the weights are of a label, 0 to 1."""
        first, last = self.bounds[task]
        mine = totals[first:last]
        top = max(mine)
        shares = [math.exp((total - top) / 100) for total in mine]
        return shares[TASKS[task].index(label)] / sum(shares)

    def speakers(self, task: str, label: str, features: Mapping[str, object], most: int) -> list[str]:
        """The features that speak loudest for a label."""
        return list(islice((feature for feature in self._loud[task, label] if feature in features), most))


@cache
def shipped() -> Model:
    """The model in `weights.toml`."""
    text = (files("bot.pipeline.assess") / "weights.toml").read_text(encoding="utf-8")
    return Model(tomllib.loads(text))
