"""Tables, lists, notices, corrections: small cards that say one thing."""

from datetime import UTC, date, datetime

import pytest

from bot.cards.card import Tone, plain
from bot.cards.classification import classification_card
from bot.cards.correction import CAUSES, Correction, correction_card
from bot.cards.law import LawLine
from bot.cards.tables import SourceHealth, promises_card, sources_card, timeline_card, upcoming_card
from bot.knowledge.library import Knowledge
from bot.locale.catalogue import LANGUAGES
from bot.model import Health
from tests.cards.stories import words

AT = datetime(2026, 3, 1, 9, 14, tzinfo=UTC)


def test_the_sources_in_trouble_stand_first() -> None:
    card = sources_card(
        [
            SourceHealth("Wire", Health.OK, AT),
            SourceHealth("MITI", Health.STALE, None, "no news for 3 days"),
            SourceHealth("BIS", Health.FAILING, AT, "timeout"),
        ]
    )
    assert plain(card.title) == "Sources: 1 of 3 healthy"
    assert card.table is not None
    assert [row[0] for row in card.table.rows] == ["BIS", "MITI", "Wire"]
    assert card.table.rows[0] == ("BIS", "✗ failing", "1 Mar, 09:14 UTC", "timeout")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_source_has_a_word_in_every_health_the_most_troubled_first(language: str) -> None:
    card = sources_card([SourceHealth(health, health, AT) for health in reversed(Health)], language)
    assert card.table is not None
    assert [row[0] for row in card.table.rows] == list(Health)
    assert len({row[1] for row in card.table.rows}) == len(Health)


def test_long_tables_say_how_many_are_left() -> None:
    card = sources_card([SourceHealth(f"S{n}", Health.OK, AT) for n in range(23)], "de")
    assert card.table is not None
    assert len(card.table.rows) == 20
    assert plain(card.footer[0]) == "und 3 weitere"


def test_promises_and_dates_write_days_as_the_language_does() -> None:
    row = {"made_on": "2025-07-14", "by": "Nvidia", "title": "H20 licences", "days": 25, "outcome": "first issued"}
    card = promises_card([row], "de")
    assert card.table is not None
    assert card.table.rows == (("14. Juli 2025", "Nvidia", "H20 licences", "25", "first issued"),)
    known = promises_card([{**row, "outcome": "outcome not recorded"}], "de")
    assert known.table is not None
    assert known.table.rows[0][-1] == "Ergebnis nicht erfasst"
    ending = upcoming_card([{"date": "2026-11-10", "days": -14, "title": "A pause", "state": "ahead", "ends": True}])
    assert ending.table is not None
    assert ending.table.rows[0][2] == "Ends: A pause"
    ahead = upcoming_card([{"date": "2027-01", "days": None, "title": "Truce ends", "state": "ahead"}])
    assert ahead.table is not None
    assert ahead.table.rows == (("2027-01", "", "Truce ends", "ahead"),)
    assert "No promise" in words(promises_card([]))


def test_the_timeline_cites_each_event() -> None:
    event = {
        "announced": "2026-01-13",
        "effective": "2026-01-15",
        "title": "H200-class chips: case by case",
        "citations": [{"title": "91 FR 1684", "url": "https://www.federalregister.gov/d/2", "date": "2026-01-15"}],
    }
    card = timeline_card([event])
    assert plain(card.lines[0]) == "13 Jan 2026 H200-class chips: case by case · in force 15 Jan 2026 · 91 FR 1684"
    assert card.lines[0][-1].url == "https://www.federalregister.gov/d/2"
    assert plain(timeline_card([], "zh").lines[0]) == "没有与此相关的登记事件。"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("cause", CAUSES)
def test_a_correction_says_what_was_wrong_where_and_what_the_law_is(cause: str, language: str) -> None:
    wrong = Correction("RTX 4090 → China: barred", cause, AT, AT.replace(minute=52), 41, True, 4)
    law = LawLine("RTX 4090", "CN", "licence_required_exception_NAC_possible", date(2023, 11, 17))
    card = correction_card(wrong, (law,), language)
    assert card.tone is Tone.CORRECTION
    assert "✖" in plain(card.marks)
    assert "RTX 4090 → China: barred" in plain(card.title)
    assert "2023" in plain(card.lines[1])
    assert "41" in plain(card.footer[0])


def test_the_correction_in_english() -> None:
    wrong = Correction("RTX 4090 → China: barred", "redated", AT, AT.replace(minute=52), 41, True, 4)
    law = LawLine("RTX 4090", "CN", "licence_required_exception_NAC_possible", date(2023, 11, 17))
    assert words(correction_card(wrong, (law,))).splitlines()[:2] == [
        "✖ CORRECTION · our mistake",
        "Withdrawn: “RTX 4090 → China: barred”",
    ]
    assert plain(correction_card(wrong, (law,)).footer[0]) == (
        "On screen from 1 Mar, 09:14 UTC to 1 Mar, 09:52 UTC in 41 channels. Reported by a reader. "
        "Correction number 4 this year."
    )


def test_a_chip_classified_from_its_numbers(knowledge: Knowledge) -> None:
    found = knowledge.classify({"fp16": 148, "int8": 296}, 814, on="2025-05-20", to="CN")
    card = classification_card(found)
    assert plain(card.title) == "These figures meet no paragraph of 3A090 on 20 May 2025"
    assert plain(card.lines[0]).startswith("Shipped to China: ")
    assert card.table is not None
    assert ("3A090.a.1", "TPP", "4,800", "2,368", "-2,432") in card.table.rows
    assert plain(card.footer[0]).startswith("TPP 2,368 (")


@pytest.mark.parametrize("language", LANGUAGES)
def test_figures_that_leave_the_answer_open_name_every_outcome(knowledge: Knowledge, language: str) -> None:
    found = knowledge.classify({"int8": 300}, None, bandwidth=2000, on="2026-02-01", to="CN")
    shown = [plain(line) for line in classification_card(found, language).lines]
    outcomes = [line for line in shown if line.startswith("⚠")]
    assert len(outcomes) == len(set(outcomes)) == 3
    assert ["3A090.a" in line for line in outcomes] == [True, False, False]
    assert ["3A090.b" in line for line in outcomes] == [False, True, False]
    decided = knowledge.classify({"int8": 300}, 250, bandwidth=2000, on="2026-02-01", to="CN")
    assert not [line for line in classification_card(decided, language).lines if plain(line).startswith("⚠")]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("ops", [{"fp16": 148}, {"fp8": 1979}, {"tf32": 500}, {"int8": 5.0e9}])
@pytest.mark.parametrize("die", [None, 814.0])
def test_any_numbers_have_a_card(knowledge: Knowledge, ops: dict[str, float], die: float | None, language: str) -> None:
    for day in ("2022-08-01", "2023-01-01", "2026-09-01"):
        found = knowledge.classify(ops, die, on=day)
        shown = words(classification_card(found, language))
        assert "{" not in shown
        if language != "en":
            assert not [note.text for note in found.notes if note.text in shown]
