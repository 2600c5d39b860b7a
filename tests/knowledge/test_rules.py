"""The law alone, without the ledger: what a wrong row here says would be somebody's fine."""

from dataclasses import replace
from datetime import date

import pytest

import bot.knowledge.provision as provision_module
from bot.knowledge.event import Citation, Effect, Event, Layer
from bot.knowledge.ledger import MARKER_3A090
from bot.knowledge.library import Knowledge
from bot.knowledge.provision import PROVISIONS, Provision
from bot.knowledge.question import LEVEL_3A090

NONE = "no_licence_required"
DENIAL = "licence_required_presumption_of_denial"
APPROVAL = "licence_required_presumption_of_approval"
CASE = "licence_required_case_by_case"
NAC = "licence_required_exception_NAC_possible"
ACA = "licence_required_exception_ACA_possible"
REFUSED = "licence_required_policy_of_denial"
LISTED = "licence_free_for_listed_end_users_else_licence"


def us(knowledge: Knowledge, chip: str, place: str, day: str, **asked: str) -> str | None:
    status = knowledge.status(chip, place, day, **asked).us_export
    return str(status.name) if status else None


@pytest.mark.parametrize(
    ("chip", "place", "day", "expected"),
    [
        # October 2022: both limits, China and Hong Kong, Macau from January 2023.
        ("H200", "CN", "2022-10-20", NONE),
        ("H200", "CN", "2022-10-21", DENIAL),
        ("H200", "HK", "2022-10-21", DENIAL),
        ("H100", "MO", "2023-01-16", NONE),
        ("H100", "MO", "2023-01-17", DENIAL),
        ("H800", "CN", "2023-10-22", NONE),
        ("MI300A", "CN", "2023-11-16", NONE),
        ("H100", "SA", "2023-10-22", NONE),
        # The letter of 23 October 2023 brings the rule forward for five chips.
        ("A800", "CN", "2023-10-23", DENIAL),
        ("L40S", "MO", "2023-10-23", DENIAL),
        ("H100 PCIe", "SA", "2023-10-23", APPROVAL),
        ("H200", "SA", "2023-10-23", NONE),
        ("L4", "CN", "2023-11-16", NONE),
        ("H100", "SG", "2023-10-23", NONE),
        # November 2023.
        ("L4", "CN", "2023-11-17", DENIAL),
        ("H200", "VN", "2023-11-17", APPROVAL),
        ("H200", "SA", "2026-10-09", APPROVAL),
        ("H200", "IL", "2026-10-09", NONE),
        ("H200", "CY", "2026-10-09", NONE),
        ("H200", "TW", "2026-10-09", NONE),
        ("H200", "IN", "2026-10-09", NONE),
        ("H200", "VE", "2026-10-09", DENIAL),
        ("H20", "CN", "2025-04-08", NONE),
        ("L20", "CN", "2026-10-09", NONE),
        # Exceptions: NAC in D:5 and Macau, ACA in D:1 and D:4 from April 2024.
        ("RTX 4090", "CN", "2023-11-16", NONE),
        ("RTX 4090", "CN", "2023-11-17", NAC),
        ("RTX 4090", "MO", "2026-10-09", NAC),
        ("RTX 4090", "SA", "2024-04-03", NAC),
        ("RTX 4090", "SA", "2024-04-04", ACA),
        ("RTX 5090", "VN", "2026-10-09", ACA),
        ("A30", "PK", "2026-10-09", ACA),
        ("L40", "CN", "2026-10-09", NAC),
        ("A40", "CN", "2026-10-09", NAC),
        ("MI210", "CN", "2026-10-09", NAC),
        ("RTX 6000 Ada", "CN", "2026-10-09", NAC),
        ("RTX 4090D", "CN", "2026-10-09", NONE),
        ("RTX 5090D", "CN", "2026-10-09", NONE),
        ("RTX 4090", "MY", "2026-10-09", NONE),
        # January 2026.
        ("H200", "CN", "2026-01-14", DENIAL),
        ("H200", "CN", "2026-01-15", CASE),
        ("MI325X", "MO", "2026-01-15", CASE),
        ("B200", "CN", "2026-10-09", DENIAL),
        ("B30A", "CN", "2026-10-09", DENIAL),
        ("H800", "CN", "2026-10-09", DENIAL),
        # Russia, Belarus and the embargoes come before everything.
        ("H20", "RU", "2022-08-01", REFUSED),
        ("RTX 4090D", "BY", "2026-10-09", REFUSED),
        ("MI308X", "RU", "2026-10-09", REFUSED),
        ("T4", "IR", "2026-10-09", "embargoed"),
        ("H20", "KP", "2022-08-01", "embargoed"),
        ("MI309", "CU", "2026-10-09", "embargoed"),
        ("HBM", "SY", "2026-10-09", "embargoed"),
        # The United Arab Emirates.
        ("GB300", "AE", "2026-07-09", APPROVAL),
        ("GB300", "AE", "2026-07-10", LISTED),
        ("RTX 4090", "AE", "2026-07-09", ACA),
        ("RTX 4090", "AE", "2026-07-10", LISTED),
        ("H20", "AE", "2026-07-10", NONE),
        # Memory.
        ("HBM3E", "CN", "2024-12-01", NONE),
        ("HBM3E", "CN", "2024-12-02", DENIAL),
        ("HBM3E", "MO", "2024-12-02", DENIAL),
        ("HBM3E", "SA", "2026-10-09", NONE),
        # Unknown numbers and other origins.
        ("MI309", "CN", "2024-03-05", "undetermined"),
        ("RTX PRO 6000D", "CN", "2025-07-14", "undetermined"),
        ("WSE-3", "SA", "2026-10-09", "undetermined"),
        ("Ascend 910B", "CN", "2026-10-09", None),
        ("BR100", "MY", "2026-10-09", None),
        ("H200", "US", "2026-10-09", None),
    ],
)
def test_the_published_law(law: Knowledge, chip: str, place: str, day: str, expected: str | None) -> None:
    assert us(law, chip, place, day) == expected


