"""Trains the weights from a labelled corpus: `make train`, or python -m benchmarks.train [CORPUS] [--check].

Softmax regression over the features of `bot.pipeline.assess`, drawn to hand-made weights (`prior.toml`), in pure
Python with a fixed order and rounded results: the same corpus gives the same file on every machine.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks import pairs
from bot.knowledge.vocabulary import vocabulary
from bot.model import Assessment
from bot.pipeline.assess.evidence import read
from bot.pipeline.assess.features import derive
from bot.pipeline.assess.judge import judge
from bot.pipeline.assess.model import TASKS, Model

HERE = Path(__file__).resolve().parent
WEIGHTS = HERE.parent / "bot" / "pipeline" / "assess" / "weights.toml"
ROUNDS = 120
STEP = 0.5
DRAW = {"relevant": 0.012, "kind": 0.04, "direction": 0.04, "trust": 0.03}
"""How strongly each task is drawn back to the hand-made weights."""
SMALL = 0.05
"""Weights smaller than this are left out of the file."""

Item = Mapping[str, Any]
Table = dict[str, dict[str, float]]


def beside() -> Path | None:
    """The labelled corpus that lies in a folder beside the checkout, if there is one."""
    return next(iter(sorted(HERE.parent.parent.glob("*/corpus/dev.jsonl"))), None)


def corpus(path: Path) -> list[Item]:
    """The labelled items, in the order of their ids, so that the order of the file does not matter."""
    with path.open(encoding="utf-8") as lines:
        return sorted((json.loads(line) for line in lines), key=lambda item: item["id"])


def features_of(item: Item) -> list[str]:
    """The features of an item, sorted."""
    words = vocabulary()
    evidence = read(item["title"], item["lead"] or "", words)
    derive(evidence)
    return sorted(evidence.features)


def prior(task: str) -> Table:
    """The hand-made weights of a task, spread over the places of a text."""
    tables = tomllib.loads((HERE / "prior.toml").read_text(encoding="utf-8"))
    table: Table = {}
    for feature, labels in tables[task].items():
        if feature == "kind":
            table |= {f"kind.{kind}": dict(weights) for kind, weights in labels.items()}
        elif feature.startswith(("+", "A.")):
            table[feature] = dict(labels)
        else:
            for place, share in tables["share"].items():
                table[f"{place}.{feature}"] = {label: weight * share for label, weight in labels.items()}
    return table


def examples(task: str, items: Iterable[Item], features: Mapping[str, Sequence[str]]) -> list[tuple[list[str], str]]:
    """What a task learns from: features and the right label."""
    found = []
    for item in items:
        if task == "relevant":
            found.append((list(features[item["id"]]), "yes" if item["relevant"] else "no"))
        elif item["relevant"]:
            mine = list(features[item["id"]])
            if task == "direction":
                mine.append(f"kind.{item['kind']}")
            if task != "trust" or item["trust"] in ("press", "rumour"):
                found.append((mine, item[task]))
    return found


def fit(task: str, learned_from: Sequence[tuple[list[str], str]]) -> Table:
    """Gradient descent from the prior. Every sum runs in a fixed order."""
    labels = TASKS[task]
    start = prior(task)
    names = sorted({name for mine, _ in learned_from for name in mine} | set(start))
    place = {name: at for at, name in enumerate(names)}
    origin = [[start.get(name, {}).get(label, 0.0) for label in labels] for name in names]
    weights = [list(row) for row in origin]
    rows = [([place[name] for name in mine], labels.index(label)) for mine, label in learned_from]
    share, draw, width = 1 / len(rows), DRAW[task], range(len(labels))
    for _ in range(ROUNDS):
        slope = [
            [draw * (now - then) for now, then in zip(a, b, strict=True)] for a, b in zip(weights, origin, strict=True)
        ]
        for mine, right in rows:
            sums = [0.0] * len(labels)
            for at in mine:
                row = weights[at]
                for label in width:
                    sums[label] += row[label]
            top = max(sums)
            shares = [math.exp(total - top) for total in sums]
            whole = sum(shares)
            errors = [part / whole * share for part in shares]
            errors[right] -= share
            for at in mine:
                row = slope[at]
                for label in width:
                    row[label] += errors[label]
        for row, change in zip(weights, slope, strict=True):
            for label in width:
                row[label] -= STEP * change[label]
    return {
        name: kept
        for name, row in zip(names, weights, strict=True)
        if (
            kept := {label: round(weight, 2) for label, weight in zip(labels, row, strict=True) if abs(weight) >= SMALL}
        )
    }


def train(items: Sequence[Item], features: Mapping[str, Sequence[str]]) -> dict[str, Table]:
    """The weights of all tasks."""
    return {task: fit(task, examples(task, items, features)) for task in TASKS}


def assessed(item: Item, model: Model) -> Assessment:
    """An item as these weights judge it."""
    published = date.fromisoformat(item["published"]) if item["published"] else None
    return judge(item["title"], item["lead"] or "", item["outlet"] or "", item["url"], published, None, model=model)


def written(weights: Mapping[str, Table]) -> str:
    """The weights as TOML, sorted."""
    lines = ["# Written by benchmarks/train.py; not by hand. How much a feature speaks for each label."]
    for task, table in weights.items():
        lines.append(f"\n[{task}]")
        for name in sorted(table):
            row = ", ".join(f"{label} = {weight}" for label, weight in table[name].items())
            lines.append(f'"{name}" = {{ {row} }}')
    return "\n".join(lines) + "\n"


def main() -> int:
    """Write the weights, or with `--check` say whether the shipped ones are what the corpus gives."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path, nargs="?", default=beside())
    parser.add_argument("--check", action="store_true")
    wanted = parser.parse_args()
    if wanted.corpus is None:
        parser.error("no labelled corpus: name one")
    items = corpus(wanted.corpus)
    weights = train(items, {item["id"]: features_of(item) for item in items})
    assessments = {item["id"]: assessed(item, Model(weights)) for item in items}
    likeness = pairs.train(items, pairs.prints(items, assessments))
    made = {WEIGHTS: written(weights), pairs.WEIGHTS: pairs.written(likeness)}
    if wanted.check:
        different = [path for path, text in made.items() if path.read_text(encoding="utf-8") != text]
        print("the same" if not different else f"different: {', '.join(map(str, different))}")
        return 1 if different else 0
    for path, text in made.items():
        path.write_text(text, encoding="utf-8")
        print(f"{path.parent.name}/{path.name}: {len(text.splitlines())} lines from {len(items)} items")
    return 0


if __name__ == "__main__":
    sys.exit(main())
