"""What was known on a day: nothing that was learnt later decides, is told, or is cited."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.knowledge.entry import to_toml
from bot.knowledge.ledger import load_ledger
from bot.knowledge.library import Knowledge
from bot.knowledge.proofreading import check
from bot.knowledge.recorded import read_events

LETTER = "licence_required_by_letter_policy_unpublished"
NONE = "no_licence_required"
DENIAL = "licence_required_presumption_of_denial"


def us(knowledge: Knowledge, chip: str, place: str, day: str, **asked: str) -> tuple[str, str | None]:
    layer = knowledge.status(chip, place, day, **asked).us_export
    assert layer is not None
    return str(layer.name), layer.until.isoformat() if layer.until else None


@pytest.mark.parametrize(("chip", "after"), [("H20", NONE), ("MI308X", "undetermined")])
def test_an_end_is_not_known_before_it_was_public(knowledge: Knowledge, chip: str, after: str) -> None:
    """Cambodia left group D:5, which both letters name, on 3 February 2026."""
    assert us(knowledge, chip, "KH", "2026-02-02") == (LETTER, "2026-02-03")
    assert us(knowledge, chip, "KH", "2026-02-03") == (after, None)
    assert us(knowledge, chip, "KH", "2026-02-05", known_on="2026-02-01") == (LETTER, None)
    assert us(knowledge, chip, "KH", "2026-02-05", known_on="2026-02-03") == (after, None)
    then = knowledge.status(chip, "KH", "2025-06-01", known_on="2025-06-01").us_export
    assert then is not None
    assert then.until is None
    assert "2026" not in then.reason.text


def test_a_letter_and_the_rule_know_the_same_of_cambodia(knowledge: Knowledge) -> None:
    for known_on, strict in (("2026-02-01", True), ("2026-02-03", False)):
        letter, _ = us(knowledge, "H20", "KH", "2026-02-05", known_on=known_on)
        rule, _ = us(knowledge, "H100", "KH", "2026-02-05", known_on=known_on)
        assert (letter == LETTER, rule == DENIAL) == (strict, strict)


def test_the_day_on_which_an_end_became_known_is_written_and_read(knowledge: Knowledge) -> None:
    ledger = load_ledger()
    letter = ledger.get("2025-04-15-h20-letter")
    assert letter is not None
    assert read_events(to_toml([letter])) == (letter,)
    in_cambodia = letter.effects[1]
    assert in_cambodia.ends_public_from == in_cambodia.ends
    endless = replace(letter, effects=(replace(in_cambodia, ends=None),))
    early = replace(letter, effects=(replace(in_cambodia, ends_public_from=letter.announced.replace(day=1)),))
    assert [problem.field for event in (letter, endless, early) for problem in check([event])] == [
        "ends_public_from",
        "ends_public_from",
    ]


@pytest.mark.parametrize(
    ("chip", "place", "day", "layer", "later"),
    [
        ("H200", "CN", "2026-01-28", "destination_side", "August"),
        ("RTX 5090D V2", "CN", "2026-05-15", "destination_side", "later"),
        ("RTX 4090", "SA", "2023-11-17", "us_export", "2024"),
        ("H100", "DE", "2022-10-21", "us_export", "2023"),
        ("HBM3E", "CN", "2023-01-01", "us_export", "2024"),
    ],
)
def test_a_reason_tells_nothing_that_came_later(
    knowledge: Knowledge, chip: str, place: str, day: str, layer: str, later: str
) -> None:
    found = getattr(knowledge.status(chip, place, day, known_on=day), layer)
    assert found is not None
    assert later not in found.reason.text
