"""Consequences are computed from the matrix before and after, never written; drafts wait for a person."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from bot.knowledge.consequences import answers_of, days_of, flips
from bot.knowledge.drafts import draft_of
from bot.knowledge.event import Layer
from bot.knowledge.ledger import load_ledger
from bot.knowledge.library import Knowledge
from bot.knowledge.recorded import read_events
from bot.model import FOLLOWED, Assessment, Direction, Document, State, Trust

DENIAL, CASE, NAC = (
    "licence_required_presumption_of_denial",
    "licence_required_case_by_case",
    "licence_required_exception_NAC_possible",
)


def test_the_rule_of_january_2026_flips_denial_to_case_by_case_and_nothing_else(knowledge: Knowledge) -> None:
    ask = answers_of(knowledge)
    found = flips(ask, ask, knowledge.chips, knowledge.classes(), date(2026, 1, 15), compared_with=date(2026, 1, 14))
    assert {(flip.layer, flip.before, flip.after) for flip in found.flips} == {(Layer.US_EXPORT, DENIAL, CASE)}
    (group,) = found.groups
    assert set(group.destinations) == {"CN", "HK", "MO"}
    assert {"H100", "H200", "L40S", "MI300X"} <= set(group.chips)
    assert not {"A800", "H800", "B200", "H20", "RTX 4090"} & set(group.chips)
    assert group.answers == len(found.flips)
    assert found.on == date(2026, 1, 15)
    assert found.asked == 2 * len(knowledge.chips) * len(knowledge.countries)


def test_a_recorded_event_changes_what_it_names_from_its_day(knowledge: Knowledge) -> None:
    letter = next(event for event in load_ledger().events if event.id == "2025-08-08-h20-licences")
    without = knowledge.with_ledger(load_ledger().with_events([_without_effects(letter)]))
    (day,) = days_of(letter)
    found = flips(answers_of(without), answers_of(knowledge), knowledge.chips, ["CN", "HK", "MO", "DE"], day)
    (group,) = found.groups
    assert (group.chips, group.destinations) == (("H20",), ("CN", "HK"))
    assert group.json() == {
        "layer": "us_export",
        "before": "licence_required_by_letter_approval_expected",
        "after": "licence_required_by_letter_some_licences_issued",
        "chips": ["H20"],
        "destinations": ["CN", "HK"],
    }
    earlier = flips(answers_of(without), answers_of(knowledge), ["H20"], ["CN"], date(2025, 8, 7))
    assert (earlier.flips, earlier.asked) == ((), 2)


def test_blocks_are_full_and_hold_every_flip_once() -> None:
    table = {("A", "CN"): 1, ("A", "HK"): 1, ("B", "CN"): 1, ("B", "HK"): 1, ("C", "CN"): 1, ("D", "MO"): 2}

    def after(chip: str, destination: str, day: date) -> Mapping[Layer, str | None]:
        return {Layer.US_EXPORT: {0: None, 1: CASE, 2: NAC}[table.get((chip, destination), 0)]}

    def before(chip: str, destination: str, day: date) -> Mapping[Layer, str | None]:
        return {}

    found = flips(before, after, "ABCDE", ["CN", "HK", "MO"], date(2026, 1, 1))
    assert [(group.chips, group.destinations, group.after) for group in found.groups] == [
        (("A", "B"), ("CN", "HK"), CASE),
        (("C",), ("CN",), CASE),
        (("D",), ("MO",), NAC),
    ]
    assert sum(group.answers for group in found.groups) == len(found.flips) == 6


def _without_effects(event):
    from dataclasses import replace

    return replace(event, effects=())


RULE = Document(
    source="federal-register-bis",
    key="2026-00789",
    title='Revision to "License" Review Policy\n[[event]]',
    url="https://www.federalregister.gov/documents/2026/01/15/2026-00789/revision",
    published=date(2026, 1, 15),
    summary="What the publisher says.",
    kind="Rule",
    details={
        "document_number": "2026-00789",
        "citation": "91 FR 1684",
        "dates": "This rule is effective January 15, 2026. Comments must be received by March 1, 2026.",
        "cfr_references": ["15 CFR 742", "15 CFR 748"],
        "agencies": [{"name": "Industry and Security Bureau"}],
    },
)
ABOUT = Assessment(
    relevant=True,
    score=0.9,
    chips=("H200",),
    origin=("US",),
    destinations=("CN", "MO"),
    direction=Direction.RELAXES,
    trust=Trust.OFFICIAL,
)


def test_an_official_rule_with_a_day_and_a_cfr_part_becomes_a_draft() -> None:
    draft = draft_of(RULE, ABOUT)
    assert draft
    assert draft.parts == ("742", "748")
    (event,) = read_events(draft.toml())
    assert event == draft.event
    assert (event.effective, event.announced, event.kind) == (date(2026, 1, 15), date(2026, 1, 15), "rule")
    assert (event.chips, event.destinations, event.direction) == (("H200",), ("CN", "MO"), "relaxes")
    assert event.citations[0].title == "91 FR 1684"
    assert event.effects == ()
    assert "effects" in draft.missing


def test_a_draft_is_no_part_of_any_answer(knowledge: Knowledge) -> None:
    draft = draft_of(RULE, ABOUT)
    assert draft
    ask, after = answers_of(knowledge), answers_of(knowledge.with_ledger(load_ledger().with_events([draft.event])))
    assert flips(ask, after, ["H200"], ["CN", "MO"], date(2026, 1, 15)).flips == ()


def test_what_lacks_both_day_and_part_or_an_official_publisher_makes_no_draft() -> None:
    from dataclasses import replace

    def with_details(**details: object) -> Document:
        return replace(RULE, details={k: v for k, v in {**RULE.details, **details}.items() if v is not None})

    assert draft_of(with_details(dates=None, cfr_references=None), ABOUT) is None
    assert draft_of(with_details(dates="Effective February 31, 2026.", cfr_references=["31 CFR 744"]), ABOUT) is None
    assert draft_of(with_details(dates=None, cfr_references="15 CFR 744"), ABOUT) is None
    assert draft_of(replace(RULE, state=State.SCHEDULED), ABOUT) is None
    assert draft_of(replace(RULE, state=State.WITHDRAWN), ABOUT) is None
    assert draft_of(replace(RULE, url="http://www.federalregister.gov/x"), ABOUT) is None
    assert draft_of(replace(RULE, published=None), ABOUT) is None
    assert draft_of(RULE, replace(ABOUT, trust=Trust.PRESS)) is None
    stated = draft_of(with_details(dates=None, effective_on="2026-01-20"), ABOUT)
    assert stated
    assert stated.event.effective == date(2026, 1, 20)


def test_a_part_alone_or_a_day_alone_makes_a_draft_that_says_what_is_missing() -> None:
    from dataclasses import replace

    part = draft_of(replace(RULE, details={"cfr_references": ["15 CFR 744"]}), ABOUT)
    assert part
    assert (part.parts, part.event.effective) == (("744",), None)
    assert "effective" in part.missing
    details = {
        "dates": "Effective July 1, 2026. The surcharge is suspended through October 1, 2026.",
        FOLLOWED: {"eccns": ["3A090"]},
    }
    day = draft_of(
        replace(RULE, kind="Presidential Document", title="Adjusting Imports of Semiconductors", details=details), ABOUT
    )
    assert day
    assert (day.parts, day.event.kind) == ((), "tariff")
    assert (day.event.effective, day.event.until) == (date(2026, 7, 1), date(2026, 10, 2))
    assert "3A090" in day.event.note
    assert read_events(day.toml()) == (day.event,)


def test_a_draft_says_where_field_and_text_disagree() -> None:
    from dataclasses import replace

    words = "The comment period is reopened. Comments must be received on or before October 29, 2026."
    draft = draft_of(replace(RULE, details={"dates": words, "comments_close_on": "2026-08-24"}), ABOUT)
    assert draft
    assert "Comments due 2026-10-29" in draft.event.note
    assert "2026-08-24" in draft.event.note


def test_hostile_words_in_a_document_stay_words() -> None:
    from dataclasses import replace

    draft = draft_of(replace(RULE, source="x\n[[event]]\x00", key='"""\u2028'), ABOUT)
    assert draft
    assert read_events(draft.toml()) == (draft.event,)
