"""What is said beside a status: from which day to which, for which chips and places, and to whom it was known."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.knowledge.conditions import pays_tariff
from bot.knowledge.library import Knowledge
from bot.knowledge.question import Question


def said(knowledge: Knowledge, chip: str, place: str, day: str, **asked: str) -> set[str]:
    status = knowledge.status(chip, place, day, **asked)
    return {*(each.key for each in status.conditions), *(note.key for note in status.notes)}


@pytest.mark.parametrize(
    ("key", "chip", "place", "first", "last"),
    [
        ("condition.open_letter_2022", "H200", "CN", "2022-08-26", "2022-10-20"),
        ("condition.middle_east_2023", "H100", "SA", "2023-07-01", "2023-10-22"),
        ("condition.headquarters_before_guidance", "H200", "MY", "2023-11-17", "2026-05-30"),
        ("condition.headquarters", "H200", "MY", "2026-05-31", None),
        ("condition.party_lists", "H20", "CN", None, "2025-09-28"),
        ("condition.party_lists_affiliates", "H20", "CN", "2025-09-29", "2025-11-09"),
        ("condition.party_lists_suspended", "H20", "CN", "2025-11-10", "2026-11-09"),
        ("condition.party_lists_open", "H20", "CN", "2026-11-10", None),
        ("condition.approval_text_before", "H200", "SA", "2025-01-13", "2025-05-12"),
        ("condition.approval_text", "H200", "SA", "2025-05-13", None),
        ("condition.memory_before", "HBM3E", "CN", None, "2024-12-01"),
        ("condition.memory", "HBM3E", "CN", "2024-12-02", None),
        ("condition.system_before", "DGX H100", "DE", None, "2022-10-20"),
        ("condition.system_2022", "DGX H100", "DE", "2022-10-21", "2023-11-16"),
        ("condition.system", "DGX H100", "DE", "2023-11-17", None),
        ("note.revenue_share", "H20", "CN", "2025-08-11", None),
        ("note.tariff", "H200", "CN", "2026-01-15", None),
        ("note.january_over", "B200", "CN", "2026-01-15", None),
    ],
)
def test_a_word_is_said_from_its_first_day_to_its_last(
    knowledge: Knowledge, key: str, chip: str, place: str, first: str | None, last: str | None
) -> None:
    def before(day: str) -> str:
        return (date.fromisoformat(day) - timedelta(days=1)).isoformat()

    if first:
        assert key in said(knowledge, chip, place, first)
        assert key not in said(knowledge, chip, place, before(first))
    if last:
        assert key in said(knowledge, chip, place, last)
        after = (date.fromisoformat(last) + timedelta(days=1)).isoformat()
        assert key not in said(knowledge, chip, place, after)


@pytest.mark.parametrize(
    ("key", "chip", "place", "day"),
    [
        ("condition.open_letter_2022", "H200", "MY", "2022-09-01"),  # the letter named China
        ("condition.open_letter_2022", "L40S", "CN", "2022-09-01"),  # its link is slower than 600 GB/s
        ("condition.middle_east_2023", "H100", "DE", "2023-09-01"),
        ("condition.middle_east_2023", "L40S", "SA", "2023-09-01"),
        ("condition.open_letter_h20", "L20", "DE", "2026-10-09"),
        ("condition.open_letter_h20", "H20", "CN", "2026-10-09"),  # its own letter is its status
        ("condition.headquarters", "H200", "CN", "2026-10-09"),  # where the seat changes nothing
        ("condition.headquarters", "H20", "MY", "2026-10-09"),  # under the thresholds
        ("note.revenue_share", "H20", "MO", "2026-03-01"),
        ("note.revenue_share", "H200", "CN", "2026-03-01"),
        ("note.tariff", "H200", "DE", "2026-03-01"),
        ("note.january_over", "H200", "CN", "2026-03-01"),
        ("note.january_over", "B200", "RU", "2026-03-01"),
        ("note.european_law", "H200", "CN", "2026-03-01"),
    ],
)
def test_a_word_is_not_said_of_other_chips_and_places(
    knowledge: Knowledge, key: str, chip: str, place: str, day: str
) -> None:
    assert key not in said(knowledge, chip, place, day)


def test_where_the_goods_lie_brings_its_own_words(knowledge: Knowledge) -> None:
    assert "note.european_law" in said(knowledge, "H200", "SG", "2026-10-09", shipped_from="DE")
    assert "note.european_law" not in said(knowledge, "H200", "SG", "2026-10-09", shipped_from="GB")
    onward = "condition.malaysia_reexport"
    assert onward in said(knowledge, "H200", "SG", "2025-07-14", shipped_from="MY", buyer_hq="SG")
    assert onward not in said(knowledge, "H200", "SG", "2025-07-13", shipped_from="MY", buyer_hq="SG")
    assert onward not in said(knowledge, "H20", "SG", "2025-07-14", shipped_from="MY", buyer_hq="SG")


def test_what_nobody_could_know_yet_is_not_said(knowledge: Knowledge) -> None:
    letters = "condition.middle_east_2023"
    assert letters in said(knowledge, "H100", "SA", "2023-09-01", known_on="2023-08-28")
    assert letters not in said(knowledge, "H100", "SA", "2023-09-01", known_on="2023-08-27")
    assert "condition.headquarters" in said(knowledge, "H200", "MY", "2026-07-01", known_on="2026-05-31")
    assert "condition.headquarters_before_guidance" in said(
        knowledge, "H200", "MY", "2026-07-01", known_on="2026-05-30"
    )
    assert "condition.party_lists" in said(knowledge, "H20", "CN", "2025-10-15", known_on="2025-09-28")


@pytest.mark.parametrize(
    ("tpp", "bandwidth", "pays"),
    [
        (14_000, 4_800, False), (14_001, 4_800, True), (17_499, 4_800, True), (17_500, 4_800, False),
        (15_832, 4_500, False), (15_832, 4_501, True), (15_832, 4_999, True), (15_832, 5_000, False),
        (20_800, 6_000, False), (20_801, 6_000, True), (21_099, 6_000, True), (21_100, 6_000, False),
        (20_916, 5_800, False), (20_916, 5_801, True), (20_916, 6_199, True), (20_916, 6_200, False),
        (15_832, 6_000, False), (20_916, 4_800, False), (None, 4_800, False), (15_832, None, False),
    ],
)  # fmt: skip
def test_the_bands_of_the_tariff_leave_their_edges_out(
    knowledge: Knowledge, tpp: float | None, bandwidth: float | None, pays: bool
) -> None:
    """Proclamation 11002: "greater than" and "less than", both."""
    known = knowledge.chips["H200"]
    chip = replace(known, figures=replace(known.figures, tpp=tpp), bandwidth_gb_s=bandwidth)
    assert pays_tariff(Question(chip, "CN", knowledge.groups)) is pays


def test_a_date_that_has_passed_without_a_record_is_told_where_it_belongs(knowledge: Knowledge) -> None:
    assert "note.outcome_open" in said(knowledge, "H20", "US", "2026-07-01")
    assert "note.outcome_open" not in said(knowledge, "H20", "US", "2026-06-30")
    assert "note.outcome_open" not in said(knowledge, "H20", "DE", "2026-10-09")


def test_country_groups_that_are_not_certain_are_called_so(knowledge: Knowledge) -> None:
    assert "note.groups_uncertain" in said(knowledge, "RTX 4090", "KH", "2025-06-01")
    assert "note.groups_uncertain" not in said(knowledge, "RTX 4090", "DE", "2025-06-01")


def test_a_chip_that_is_not_yet_sold_is_named(knowledge: Knowledge) -> None:
    notes = {note.key: note.text for note in knowledge.status("H200", "CN", "2023-01-01").notes}
    assert "H200" in notes["note.not_yet_sold"]
