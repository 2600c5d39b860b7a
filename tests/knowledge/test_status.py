import random
import re
import subprocess
import sys
import tracemalloc
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.errors import UserError
from bot.knowledge.event import Layer
from bot.knowledge.library import Knowledge
from bot.knowledge.provision import LEDGER_BEGINS
from bot.knowledge.status import LayerStatus
from bot.knowledge.statuses import StatusName, surface
from tests.liveness import lively

UNTIL = date(2027, 1, 23)
EXPORT = set(StatusName) - {
    StatusName.BARS_IMPORT,
    StatusName.DISCOURAGES,
    StatusName.CONDITIONAL,
    StatusName.ONWARD_PERMIT,
    StatusName.HALT_UNCONFIRMED,
}
DESTINATION = (set(StatusName) - EXPORT) | {StatusName.UNDETERMINED}


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2025-04-08", "no_licence_required"),
        ("2025-04-09", "licence_required_by_letter_policy_unpublished"),
        ("2025-07-14", "licence_required_by_letter_approval_expected"),
        ("2025-08-08", "licence_required_by_letter_some_licences_issued"),
    ],
)
def test_h20_to_china_follows_the_acts_and_not_the_headlines(knowledge: Knowledge, day: str, expected: str) -> None:
    status = knowledge.status("H20", "CN", day).us_export
    assert status is not None
    assert status.name == expected


