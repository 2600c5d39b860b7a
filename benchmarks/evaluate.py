"""Prints the figures of assessment and stories: `make eval`, or
python -m benchmarks.evaluate [CORPUS] [--split N] [--json].

Five-fold cross-validation by story: every item is judged by weights trained on the other stories only, and the stories
are placed with likeness trained on the other stories. The definitions are those of the corpus' own scorer.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from benchmarks import pairs, replayed, train
from bot.model import Assessment
from bot.pipeline.assess.model import Model
from bot.pipeline.stories import TIMELESS, StoryIndex, story_id
from bot.pipeline.stories.likeness import Likeness

FOLDS = 5


def fold_of(item: train.Item, split: int = 0) -> int:
    """The fold of an item: all items of a story share one. Another split deals the stories to the folds anew."""
    name = item["story"] or item["id"]
    return int(hashlib.sha256((f"{split}:{name}" if split else name).encode()).hexdigest(), 16) % FOLDS


@dataclass(frozen=True, slots=True)
class OutOfFold:
    """Each item judged by weights that never saw its story; for each fold the weights and likeness without it."""

    judged: Mapping[str, Assessment]
    models: Sequence[Model]
    likeness: Sequence[Likeness]


def out_of_fold(items: Sequence[train.Item], split: int = 0) -> OutOfFold:
    """Five-fold cross-validation by story."""
    of = {item["id"]: fold_of(item, split) for item in items}
    features = {item["id"]: train.features_of(item) for item in items}
    judged: dict[str, Assessment] = {}
    models = []
    for fold in range(FOLDS):
        model = Model(train.train([item for item in items if of[item["id"]] != fold], features))
        models.append(model)
        judged |= {item["id"]: train.assessed(item, model) for item in items if of[item["id"]] == fold}
    prints = pairs.prints(items, judged)
    likeness = [pairs.train([item for item in items if of[item["id"]] != fold], prints) for fold in range(FOLDS)]
    return OutOfFold(judged, models, likeness)


def placed(items: Sequence[train.Item], judged: Mapping[str, Assessment], likeness: Likeness) -> dict[str, str]:
    """The story of each relevant item, placed in the order of the dates, undated items last."""
    index, found = StoryIndex(likeness), {}
    prints = pairs.prints(items, judged)
    for item in sorted(items, key=lambda item: (item["published"] is None, item["published"] or "", item["id"])):
        if not judged[item["id"]].relevant:
            continue
        at = datetime.fromisoformat(item["published"]).replace(tzinfo=UTC) if item["published"] else TIMELESS
        print_ = prints[item["id"]]
        story = index.place(print_, at).story_id or story_id(print_.source, print_.key)
        index.add(story, print_, at)
        found[item["id"]] = story
    return found


def figures(items: Sequence[train.Item], recording: Path | None = None, split: int = 0) -> dict[str, float]:
    """All figures of the issue, from labels out of fold; with a recording those of its replay over time too."""
    learnt = out_of_fold(items, split)
    fold = partial(fold_of, split=split)
    judged, likeness = learnt.judged, learnt.likeness
    found = dict(_relevance(items, judged))
    relevant = [item for item in items if item["relevant"]]
    for field, common in (("chips", ""), ("companies", ""), ("destinations", ""), ("destinations", "CN")):
        found[f"{field}_but_{common}" if common else field] = _sets(relevant, judged, field, common)
    found["origin"] = _sets(relevant, judged, "origin", "")
    found["origin_but_US"] = _sets(relevant, judged, "origin", "US")
    for field in ("kind", "direction", "trust"):
        right = sum(getattr(judged[item["id"]], field) == item[field] for item in relevant)
        found[field] = right / len(relevant)
    found |= _stories(items, relevant, judged, likeness, split)
    if recording is not None:
        folds = {item["title"]: fold(item) for item in items}
        found |= replayed.figures(recording, folds, learnt.models, likeness, fold)
    return {name: round(value, 4) for name, value in found.items()}


def _relevance(items: Sequence[train.Item], judged: Mapping[str, Assessment]) -> Iterable[tuple[str, float]]:
    for language in (None, "en", "de", "zh"):
        mine = [item for item in items if language in (None, item["language"])]
        hits = Counter((bool(item["relevant"]), judged[item["id"]].relevant) for item in mine)
        name = f"relevant_{language}" if language else "relevant"
        yield name, f1(hits[True, True], hits[False, True], hits[True, False])


def _sets(items: Sequence[train.Item], judged: Mapping[str, Assessment], field: str, common: str) -> float:
    right = extra = missed = 0
    for item in items:
        gold, got = set(item[field]) - {common}, set(getattr(judged[item["id"]], field)) - {common}
        right, extra, missed = right + len(gold & got), extra + len(got - gold), missed + len(gold - got)
    return f1(right, extra, missed)


def _stories(
    items: Sequence[train.Item],
    relevant: Sequence[train.Item],
    judged: Mapping[str, Assessment],
    likeness: Sequence[Likeness],
    split: int,
) -> dict[str, float]:
    """B-cubed over relevant items; each item is scored in the placing that never learnt from its story."""
    gold = {item["id"]: item["story"] or item["id"] for item in relevant}
    members = _members(gold)
    precision = recall = 0.0
    for fold in range(FOLDS):
        story = placed(items, judged, likeness[fold])
        got = {id_: story.get(id_, id_) for id_ in gold}
        clusters = _members(got)
        for item in relevant:
            if fold_of(item, split) == fold:
                mine, theirs = members[gold[item["id"]]], clusters[got[item["id"]]]
                precision += len(mine & theirs) / len(theirs) / len(relevant)
                recall += len(mine & theirs) / len(mine) / len(relevant)
    harmonic = 2 * precision * recall / (precision + recall)
    return {"stories_precision": precision, "stories_recall": recall, "stories": harmonic}


def _members(story: Mapping[str, str]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for id_, name in story.items():
        found[name].add(id_)
    return found


def f1(right: int, extra: int, missed: int) -> float:
    """The harmonic mean of precision and recall."""
    return 2 * right / (2 * right + extra + missed) if right else 0.0


def speed(items: Sequence[train.Item]) -> float:
    """Items a second of the processor's time through the shipped assessment, one core, the best of five passes."""
    from bot.pipeline.assess import assess_text

    best = 0.0
    for _ in range(5):
        began = time.process_time()
        for item in items:
            assess_text(item["title"], item["lead"] or "", item["outlet"] or "", item["url"])
        best = max(best, len(items) / (time.process_time() - began))
    return round(best)


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path, nargs="?", default=train.beside())
    parser.add_argument("--recording", type=Path, default=replayed.beside(), help="recorded news, replayed over time")
    parser.add_argument("--split", type=int, default=0, help="deal the stories to the folds anew")
    parser.add_argument("--json", action="store_true")
    wanted = parser.parse_args()
    if wanted.corpus is None:
        parser.error("no labelled corpus: name one")
    items = train.corpus(wanted.corpus)
    found = figures(items, wanted.recording, wanted.split) | {"items_per_second": speed(items)}
    print(json.dumps(found) if wanted.json else "\n".join(f"{name:18} {value}" for name, value in found.items()))


if __name__ == "__main__":
    main()
