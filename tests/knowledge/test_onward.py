"""The destination's own layer: what was recorded there last, as it could be known on a day."""

from __future__ import annotations

from datetime import date

import pytest

from bot.knowledge.library import Knowledge


def side(knowledge: Knowledge, chip: str, place: str, day: str, known_on: str | None = None) -> tuple[str, str] | None:
    found = knowledge.status(chip, place, day, known_on=known_on).destination_side
    return (str(found.name), found.since.isoformat()) if found else None


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2025-11-04", None),
        ("2025-11-05", ("destination_discourages", "2025-11-05")),
        ("2026-01-12", ("destination_discourages", "2025-11-05")),
        ("2026-01-13", ("destination_bars_import", "2026-01-13")),
        ("2026-01-28", ("destination_conditional_approval", "2026-01-28")),
    ],
)
def test_the_measure_recorded_last_counts_from_its_own_day(
    knowledge: Knowledge, day: str, expected: tuple[str, str] | None
) -> None:
    assert side(knowledge, "H200", "CN", day) == expected
    assert side(knowledge, "H200", "DE", day) is None


def test_a_measure_that_nobody_knew_of_counts_for_nothing(knowledge: Knowledge) -> None:
    assert side(knowledge, "H200", "CN", "2026-01-20", known_on="2025-12-31") == (
        "destination_discourages",
        "2025-11-05",
    )
    assert side(knowledge, "H200", "CN", "2026-01-20", known_on="2025-11-01") is None


@pytest.mark.parametrize(
    ("ops", "die", "name"),
    [
        ({"fp8": 1979}, 814.0, "onward_permit_required"),
        ({"int8": 100}, 814.0, None),
        ({"int8": 392}, None, "undetermined"),  # the die's area decides, and it is not known
    ],
)
def test_malaysia_asks_for_a_permit_where_the_figures_reach_the_american_limits(
    law: Knowledge, ops: dict[str, float], die: float | None, name: str | None
) -> None:
    layer = law.classify(ops, die, on=date(2026, 10, 9), to="MY").json()["layers"]["destination_side"]
    assert (layer and layer["status"]) == name
    assert not layer or layer["confidence"] == ("uncertain" if name == "undetermined" else "confirmed")


def test_a_chip_without_published_figures_leaves_malaysia_s_permit_open(knowledge: Knowledge) -> None:
    layer = knowledge.status("B40", "MY", "2025-07-14").destination_side
    assert layer is not None
    assert (layer.name, layer.confidence, layer.reason.key) == ("undetermined", "uncertain", "reason.onward_open")
    assert (layer.since, layer.until) == (date(2025, 7, 14), None)
    assert layer.citations
    assert [str(status) for _, status in layer.outcomes] == ["onward_permit_required"]
    assert knowledge.status("B40", "MY", "2025-07-13").destination_side is None
