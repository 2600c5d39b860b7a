"""The law beside a story: what held on the day of the alert for what the story is about."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.knowledge.ledger import AS_OF
from bot.knowledge.library import Knowledge
from bot.model import Assessment
from bot.pipeline.ledger.law import MOST_CHIPS, MOST_PLACES, law_from


def lines(knowledge: Knowledge, chips: tuple[str, ...], places: tuple[str, ...], *day: int) -> list[Any]:
    facts = Assessment(relevant=True, score=1.0, chips=chips, destinations=places)
    return law_from(knowledge)(facts, datetime(*day, tzinfo=UTC))  # type: ignore[misc, arg-type]


def test_a_published_rule_is_cited_with_its_first_day(knowledge: Knowledge) -> None:
    (line,) = lines(knowledge, ("H200",), ("CN",), 2026, 10, 9)
    assert line == {
        "chip": "H200",
        "destination": "CN",
        "status": "licence_required_case_by_case",
        "since": "2026-01-15",
        "basis": "91 FR 1684",
        "basis_date": "2026-01-15",
        "maker": "",
        "changed": False,
        "ledger_as_of": AS_OF.isoformat(),
    }
    assert lines(knowledge, ("H200",), ("CN",), 2026, 1, 14)[0]["status"] == "licence_required_presumption_of_denial"


def test_a_rule_that_took_a_letters_place_is_cited_with_its_own_first_day(knowledge: Knowledge) -> None:
    (line,) = lines(knowledge, ("A800",), ("CN",), 2025, 6, 1)
    assert (line["since"], line["basis"], line["basis_date"]) == ("2023-10-23", "88 FR 73458", "2023-11-17")


@pytest.mark.parametrize(
    ("day", "status"),
    [
        ((2025, 4, 9), "licence_required_by_letter_policy_unpublished"),
        ((2025, 7, 20), "licence_required_by_letter_approval_expected"),
        ((2025, 8, 20), "licence_required_by_letter_some_licences_issued"),
    ],
)
def test_a_letter_binds_since_its_own_day_whatever_was_promised_under_it_since(
    knowledge: Knowledge, day: tuple[int, int, int], status: str
) -> None:
    (line,) = lines(knowledge, ("H20",), ("CN",), *day)
    assert (line["status"], line["since"], line["basis_date"]) == (status, "2025-04-09", "2025-04-09")
    assert (line["maker"], line["basis"]) == ("Nvidia", "")
    (before,) = lines(knowledge, ("H20",), ("CN",), 2025, 4, 8)
    assert (before["since"], before["basis"], before["maker"]) == ("2023-11-17", "88 FR 73458", "")


def test_a_story_about_much_shows_the_first_of_it(knowledge: Knowledge) -> None:
    found = lines(knowledge, ("H20", "H200", "A800", "H100"), ("CN", "MY", "SG"), 2026, 10, 9)
    assert [(line["chip"], line["destination"]) for line in found] == [
        (chip, place) for chip in ("H20", "H200", "A800")[:MOST_CHIPS] for place in ("CN", "MY")[:MOST_PLACES]
    ]


def test_what_the_knowledge_does_not_know_or_american_law_does_not_reach_has_no_line(knowledge: Knowledge) -> None:
    found = lines(knowledge, ("Nosuch 1", "Ascend 910C", "H20"), ("Atlantis", "CN"), 2026, 10, 9)
    assert [(line["chip"], line["destination"]) for line in found] == [("H20", "CN")]