@pytest.mark.parametrize(
    ("chip", "place", "day", "asked", "expected"),
    [
        ("H200", "SG", "2026-10-09", {"buyer_hq": "China"}, DENIAL),
        ("H200", "SG", "2023-11-16", {"buyer_hq": "China"}, NONE),
        ("H200", "SG", "2026-10-09", {"buyer_hq": "Macau"}, DENIAL),
        ("H200", "SG", "2026-10-09", {"buyer_hq": "Japan"}, NONE),
        ("H200", "SA", "2026-10-09", {"buyer_hq": "CN"}, DENIAL),
        # The letter of 23 October 2023 names destinations; how applications are judged follows the buyer's seat.
        ("A100", "SA", "2023-10-22", {"buyer_hq": "CN"}, NONE),
        ("A100", "SA", "2023-10-23", {"buyer_hq": "CN"}, DENIAL),
        ("A100", "SA", "2023-11-16", {"buyer_hq": "MO"}, DENIAL),
        ("A100", "SA", "2023-11-17", {"buyer_hq": "CN"}, DENIAL),
        ("A100", "SA", "2023-11-01", {"buyer_hq": "DE"}, APPROVAL),
        ("A100", "SG", "2023-11-01", {"buyer_hq": "CN"}, NONE),
        ("H200", "AE", "2026-10-09", {"buyer_hq": "CN"}, DENIAL),
        ("RTX 4090", "SG", "2026-10-09", {"buyer_hq": "CN"}, NAC),
        ("H20", "SG", "2025-04-08", {"buyer_hq": "CN"}, NONE),
        ("H20", "SG", "2025-04-09", {"buyer_hq": "CN"}, "licence_required_by_letter_policy_unpublished"),
        ("H20", "SG", "2026-10-09", {"buyer_hq": "DE"}, NONE),
        ("H200", "CN", "2026-10-09", {"shipped_from": "Malaysia"}, DENIAL),
        ("H200", "CN", "2026-10-09", {"shipped_from": "HK"}, DENIAL),
        ("H200", "CN", "2026-10-09", {"shipped_from": "US"}, CASE),
        ("RTX 4090", "CN", "2026-10-09", {"shipped_from": "HK"}, ACA),
        ("RTX 4090", "CN", "2026-10-09", {"shipped_from": "SG"}, NAC),
        ("A100", "CN", "2023-01-01", {"buyer_hq": "DE"}, CASE),
        ("GB300", "AE", "2026-10-09", {"end_user": "G42"}, NONE),
        ("GB300", "AE", "2027-04-05", {"end_user": "Core42"}, NONE),
        ("GB300", "AE", "2027-04-06", {"end_user": "Core42"}, LISTED),
        ("GB300", "AE", "2027-04-06", {"end_user": "Microsoft"}, NONE),
        ("GB300", "AE", "2026-10-09", {"end_user": "Some Bank"}, LISTED),
    ],
)
def test_buyer_route_and_end_user_decide(
    law: Knowledge, chip: str, place: str, day: str, asked: dict[str, str], expected: str
) -> None:
    assert us(law, chip, place, day, **asked) == expected


