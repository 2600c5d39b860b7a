"""The figures of cross-validation by story do not fall: a quick part of `make eval`."""

from __future__ import annotations

import pytest

from benchmarks import evaluate, train
from bot.pipeline.assess.model import Model

FLOORS = {"relevant": 0.90, "kind": 0.72, "direction": 0.80, "trust": 0.85}


@pytest.mark.shared
def test_labels_out_of_fold_stay_above_their_floors(shared):
    items = train.corpus(shared / "corpus" / "dev.jsonl")
    features = {item["id"]: train.features_of(item) for item in items}
    right, asked = dict.fromkeys(FLOORS, 0), dict.fromkeys(FLOORS, 0)
    for fold in (0, 1):
        model = Model(train.train([item for item in items if evaluate.fold_of(item) != fold], features))
        for item in items:
            if evaluate.fold_of(item) != fold:
                continue
            judged = train.assessed(item, model)
            for field in FLOORS:
                if field == "relevant" or item["relevant"]:
                    asked[field] += 1
                    right[field] += getattr(judged, field) == item[field]
    assert {field: right[field] / asked[field] >= floor for field, floor in FLOORS.items()} == dict.fromkeys(
        FLOORS, True
    )
