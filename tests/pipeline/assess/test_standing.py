"""How far an act has come, whose word it is, and how much that weighs, each with the name of its rule."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.model import OWN_NAME, Assessment, Direction, Kind, Severity, Stage, Trust
from bot.pipeline.assess import assess_text
from bot.pipeline.assess.severity import severity_of
from bot.pipeline.assess.trust import in_own_name, publisher_trust

RULES = [
    ("Senators introduce a bill to restrict Nvidia chip exports to China", Stage.PROPOSED, "bill_is_not_law"),
    ("US begins issuing licenses to Nvidia to export H20 to China", Stage.ISSUED, "licences_issued"),
    ("New BIS rule on Nvidia H20 chip exports takes effect", Stage.IN_FORCE, "in_force_words"),
    ("US allows Nvidia H200 chip exports to China", Stage.ANNOUNCED, "announced"),
    ("China summons Nvidia over H20 chip security risks", Stage.ANNOUNCED, "announced"),
]


@pytest.mark.parametrize(("title", "stage", "rule"), RULES)
def test_a_stage_has_the_name_of_its_rule(title, stage, rule):
    found = assess_text(title)
    assert found.stage is stage
    assert [reason.rule for reason in found.reasons if reason.label == "stage"] == [rule]


def test_the_words_of_press_without_any_other_sign_are_press():
    found = assess_text("US restricts Nvidia H20 chip exports to China")
    assert found.trust is Trust.PRESS
    assert [reason.label for reason in found.reasons].count("trust") == 1


@pytest.mark.parametrize(
    ("kind", "stage", "trust", "chips", "places", "severity"),
    [
        (Kind.STATEMENT, None, Trust.PRESS, ("H20",), (), Severity.NORMAL),
        (Kind.STATEMENT, None, Trust.PRESS, ("RTX 4090",), (), Severity.LOW),
        (Kind.STATEMENT, None, Trust.OFFICIAL, (), (), Severity.NORMAL),
        (Kind.LICENCE_GRANTED, Stage.ISSUED, Trust.PRESS, ("H20",), ("CN",), Severity.CRITICAL),
        (Kind.LICENCE_GRANTED, Stage.ISSUED, Trust.PRESS, ("H20",), ("MY",), Severity.HIGH),
        (Kind.LICENCE_GRANTED, Stage.ISSUED, Trust.RUMOUR, ("H20",), ("CN",), Severity.NORMAL),
        (Kind.LICENCE_GRANTED, Stage.PROMISED, Trust.PRESS, ("H20",), ("CN",), Severity.HIGH),
        (Kind.RULE, Stage.IN_FORCE, Trust.OFFICIAL, (), (), Severity.CRITICAL),
        (Kind.RULE, Stage.IN_FORCE, Trust.PRESS, (), (), Severity.HIGH),
    ],
)
def test_the_first_row_that_fits_weighs_an_act(kind, stage, trust, chips, places, severity):
    assert severity_of(kind, stage, trust, chips, places) is severity


def test_what_an_office_holder_says_is_weighed_as_a_promise_in_his_own_name():
    law = Assessment(
        True, 1.0, kind=Kind.RULE, direction=Direction.RESTRICTS, trust=Trust.OFFICIAL, stage=Stage.IN_FORCE,
        destinations=("CN",), severity=Severity.CRITICAL,
    )  # fmt: skip
    said = in_own_name(law)
    assert (said.stage, said.severity, said.reasons) == (Stage.PROMISED, Severity.HIGH, (OWN_NAME,))
    rumour = in_own_name(replace(law, trust=Trust.RUMOUR))
    assert rumour.severity is Severity.NORMAL
    aside = in_own_name(replace(law, relevant=False, severity=Severity.LOW, stage=None))
    assert (aside.stage, aside.severity) == (None, Severity.LOW)


def test_an_address_without_a_host_says_nothing_of_its_publisher():
    assert publisher_trust(None, "", "no address") == (None, "")
    assert publisher_trust(None, "", "https://www.bis.gov/" + "a" * 5000)[0] is Trust.OFFICIAL