def test_branches_say_what_was_not_asked(law: Knowledge) -> None:
    branches = {b.condition.key: b.status for b in law.status("H200", "MY", "2026-10-09").branches}
    assert branches == {"branch.headquarters": DENIAL}
    branches = {b.condition.key: b.status for b in law.status("H200", "CN", "2026-10-09").branches}
    assert branches == {"branch.shipped_elsewhere": DENIAL}
    branches = {b.condition.key: b.status for b in law.status("GB300", "AE", "2026-10-09").branches}
    assert branches == {"branch.headquarters": DENIAL, "branch.named_end_user": NONE}
    branches = {b.condition.key: b.status for b in law.status("MI309", "CN", "2026-10-09").branches}
    assert branches == {
        "outcome.in_3a090_a_within": CASE,
        "outcome.in_3a090_a_over": DENIAL,
        "outcome.in_3a090_b": NAC,
        "outcome.outside_3a090": NONE,
    }
    branches = {b.condition.key: b.status for b in law.status("MI309", "CN", "2025-10-09").branches}
    assert branches == {"outcome.in_3a090_a": DENIAL, "outcome.in_3a090_b": NAC, "outcome.outside_3a090": NONE}
    branches = {b.condition.key: b.status for b in law.status("MI309", "CN", "2023-10-09").branches}
    assert {"outcome.in_3a090": DENIAL, "outcome.outside_3a090": NONE}.items() <= branches.items()
    assert not law.status("H200", "SG", "2026-10-09", buyer_hq="CN").branches


def test_the_outcomes_of_unknown_numbers_follow_the_law_of_the_day(law: Knowledge) -> None:
    before = law.status("WSE-3", "AE", "2026-07-09").us_export
    after = law.status("WSE-3", "AE", "2026-07-10").us_export
    assert before is not None
    assert after is not None
    assert [status for _, status in before.outcomes] == [APPROVAL, NONE]
    assert [status for _, status in after.outcomes] == [LISTED, NONE]
    assert after.since.isoformat() == "2026-07-10"


@pytest.mark.parametrize(
    ("chip", "place", "day", "known_on", "expected"),
    [
        ("A800", "CN", "2023-10-23", "2023-10-23", NONE),
        ("A800", "CN", "2023-10-23", "2023-10-24", DENIAL),
        ("A800", "CN", "2023-12-01", "2023-10-20", DENIAL),
        ("H200", "CN", "2026-01-15", "2026-01-12", DENIAL),
        ("H200", "CN", "2026-01-15", "2026-01-13", CASE),
        ("GB300", "AE", "2026-08-01", "2026-07-01", APPROVAL),
        ("H100", "SA", "2024-01-01", "2023-10-01", NONE),
        ("H100", "CN", "2024-01-01", "2023-10-01", DENIAL),
    ],
)
def test_only_what_was_public_is_used(
    law: Knowledge, chip: str, place: str, day: str, known_on: str, expected: str
) -> None:
    assert us(law, chip, place, day, known_on=known_on) == expected


