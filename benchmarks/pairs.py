"""Trains how alike two documents must be to tell the same story: logistic regression over pairs, in pure Python."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import combinations
from pathlib import Path

from bot.model import Assessment, Document
from bot.pipeline.stories.fingerprint import Fingerprint, fingerprint
from bot.pipeline.stories.likeness import likeness_features

WEIGHTS = Path(__file__).resolve().parent.parent / "bot" / "pipeline" / "stories" / "weights.toml"
ROUNDS = 150
STEP = 2.0
DRAW = 0.001

Pair = tuple[dict[str, float], bool]


def document_of(item: Mapping[str, str | None]) -> Document:
    """A corpus item as a document."""
    published = date.fromisoformat(item["published"]) if item.get("published") else None
    return Document(
        source=item.get("outlet") or "",
        key=item["id"] or "",
        title=item.get("title") or "",
        url=item.get("url"),
        published=published,
        summary=item.get("lead") or "",
        language=item.get("language"),
    )


def prints(items: Sequence[Mapping[str, str | None]], assessments: Mapping[str, Assessment]) -> dict[str, Fingerprint]:
    """The fingerprint of each item by its id."""
    return {item["id"] or "": fingerprint(document_of(item), assessments[item["id"] or ""]) for item in items}


def pairs(items: Sequence[Mapping[str, str | None]], found: Mapping[str, Fingerprint]) -> list[Pair]:
    """All pairs of relevant items with whether they share a story."""
    rows = []
    for one, other in combinations([item for item in items if item["relevant"]], 2):
        a, b = found[one["id"] or ""], found[other["id"] or ""]
        gap = abs(a.day - b.day) if a.day is not None and b.day is not None else None
        same = one["story"] is not None and one["story"] == other["story"]
        rows.append((likeness_features(a, b, gap), same))
    return rows


def prior() -> dict[str, float]:
    """The hand-made weights."""
    return dict(
        tomllib.loads((WEIGHTS.parent / "../../../benchmarks/prior.toml").resolve().read_text("utf-8"))["likeness"]
    )


def fit(rows: Sequence[Pair]) -> dict[str, float]:
    """Gradient descent from the hand-made weights; like pairs count as much as unlike ones near the border."""
    origin = prior()
    names = sorted({name for found, _ in rows for name in found} | set(origin))
    place = {name: at for at, name in enumerate(names)}
    start = [origin.get(name, 0.0) for name in names]
    weights = list(start)
    coded = [([(place[name], value) for name, value in found.items()], same) for found, same in rows]
    alike = sum(same for _, same in rows) or 1
    shares = {True: 0.3 / alike, False: 0.7 / max(1, len(rows) - alike)}
    for _ in range(ROUNDS):
        slope = [DRAW * (now - then) for now, then in zip(weights, start, strict=True)]
        for found, same in coded:
            total = sum(weights[at] * value for at, value in found)
            error = (1 / (1 + math.exp(-max(-30.0, min(30.0, total)))) - same) * shares[same]
            for at, value in found:
                slope[at] += error * value
        weights = [now - STEP * change for now, change in zip(weights, slope, strict=True)]
    return {name: round(weight, 2) for name, weight in zip(names, weights, strict=True)}


def written(table: Mapping[str, float]) -> str:
    """The weights as TOML, sorted."""
    lines = [
        "# Written by benchmarks/train.py; not by hand. What speaks for (+) and against (-) one story.",
        "[likeness]",
    ]
    return "\n".join(lines + [f"{name} = {table[name]}" for name in sorted(table)]) + "\n"
