"""What speaks for and against two documents telling the same: every weight is a feature's, and each has its case."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.pipeline.stories.fingerprint import Fingerprint
from bot.pipeline.stories.likeness import likeness_features, shipped

NOTHING: frozenset[Any] = frozenset()
REPORT = Fingerprint(
    source="wire", key="1", day=739_000, kind="rule", direction="restricts", stage=None, trust=1, subject="US",
    chips=NOTHING, companies=NOTHING, origin=frozenset({"US"}), destinations=frozenset({"CN"}), concepts=NOTHING,
    numbers=NOTHING, dates=NOTHING, words=NOTHING, names=NOTHING, title=NOTHING, spots=NOTHING, named=NOTHING,
    script="latin", link="",
)  # fmt: skip


def two(**facts: Any) -> tuple[Fingerprint, Fingerprint]:
    """The report and another that differs as told: a pair holds what either says, anything else what both say."""
    mine = {name: value[0] if isinstance(value, tuple) else value for name, value in facts.items()}
    theirs = {name: value[1] if isinstance(value, tuple) else value for name, value in facts.items()}
    return replace(REPORT, **mine), replace(REPORT, **theirs)


def some(*names: Any) -> frozenset[Any]:
    return frozenset(names)


CASES: list[tuple[str, dict[str, Any], int | None, float]] = [
    ("base", {}, 0, 1.0),
    ("kind_same", {}, 0, 1.0),
    ("group_same", {"kind": ("rule", "guidance")}, 0, 1.0),
    ("group_far", {"kind": ("rule", "bill")}, 0, 1.0),
    ("talk_and_act", {"kind": ("rule", "other")}, 0, 1.0),
    ("talk_both", {"kind": ("other", "analysis")}, 5, 1.0),
    ("talk_that_day", {"kind": "other"}, 0, 1.0),
    ("stage_far", {"stage": ("proposed", "in_force")}, 0, 1.0),
    ("issued_or_not", {"kind": "licence_granted", "stage": ("issued", "promised")}, 0, 1.0),
    ("issued_both", {"kind": "licence_granted", "stage": "issued"}, 0, 1.0),
    ("direction_same", {}, 0, 1.0),
    ("direction_against", {"direction": ("restricts", "relaxes")}, 0, 1.0),
    ("chips_share", {"chips": (some("H20"), some("H20", "A100"))}, 0, 1.0),
    ("chips_share", {"chips": (some("H20", "B200"), some("H20", "A100"))}, 0, 0.5),
    ("chips_differ", {"chips": (some("H20"), some("A100"))}, 0, 1.0),
    ("chips_one_side", {"chips": (some("H20"), NOTHING)}, 0, 1.0),
    ("companies_rare", {"companies": some("SMIC", "Nvidia")}, 0, 1.0),
    ("companies_rare", {"companies": some("SMIC", "Inspur", "Huawei")}, 0, 2.0),
    ("companies_differ", {"companies": (some("SMIC"), some("Inspur"))}, 0, 1.0),
    ("companies_same", {"companies": some("SMIC")}, 0, 1.0),
    ("ways_rare", {"destinations": some("MY")}, 0, 1.0),
    ("ways_differ", {"destinations": (some("MY"), some("CN")), "origin": (some("NL"), some("US"))}, 0, 2.0),
    ("subject_same", {}, 0, 1.0),
    ("subject_differs", {"subject": ("US", "CN")}, 0, 1.0),
    ("concepts", {"concepts": (some("a", "b"), some("a"))}, 0, 0.5),
    ("acts", {"concepts": (some("terms.ban", "a"), some("terms.ban", "b"))}, 0, 1.0),
    ("body_same", {"concepts": (some("agencies.cac", "a"), some("agencies.cac"))}, 0, 1.0),
    ("body_differs", {"concepts": (some("agencies.cac"), some("agencies.samr"))}, 0, 1.0),
    ("named_same", {"named": (some("bill-1", "bill-2"), some("bill-1"))}, 0, 1.0),
    ("named_differs", {"named": (some("bill-1"), some("bill-2"))}, 0, 1.0),
    ("named_one_side", {"named": (some("bill-1"), NOTHING)}, 0, 1.0),
    ("numbers", {"numbers": some("1", "2", "3")}, 0, 2.0),
    ("numbers_differ", {"numbers": (some("1"), some("2"))}, 0, 1.0),
    ("numbers_one_side", {"numbers": (some("1"), NOTHING)}, 0, 1.0),
    ("spots", {"spots": some("persons.trump", "places.x", "places.y", "places.z", "places.w")}, 0, 3.0),
    ("other_language", {"script": ("latin", "cjk")}, 0, 1.0),
    ("dates", {"dates": (some(7), some(7, 8))}, 0, 1.0),
    ("names", {"names": some(*range(9))}, 0, 6.0),
    ("words", {"words": (some(1, 2), some(2, 3, 4))}, 0, 0.5),
    ("title", {"title": (some(1, 2), some(2, 3))}, 0, 1 / 3),
    ("same_source", {}, 0, 1.0),
    ("link", {"link": "https://a.example/1"}, 0, 1.0),
    ("time_unknown", {}, None, 1.0),
    ("day_same", {}, 1, 1.0),
    ("days_few", {}, 2, 1.0),
    ("days_few", {}, 4, 1.0),
    ("days_week", {}, 5, 1.0),
    ("days_week", {}, 10, 1.0),
    ("days_fortnight", {}, 11, 1.0),
    ("days_fortnight", {}, 18, 1.0),
    ("days_month", {}, 19, 1.0),
    ("days_month", {}, 35, 1.0),
    ("days_many", {}, 36, 1.0),
    ("days_few", {"day": (739_000, None), "dates": (NOTHING, some(739_003))}, None, 1.0),  # named in the other's text
]


@pytest.mark.parametrize(("name", "facts", "gap", "value"), CASES)
def test_a_feature_says_what_it_is_named_after(name: str, facts: dict[str, Any], gap: int | None, value: float) -> None:
    one, other = two(**facts)
    found = likeness_features(one, other, gap, {})
    assert found[name] == pytest.approx(value)
    assert likeness_features(other, one, gap, {}) == found, "it does not matter which came first"


def test_every_distance_in_days_is_one_feature() -> None:
    for gap in range(50):
        found = likeness_features(*two(), gap, {})
        assert len([name for name in found if name.startswith(("day", "time"))]) == 1, gap


def test_every_weight_is_a_features_and_every_feature_has_a_case() -> None:
    assert {name for name, *_ in CASES} == set(shipped().weights)


@pytest.mark.parametrize(
    "name",
    [
        "concepts",
        "acts",
        "chips_share",
        "companies_same",
        "numbers",
        "spots",
        "link",
        "dates",
        "names",
        "words",
        "title",
        "named_same",
    ],
)
def test_what_neither_says_they_do_not_share(name: str) -> None:
    assert name not in likeness_features(*two(subject=None), 0, {})
    assert "subject_same" not in likeness_features(*two(subject=None), 0, {})


@pytest.mark.parametrize(
    ("told", "differ", "one_side"),
    [
        ("chips", "chips_differ", "chips_one_side"),
        ("companies", "companies_differ", None),
        ("numbers", "numbers_differ", "numbers_one_side"),
        ("named", "named_differs", "named_one_side"),
    ],
)
def test_only_what_both_say_otherwise_differs(told: str, differ: str, one_side: str | None) -> None:
    for facts in (some("x"), (some("x"), some("x", "y")), (some("x"), NOTHING), NOTHING):
        found = likeness_features(*two(**{told: facts}), 0, {})
        assert differ not in found
        assert (one_side in found) is (facts == (some("x"), NOTHING) and one_side is not None)
