"""How far an act has come, whose word it is, and how much that weighs, each with the name of its rule."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.cards.sureness import BOUND, Sureness, sureness_of
from bot.model import OWN_NAME, Assessment, Direction, Kind, Severity, Stage, Trust
from bot.pipeline.assess import assess_text
from bot.pipeline.assess.judge import judge
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


PLANNED = """
Commerce Department weighs a licence requirement for Nvidia B30A exports to China
BIS may require a licence for H200 exports to Malaysia
Commerce Department proposes new, broader licence requirement for Nvidia B30A exports to China, in force from June
BIS announces intent to add Inspur to the Entity List
US drops plan to add CXMT to the Entity List
Commerce delays adding Biren to the Entity List
Senators urge Commerce to add CXMT, YMTC to the Entity List
Chip maker CXMT could be added to the Entity List
Entity List: BIS prepares to add CXMT
Licence requirement for Nvidia H20 exports to China expected next week
After the H20 ban, US considers a licence requirement for AMD MI308 exports to China
BIS plans guidance on Huawei Ascend chips
China threatens to ban Nvidia H20 purchases
US weighs issuing licences for Nvidia H20 exports to China
USA erwägen Genehmigungspflicht für Nvidia H20 nach China
USA wollen CXMT auf die Entity List setzen
CXMT soll auf die Entity List gesetzt werden
Genehmigungspflicht für Nvidia H20 nach China geplant
US-Handelsministerium schlägt Genehmigungspflicht für HBM nach China vor
BIS prüft Leitlinien zu Huawei Ascend
美国考虑将长鑫存储列入实体清单
長鑫存儲或被列入實體清單
美国或将要求英伟达H20对华出口须获许可
美国威胁对英伟达H20对华出口实施许可要求
""".strip().splitlines()

DONE = """
US adds Inspur to the Entity List, may add more
In May, BIS adds 12 Chinese AI chip firms to the Entity List
After weighing it for months, US adds CXMT to the Entity List
Lawmakers urge a ban after US adds Inspur to the Entity List
Nvidia may lose $5.5 billion on the H20 licence requirement
Nvidia could lose billions as US requires licence for H20 exports to China
New US licence requirement for Nvidia H20 exports to China takes effect
Planned licence requirement for Nvidia H20 exports to China takes effect
Licence requirement for Nvidia H20 exports to China proposed in May takes effect
Nvidia H20 licence requirement for China likely to cost billions
BIS requires a licence for Nvidia chips that could be used in supercomputers in China
BIS guidance of 13 May warns that using Huawei Ascend chips may violate export controls
BIS press release: licence requirement for Nvidia H20 exports to China
Interim Final Rule With Request for Comments: Licence Requirements for Advanced Computing Items to China
US issues licences for Nvidia H20 exports to China, may issue more
USA setzen Inspur auf die Entity List
Genehmigungspflicht für Nvidia H20 nach China: Nvidia könnte Milliarden verlieren
美国将长鑫存储列入实体清单，或将扩大范围
美国要求英伟达H20对华出口须获许可，英伟达或损失55亿美元
英伟达预计因H20许可要求损失55亿美元
""".strip().splitlines()


@pytest.mark.parametrize("trust", [Trust.OFFICIAL, None])
@pytest.mark.parametrize("title", PLANNED)
def test_what_is_only_planned_never_reads_like_law(title, trust):
    found = assess_text(title, trust=trust)
    assert found.stage is Stage.PROPOSED
    assert found.severity is not Severity.CRITICAL
    assert sureness_of(found) in ((Sureness.OFFICIAL,) if trust else (Sureness.SAID, Sureness.RUMOUR))


@pytest.mark.parametrize("title", DONE)
def test_a_plan_beside_an_act_makes_no_plan_of_the_act(title):
    found = assess_text(title, trust=Trust.OFFICIAL)
    assert found.stage in BOUND


@pytest.mark.parametrize(
    ("title", "lead"),
    [
        (
            "Proposed Additions of Entities to the Entity List",
            "BIS proposes to add 12 entities in China that make AI chips.",
        ),
        ("Licence Requirements for Advanced Computing Items to China", "It would take effect on 1 July 2026."),
        ("Export Controls on High-Bandwidth Memory", "Licences are issued to makers of HBM for China."),
    ],
)
def test_what_the_publisher_calls_a_proposed_rule_is_proposed(title, lead):
    found = judge(title, lead, "Federal Register", None, None, Trust.OFFICIAL, "Proposed Rule")
    assert (found.stage, sureness_of(found)) == (Stage.PROPOSED, Sureness.OFFICIAL)
    assert "proposed_rule" in [reason.rule for reason in found.reasons]


@pytest.mark.parametrize(
    ("title", "stage"),
    [
        ("US to add CXMT to the Entity List", Stage.ANNOUNCED),
        ("BIS will issue guidance on Huawei Ascend chips", Stage.ANNOUNCED),
        ("US will issue licences for Nvidia H20 exports to China", Stage.PROMISED),
    ],
)
def test_what_is_decided_and_still_to_come_is_not_issued(title, stage):
    assert assess_text(title).stage is stage


def test_the_lead_tells_a_plan_where_the_title_tells_no_act():
    lead = "BIS proposes to add 12 makers of AI chips in China to the Entity List."
    assert assess_text("Commerce takes aim at Chinese AI chips", lead, trust=Trust.OFFICIAL).stage is Stage.PROPOSED


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