def test_a_day_before_publication_is_said(law: Knowledge) -> None:
    status = law.status("A800", "CN", "2023-10-23")
    assert status.conditions[0].key == "condition.not_yet_public"
    assert status.conditions[0].text == "In force since 23 October 2023, not public until 24 October 2023."
    assert law.status("A800", "CN", "2023-10-24").conditions[0].key != "condition.not_yet_public"


def test_malaysias_permit_holds_at_the_level_of_3a090(law: Knowledge) -> None:
    def side(chip: str, day: str) -> str | None:
        layer = law.status(chip, "MY", day).destination_side
        return str(layer.name) if layer else None

    assert side("H100", "2025-07-13") is None
    assert side("H100", "2025-07-14") == "onward_permit_required"
    assert side("A30", "2026-10-09") == "onward_permit_required"
    assert side("H20", "2026-10-09") is None
    assert side("RTX 4090D", "2026-10-09") is None
    assert side("Ascend 910C", "2026-10-09") is None


LETTER = Event(
    id="letter",
    title="A letter about the L20",
    announced=date(2027, 1, 5),
    public_from=date(2027, 1, 8),
    kind="licence_letter",
    summary="",
    citations=(Citation("A filing", "https://www.sec.gov/x"),),
    effects=(
        Effect(
            Layer.US_EXPORT,
            "licence_required_by_letter_policy_unpublished",
            ("L20", "H200"),
            ("CN",),
            date(2027, 1, 5),
            "A letter names it.",
        ),
    ),
)


def test_a_rule_beats_a_letter_and_a_letter_beats_nothing(law: Knowledge, events: type) -> None:
    with_letter = law.with_ledger(events(LETTER))
    assert us(with_letter, "L20", "CN", "2027-01-04") == NONE
    assert us(with_letter, "L20", "CN", "2027-01-05") == "licence_required_by_letter_policy_unpublished"
    assert us(with_letter, "L20", "HK", "2027-01-05") == "licence_required_by_letter_policy_unpublished"
    assert us(with_letter, "L20", "MO", "2027-01-05") == NONE
    assert us(with_letter, "L20", "CN", "2027-01-06", known_on="2027-01-07") == NONE
    assert us(with_letter, "H200", "CN", "2027-01-06") == CASE


def test_an_effect_on_the_whole_level_reaches_every_3a090_chip(law: Knowledge, events: type) -> None:
    effect = replace(LETTER.effects[0], status=CASE, chips=(LEVEL_3A090,), destinations=("SA",), reason="A later rule.")
    later = law.with_ledger(events(replace(LETTER, kind="rule", effects=(effect,))))
    assert LEVEL_3A090 == MARKER_3A090
    assert us(later, "H200", "SA", "2027-01-04") == APPROVAL
    assert us(later, "H200", "SA", "2027-01-05") == CASE
    assert us(later, "A30", "SA", "2027-01-05") == CASE
    assert us(later, "H20", "SA", "2027-01-05") == NONE


def test_a_rule_recorded_later_replaces_what_the_code_knows(law: Knowledge, events: type) -> None:
    effect = replace(LETTER.effects[0], status=DENIAL, reason="A later rule.")
    later = law.with_ledger(events(replace(LETTER, kind="rule", effects=(effect,))))
    assert us(later, "H200", "CN", "2027-01-04") == CASE
    assert us(later, "H200", "CN", "2027-01-05") == DENIAL
    since = later.status("H200", "CN", "2027-02-01").us_export
    assert since is not None
    assert since.since.isoformat() == "2027-01-05"


def test_provisions_are_dated_and_cited() -> None:
    assert len({p.id for p in PROVISIONS}) == len(PROVISIONS)
    assert {p.id for p in vars(provision_module).values() if isinstance(p, Provision)} == {p.id for p in PROVISIONS}
    for provision in PROVISIONS:
        assert provision.citations, provision.id
        for citation in provision.citations:
            assert citation.title
            assert citation.url.startswith("https://")


def test_a_letter_that_is_not_sure_to_name_the_place_makes_no_status(law: Knowledge, events: type) -> None:
    unsure = law.with_ledger(events(replace(LETTER, confidence="uncertain")))
    assert us(unsure, "L20", "CN", "2027-01-05") == NONE
