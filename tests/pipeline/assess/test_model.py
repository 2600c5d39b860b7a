"""Weights add up exactly, for every label at once."""

from __future__ import annotations

import math

from bot.pipeline.assess.model import TASKS, Model

WEIGHTS = {
    "relevant": {"a": {"yes": 0.1, "no": -0.3}, "b": {"yes": 0.2}, "c": {"yes": -0.3}},
    "kind": {"a": {"report": 0.1}, "b": {"report": 0.2}, "c": {"analysis": 0.3}, "d": {"other": -12.34}},
}


def test_what_is_equal_in_hundredths_is_equal_and_the_first_label_wins():
    model = Model(WEIGHTS)
    totals = model.totals(model.added("abc"))
    assert model.best("kind", totals) == "report"  # 0.1 + 0.2 against 0.3: as floats the sum would not be equal


def test_no_label_touches_its_neighbours():
    model = Model(WEIGHTS)
    nothing = model.totals(model.added(()))
    totals = model.totals(model.added(["d"]))
    changed = {
        label: after - before
        for label, before, after in zip(
            [label for labels in TASKS.values() for label in labels], nothing, totals, strict=True
        )
        if after != before
    }
    assert changed == {"other": -1234}


def test_the_loudest_speak_for_a_label_and_only_those_in_the_text():
    model = Model(WEIGHTS)
    assert model.speakers("kind", "report", dict.fromkeys("abcd"), 2) == ["b"]  # a weight of 0.1 is no reason
    assert model.speakers("relevant", "yes", {"a": None, "b": None}, 1) == ["b"]
    assert model.speakers("relevant", "yes", {}, 2) == []


def test_a_probability_is_the_share_of_a_label_among_all_of_its_task():
    model = Model(WEIGHTS)
    totals = model.totals(model.added("a"))
    yes, no = (model.probability("relevant", label, totals) for label in ("yes", "no"))
    assert math.isclose(yes, 1 / (1 + math.exp(-0.4)))
    assert math.isclose(yes + no, 1)
    assert model.probability("trust", "press", model.totals(0)) == 0.25
