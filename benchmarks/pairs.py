"""Trains how alike two documents must be to tell the same story: logistic regression over pairs, in pure Python."""

from __future__ import annotations

import math
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import combinations
from pathlib import Path
from typing import Any

from bot.model import Assessment, Document
from bot.pipeline.stories.fingerprint import Fingerprint, fingerprint
from bot.pipeline.stories.likeness import Likeness, likeness_features

WEIGHTS = Path(__file__).resolve().parent.parent / "bot" / "pipeline" / "stories" / "weights.toml"
ROUNDS = 150
STEP = 2.0
DRAW = 0.02
FAR = 45
"""Unlike pairs further apart, in days, teach nothing."""

Pair = tuple[dict[str, float], bool, float]
"""What speaks for and against, whether they are one story, and how much the pair counts."""


def document_of(item: Mapping[str, Any]) -> Document:
    """A corpus item as a document."""
    published = date.fromisoformat(item["published"]) if item["published"] else None
    return Document(
        source=item.get("outlet") or "",
        key=item["id"],
        title=item.get("title") or "",
        url=item.get("url"),
        published=published,
        summary=item.get("lead") or "",
        language=item.get("language"),
    )


def prints(items: Sequence[Mapping[str, Any]], assessments: Mapping[str, Assessment]) -> dict[str, Fingerprint]:
    """The fingerprint of each item by its id."""
    return {item["id"]: fingerprint(document_of(item), assessments[item["id"]]) for item in items}


def rarities(found: Iterable[Fingerprint]) -> dict[str, int]:
    """How much each concept tells, from how many documents hold it."""
    every = list(found)
    counts = Counter(concept for print_ in every for concept in print_.concepts)
    return {
        name: round(100 * math.log((len(every) + 1) / count)) for name, count in sorted(counts.items()) if count > 1
    }


def pairs(
    items: Sequence[Mapping[str, Any]], found: Mapping[str, Fingerprint], rarity: Mapping[str, int]
) -> list[Pair]:
    """All pairs of relevant items with whether they share a story."""
    rows = []
    wanted = [item for item in items if item["relevant"]]
    sizes = Counter(item["story"] for item in wanted)
    for one, other in combinations(wanted, 2):
        a, b = found[one["id"] or ""], found[other["id"] or ""]
        gap = abs(a.day - b.day) if a.day is not None and b.day is not None else None
        same = one["story"] is not None and one["story"] == other["story"]
        if not same and gap is not None and gap > FAR:
            continue
        rows.append((likeness_features(a, b, gap, rarity), same, 1 / (sizes[one["story"]] - 1) if same else 1.0))
    return rows


def prior() -> dict[str, float]:
    """The hand-made weights."""
    return dict(
        tomllib.loads((WEIGHTS.parent / "../../../benchmarks/prior.toml").resolve().read_text("utf-8"))["likeness"]
    )


def fit(rows: Sequence[Pair]) -> dict[str, float]:
    """Gradient descent from the hand-made weights; like pairs count as much as unlike ones near the border."""
    origin = prior()
    names = sorted({name for found, _, _ in rows for name in found} | set(origin))
    place = {name: at for at, name in enumerate(names)}
    start = [origin.get(name, 0.0) for name in names]
    weights = list(start)
    alike = sum(weight for _, same, weight in rows if same) or 1.0
    unlike = sum(weight for _, same, weight in rows if not same) or 1.0
    coded = [
        (
            [(place[name], value) for name, value in found.items()],
            same,
            weight * (0.3 / alike if same else 0.7 / unlike),
        )
        for found, same, weight in rows
    ]
    for _ in range(ROUNDS):
        slope = [DRAW * (now - then) for now, then in zip(weights, start, strict=True)]
        for found, same, weight in coded:
            total = sum(weights[at] * value for at, value in found)
            error = (1 / (1 + math.exp(-max(-30.0, min(30.0, total)))) - same) * weight
            for at, value in found:
                slope[at] += error * value
        weights = [now - STEP * change for now, change in zip(weights, slope, strict=True)]
    return {name: round(weight, 2) for name, weight in zip(names, weights, strict=True)}


def train(items: Sequence[Mapping[str, Any]], found: Mapping[str, Fingerprint]) -> Likeness:
    """The weights and rarities that these labelled items give."""
    rarity = rarities(found[item["id"]] for item in items if item["relevant"])
    return Likeness(fit(pairs(items, found, rarity)), rarity)


def written(likeness: Likeness) -> str:
    """Weights and rarities as TOML, sorted."""
    lines = [
        "# Written by benchmarks/train.py; not by hand. What speaks for (+) and against (-) one story.",
        "[likeness]",
    ]
    lines += [f"{name} = {likeness.weights[name]}" for name in sorted(likeness.weights)]
    lines += ["", "# How much a shared concept tells.", "[rarity]"]
    lines += [f'"{name}" = {likeness.rarity[name]}' for name in sorted(likeness.rarity)]
    return "\n".join(lines) + "\n"