def test_every_researched_interval_holds_at_both_ends_and_between(
    knowledge: Knowledge, shared_intervals: list[dict[str, Any]]
) -> None:
    assert len(shared_intervals) == 29
    for row in shared_intervals:
        begins = date.fromisoformat(row["from"])
        ends = date.fromisoformat(row["to"]) if row["to"] else UNTIL
        for day in (begins, begins + (ends - begins) // 2, ends - timedelta(days=1)):
            layer = getattr(knowledge.status(row["chip"], row["destination"], day), row["layer"])
            assert layer is not None, (row, day)
            assert layer.name == row["status"], (row, day, layer)


def test_researched_intervals_begin_and_end_where_the_law_does(
    knowledge: Knowledge, shared_intervals: list[dict[str, Any]]
) -> None:
    """Ours may begin earlier: a chip is answered by its numbers also before it was announced."""
    for row in shared_intervals:
        begins = date.fromisoformat(row["from"])
        layer = getattr(knowledge.status(row["chip"], row["destination"], begins), row["layer"])
        assert layer.until == (date.fromisoformat(row["to"]) if row["to"] else None), row
        assert layer.since <= begins, row
        if row["chip"] not in ("A800", "GB300") and row["destination"] != "RU":
            assert layer.since == begins, row


def layers(knowledge: Knowledge, chip: str, place: str, day: date) -> tuple[LayerStatus | None, LayerStatus | None]:
    status = knowledge.status(chip, place, day)
    return status.us_export, status.destination_side


def test_every_chip_has_one_status_a_layer_on_every_day(knowledge: Knowledge) -> None:
    """Every chip, every class of destinations, every border, the day before it, and a random day between."""
    dice = random.Random(3090)
    checked = 0
    for chip in knowledge.chips.values():
        for place in knowledge.classes():
            found = dict(
                zip(Layer, knowledge._segments(knowledge._question(chip, place, None, None, None), None), strict=True)
            )
            for layer, allowed in ((Layer.US_EXPORT, EXPORT), (Layer.DESTINATION_SIDE, DESTINATION)):
                borders = [segment.begins for segment in found[layer]]
                assert borders[0] == LEDGER_BEGINS
                assert borders == sorted(set(borders))
                days = {*borders, *(b - timedelta(days=1) for b in borders[1:]), UNTIL}
                days.add(LEDGER_BEGINS + timedelta(days=dice.randrange((UNTIL - LEDGER_BEGINS).days)))
                for day in days:
                    status = knowledge.status(chip, place, day)
                    answer = status.us_export if layer is Layer.US_EXPORT else status.destination_side
                    assert len(status.conditions) <= 3
                    checked += 1
                    if answer is None:
                        continue
                    assert answer.name in allowed, (chip.name, place, day, answer)
                    assert answer.since <= day, (chip.name, place, day, answer)
                    assert answer.until is None or day < answer.until, (chip.name, place, day, answer)
                    assert answer.citations, (chip.name, place, day, answer)
                    assert answer.reason.text
                    assert "None" not in answer.reason.text, answer
                    assert "unknown" not in answer.reason.text, answer
    assert checked > 10_000


def test_no_licence_is_never_said_where_the_definitions_forbid_it(knowledge: Knowledge) -> None:
    for day in (LEDGER_BEGINS, date(2023, 1, 1), date(2024, 6, 1), date(2026, 10, 9), UNTIL):
        for chip in knowledge.chips.values():
            for place in ("IR", "KP", "SY", "CU", "RU", "BY"):
                answer = knowledge.status(chip, place, day).us_export
                assert (answer is None) is (chip.origin != "US")
                assert answer is None or answer.name in (StatusName.EMBARGOED, StatusName.POLICY_OF_DENIAL)
            if chip.kind == "chip" and not chip.figures.published:
                for place in ("CN", "DE", "MY", "SA", "AE"):
                    answer = knowledge.status(chip, place, day).us_export
                    assert answer is None or answer.name is not StatusName.NO_LICENCE, (chip.name, place, day)


def test_hong_kong_answers_like_china(knowledge: Knowledge) -> None:
    for chip in knowledge.chips.values():
        for day in (date(2022, 9, 1), date(2023, 1, 1), date(2025, 5, 1), date(2025, 12, 1), date(2026, 10, 9)):
            china, hong_kong = layers(knowledge, chip.name, "CN", day), layers(knowledge, chip.name, "HK", day)
            assert [a and a.name for a in china] == [a and a.name for a in hong_kong], (chip.name, day)


def test_an_assurance_about_china_is_none_about_macau(knowledge: Knowledge) -> None:
    answer = knowledge.status("H20", "MO", "2026-10-09").us_export
    assert answer is not None
    assert answer.name == "licence_required_by_letter_policy_unpublished"


def test_two_clocks(knowledge: Knowledge) -> None:
    between = knowledge.status("H20", "CN", "2025-04-10")
    assert between.us_export is not None
    assert between.us_export.name == "licence_required_by_letter_policy_unpublished"
    assert between.conditions[0].text == "In force since 9 April 2025, not public until 15 April 2025."
    then = knowledge.status("H20", "CN", "2025-04-10", known_on="2025-04-10")
    assert then.us_export is not None
    assert then.us_export.name == "no_licence_required"
    later = [said for said in then.notes if said.key == "note.learnt_later"]
    assert later
    assert later[0].values["day"] == date(2025, 4, 15)
    auditor = knowledge.status("H20", "CN", "2025-05-20", known_on="2025-05-20")
    assert auditor.us_export is not None
    assert auditor.us_export.until is None
    assert auditor.us_export.name == "licence_required_by_letter_policy_unpublished"


def test_the_answer_for_machines_has_the_promised_shape(knowledge: Knowledge) -> None:
    answer = knowledge.status("H20", "China", "2025-05-20").json()
    assert list(answer["layers"]) == ["us_export", "destination_side"]
    assert answer["layers"]["destination_side"] is None
    layer = answer["layers"]["us_export"]
    assert (layer["since"], layer["until"]) == ("2025-04-09", "2025-07-14")
    assert set(layer) == {"status", "since", "until", "reason", "citations", "confidence"}
    assert all(set(citation) == {"title", "url", "date"} for citation in layer["citations"])
    assert layer["confidence"] == "confirmed"
    assert answer["classification"] == {"rule": "3A090 (2023)", "paragraph": None, "tpp": 2368, "pd": 2.91}
    in_2022 = knowledge.status("H100", "CN", "2023-01-01").json()["classification"]
    assert (in_2022["rule"], in_2022["paragraph"]) == ("3A090 (2022)", "3A090 (2022)")
    assert {"chip": "H20", "destination": "CN", "on": "2025-05-20", "reported_since": []}.items() <= answer.items()
    assert answer["ledger_as_of"] == knowledge.ledger.as_of.isoformat()
    assert set(answer) == {
        "chip", "destination", "on", "layers", "classification", "conditions", "notes", "reported_since",
        "ledger_as_of",
    }  # fmt: skip
    echoed = knowledge.status("H200", "SG", "2026-10-09", buyer_hq="China", shipped_from="MY", end_user="X").json()
    assert (echoed["buyer_hq"], echoed["from"], echoed["end_user"]) == ("CN", "MY", "X")


@pytest.mark.parametrize(
    ("chip", "place", "day", "key"),
    [
        ("H200", "MY", "2026-06-30", "condition.headquarters"),
        ("H200", "CN", "2026-10-09", "condition.from_us_only"),
        ("RTX PRO 6000", "CN", "2026-10-09", "condition.availability_open"),
        ("H200", "SA", "2026-10-09", "condition.approval_text"),
        ("Ascend 910C", "DE", "2025-05-13", "condition.prohibition_ten"),
        ("Ascend 910C", "DE", "2025-05-12", "condition.made_in_china"),
        ("DGX H100", "CN", "2025-01-01", "condition.system"),
        ("HBM3", "CN", "2026-10-09", "condition.memory"),
        ("RTX 4090D", "SA", "2026-10-09", "condition.end_use"),
        ("L20", "CN", "2026-10-09", "condition.open_letter_h20"),
        ("H200", "CN", "2022-09-01", "condition.open_letter_2022"),
        ("H100", "SA", "2023-09-01", "condition.middle_east_2023"),
        ("H20", "CN", "2025-09-28", "condition.party_lists"),
        ("H20", "CN", "2025-09-29", "condition.party_lists_affiliates"),
        ("H20", "CN", "2025-11-10", "condition.party_lists_suspended"),
    ],
)
def test_conditions_stand_where_they_belong(knowledge: Knowledge, chip: str, place: str, day: str, key: str) -> None:
    assert key in [said.key for said in knowledge.status(chip, place, day).conditions]


def test_a_passed_date_without_a_record_is_open_and_never_in_force(knowledge: Knowledge) -> None:
    status = knowledge.status("H20", "CN", "2026-11-24")
    assert status.conditions[-1].key == "condition.party_lists_open"
    assert "outcome not recorded" in status.conditions[-1].text
    assert "note.beyond_ledger" in {said.key for said in status.notes}
    before = knowledge.status("H20", "CN", knowledge.ledger.as_of)
    assert "note.beyond_ledger" not in {said.key for said in before.notes}


def test_a_cost_is_a_note_and_no_status(knowledge: Knowledge) -> None:
    def noted(chip: str) -> set[str]:
        return {said.key for said in knowledge.status(chip, "CN", "2026-03-01").notes}

    assert "note.tariff" in noted("H200") & noted("MI325X")
    assert "note.tariff" not in noted("H100") | noted("MI300X")
    assert "note.revenue_share" in noted("H20") & noted("MI308")


def test_a_chip_that_is_not_yet_sold_is_answered_with_a_note(knowledge: Knowledge) -> None:
    status = knowledge.status("H200", "CN", "2023-01-01")
    assert status.us_export is not None
    assert status.us_export.name == "licence_required_presumption_of_denial"
    assert "note.not_yet_sold" in {said.key for said in status.notes}


@pytest.mark.parametrize(
    ("day", "key"),
    [("2022-07-31", "errors.before_ledger"), ("2031-02-30", "errors.no_such_day"), ("tomorrow", "errors.no_such_day")],
)
def test_days_that_cannot_be_answered(knowledge: Knowledge, day: str, key: str) -> None:
    with pytest.raises(UserError) as caught:
        knowledge.status("H20", "CN", day)
    assert caught.value.key == key
    if key == "errors.before_ledger":
        assert caught.value.values["begins"] == "2022-08-01"


def test_every_name_has_a_word_for_people() -> None:
    words = {surface(name) for name in StatusName}
    assert words == {"barred", "licence_denial_expected", "licence_open", "none_for_chip_and_country", "unclear"}


def test_the_ledger_speaks_of_chips_and_places_by_their_canonical_names(knowledge: Knowledge) -> None:
    for event in knowledge.ledger.events:
        for effect in event.effects:
            assert effect.status is None or effect.status in set(StatusName), event.id
            for chip in effect.chips:
                assert chip.startswith("@") or chip in knowledge.chips, (event.id, chip)
            for place in effect.destinations:
                assert place in knowledge.countries, (event.id, place)


def test_answers_are_quick(knowledge: Knowledge) -> None:
    dice = random.Random(1)
    chips, places = list(knowledge.chips), list(knowledge.countries)
    asked = [
        (dice.choice(chips), dice.choice(places), LEDGER_BEGINS + timedelta(days=dice.randrange(1600)))
        for _ in range(2000)
    ]
    with lively(0.4):
        for question in asked:
            knowledge.status(*question)


def test_loading_is_quick_and_small() -> None:
    with lively(0.3):
        tracemalloc.start()
        loaded = Knowledge.load()
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert len(loaded.chips) >= 63
        # Tracing slows the parser down several times; the benchmark measures without it.
    assert peak < 30 * 1024 * 1024


def test_the_library_needs_no_heavy_imports() -> None:
    code = (
        "import sys, bot.knowledge.library; heavy = {'pydantic', 'babel', 'sqlalchemy', 'aiohttp', 'discord', 'lxml', "
        "'asyncio', 'slack_bolt', 'apscheduler'}; print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_lanes_tell_the_same_as_single_answers(knowledge: Knowledge) -> None:
    lanes = knowledge.lanes("H20", "CN")
    assert [str(row.name) for row in lanes[Layer.US_EXPORT]] == [
        "no_licence_required",
        "no_licence_required",
        "no_licence_required",
        "licence_required_by_letter_policy_unpublished",
        "licence_required_by_letter_approval_expected",
        "licence_required_by_letter_some_licences_issued",
    ]
    for row in (*lanes[Layer.US_EXPORT], *lanes[Layer.DESTINATION_SIDE]):
        status = knowledge.status("H20", "CN", row.since)
        assert row in (status.us_export, status.destination_side)
    known = knowledge.lanes("H20", "CN", known_on="2025-04-10")
    assert known[Layer.US_EXPORT][-1].name == "no_licence_required"


@pytest.mark.parametrize(
    ("chip", "place", "day", "basis"),
    [
        ("H200", "CN", "2026-10-09", "91 FR 1684"),
        ("H200", "MY", "2026-10-09", "88 FR 73458"),
        ("H20", "RU", "2026-10-09", "15 CFR 746.8"),
        ("H20", "CN", "2026-10-09", ""),
        # The letter of 23 October 2023 decides until the rule itself is in force on 17 November.
        ("L40S", "CN", "2023-11-16", ""),
        ("L40S", "CN", "2023-11-17", "88 FR 73458"),
        ("A800", "CN", "2025-06-01", "88 FR 73458"),
        ("H100", "SA", "2025-06-01", "88 FR 73458"),
    ],
)
def test_the_deciding_act_is_named_as_it_is_cited(
    knowledge: Knowledge, chip: str, place: str, day: str, basis: str
) -> None:
    layer = knowledge.status(chip, place, day).us_export
    assert layer is not None
    assert layer.basis == basis


def test_the_rule_takes_the_letters_place_within_one_interval(knowledge: Knowledge) -> None:
    before, after = (knowledge.status("H100", "SA", day).us_export for day in ("2023-11-01", "2025-06-01"))
    assert before is not None
    assert after is not None
    assert (before.since, before.until, before.reason) == (after.since, after.until, after.reason)
    assert after.since.isoformat() == "2023-10-23"
    assert [citation.title.partition(":")[0] for citation in after.citations] == [
        "88 FR 73458",
        "Nvidia",
        "15 CFR 742.6",
    ]
    assert set(before.citations) == set(after.citations)
    assert before.citations != after.citations


def test_every_name_of_the_definitions_is_known_and_reached(knowledge: Knowledge, shared: Path) -> None:
    text = (shared / "domain" / "status-definitions.md").read_text(encoding="utf-8")
    defined = set(re.findall(r"^\| `(\w+)` \|", text, flags=re.MULTILINE))
    assert defined == {str(name) for name in StatusName}
    reached = {
        str(status.name)
        for chip in knowledge.chips
        for place in ("CN", "MO", "SA", "AE", "MY", "RU", "IR", "DE")
        for lane in knowledge.lanes(chip, place).values()
        for status in lane
    }
    assert reached == defined
