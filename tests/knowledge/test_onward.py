"""The destination's own layer: what was recorded there last, as it could be known on a day."""

from __future__ import annotations

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
