from datetime import date

import pytest

from bot.errors import UserError
from bot.knowledge.classify import Classification
from bot.knowledge.library import Knowledge

TODAY = date(2026, 10, 9)

NONE = "no_licence_required"
DENIAL = "licence_required_presumption_of_denial"
APPROVAL = "licence_required_presumption_of_approval"
CASE = "licence_required_case_by_case"
NAC = "licence_required_exception_NAC_possible"
ACA = "licence_required_exception_ACA_possible"
LISTED = "licence_free_for_listed_end_users_else_licence"


def keys(found: Classification) -> set[str]:
    return {said.key for said in found.notes}


def test_the_h20_from_its_numbers(law: Knowledge) -> None:
    found = law.classify({"fp16": 148, "int8": 296}, 814, bandwidth=4000, io=900, on=TODAY)
    assert found.json() | {"notes": []} == {
        "tpp": 2368,
        "tpp_basis": "fp16",
        "pd": 2.91,
        "paragraph": None,
        "layers": None,
        "notes": [],
    }
    assert keys(found) == {"classify.room_tpp", "classify.room_die"}
    room = next(said for said in found.notes if said.key == "classify.room_tpp")
    assert room.values["tpp"] == pytest.approx(2400)
    assert room.values["distance"] == pytest.approx(32)


@pytest.mark.parametrize(
    ("ops", "die", "data_centre", "on", "io", "paragraph"),
    [
        ({"fp8": 1979}, 814.0, True, "2026-10-09", None, "3A090.a.1"),
        ({"fp8": 242.5}, 294.5, True, "2026-10-09", None, "3A090.a.2"),
        ({"int4": 661}, 826.0, True, "2026-10-09", None, "3A090.b.1"),
        ({"int8": 299}, 628.4, True, "2026-10-09", None, "3A090.b.2"),
        ({"int8": 599.9}, 100.0, False, "2026-10-09", None, None),
        ({"fp8": 1979}, 814.0, True, "2023-01-01", 900.0, "3A090 (2022)"),
        ({"fp8": 1979}, 814.0, True, "2023-01-01", 400.0, None),
        ({"fp8": 1979}, 814.0, True, "2022-10-20", 900.0, None),
        ({"fp8": 1979}, 814.0, True, "2023-01-01", None, "undetermined"),
        ({"int8": 392}, None, True, "2026-10-09", None, "undetermined"),
    ],
)
def test_paragraphs_from_numbers(
    law: Knowledge,
    ops: dict[str, float],
    die: float | None,
    data_centre: bool,
    on: str,
    io: float | None,
    paragraph: str | None,
) -> None:
    assert law.classify(ops, die, io=io, data_centre=data_centre, on=on).json()["paragraph"] == paragraph


def test_every_limit_names_its_distance(law: Knowledge) -> None:
    found = law.classify({"fp8": 1979}, 814, bandwidth=4800, on=TODAY)
    distances = {(limit.paragraph, limit.measure): limit.distance for limit in found.limits}
    assert distances[("3A090.a.1", "tpp")] == pytest.approx(15832 - 4800)
    assert distances[("742.6(b)(10)(iii)", "tpp")] == pytest.approx(15832 - 21000)
    assert distances[("742.6(b)(10)(iii)", "dram_bandwidth")] == pytest.approx(-1700)
    assert {limit.measure for limit in law.classify({"fp8": 1979}, 814, on="2023-01-01").limits} == {"tpp", "link"}


RULE_2022 = [("3A090 (2022)", "tpp", 4800), ("3A090 (2022)", "link", 600)]
RULE_2023 = [
    ("3A090.a.1", "tpp", 4800),
    ("3A090.a.2", "tpp", 1600),
    ("3A090.a.2", "pd", 5.92),
    ("3A090.b.1", "tpp", 2400),
    ("3A090.b.1", "pd", 1.6),
    ("3A090.b.2", "tpp", 1600),
    ("3A090.b.2", "pd", 3.2),
]
JANUARY_2026 = [("742.6(b)(10)(iii)", "tpp", 21_000), ("742.6(b)(10)(iii)", "dram_bandwidth", 6_500)]


@pytest.mark.parametrize(
    ("on", "expected"),
    [("2023-01-01", RULE_2022), ("2025-05-20", RULE_2023), ("2026-10-09", RULE_2023 + JANUARY_2026)],
)
def test_the_limits_are_those_of_the_day_s_rule(
    law: Knowledge, on: str, expected: list[tuple[str, str, float]]
) -> None:
    """87 FR 62186, 88 FR 73458, 91 FR 1684."""
    found = law.classify({"fp8": 1979}, 814, bandwidth=4800, io=900, on=on)
    assert [(limit.paragraph, limit.measure, limit.limit) for limit in found.limits] == expected
    values = {limit.measure: limit.value for limit in found.limits}
    known = {"tpp": 15832, "pd": 15832 / 814, "link": 900, "dram_bandwidth": 4800}
    assert values == {measure: pytest.approx(known[measure]) for measure in values}


@pytest.mark.parametrize(
    ("ops", "die", "on_key"),
    [
        ({"int8": 299}, 628.4, "classify.over_die"),
        ({"int8": 299}, 628.4, "classify.if_not_data_centre"),
        ({"fp8": 1979}, 814.0, "classify.die_decides_nothing"),
        ({"fp8": 1979}, 814.0, "classify.january_bandwidth_missing"),
        ({"fp4": 9000}, 1628.0, "classify.january_over"),
    ],
)
def test_what_would_change_the_answer(law: Knowledge, ops: dict[str, float], die: float, on_key: str) -> None:
    assert on_key in keys(law.classify(ops, die, on=TODAY))


@pytest.mark.parametrize("die", [250.0, 400.0, 628.4, 740.0, 900.0, 1500.0, 3200.0])
@pytest.mark.parametrize("tops", [199.0, 230.0, 299.0, 320.0, 450.0, 599.0])
def test_the_distances_that_are_told_are_true(law: Knowledge, tops: float, die: float) -> None:
    found = law.classify({"int8": tops}, die, on=TODAY)
    for said in found.notes:
        if said.key in ("classify.room_tpp", "classify.over_tpp"):
            edge = float(str(said.values["tpp"])) / 8
            at = law.classify({"int8": edge * 1.000001}, die, on=TODAY).paragraph
            under = law.classify({"int8": edge * 0.999999}, die, on=TODAY).paragraph
        elif said.key in ("classify.room_die", "classify.over_die"):
            edge = float(str(said.values["die"]))
            at = law.classify({"int8": tops}, edge * 0.999999, on=TODAY).paragraph
            under = law.classify({"int8": tops}, edge * 1.000001, on=TODAY).paragraph
        else:
            continue
        assert at is not None, said
        assert under is None, said


@pytest.mark.parametrize(("tops", "edge"), [(300.0, 1500.0), (299.9, 2399.2 / 3.2)])
def test_at_a_limit_the_chip_is_over_it(law: Knowledge, tops: float, edge: float) -> None:
    """2,400 TPP are "2,400 or more": from there on the density of 1.6 decides, below it that of 3.2."""
    found = law.classify({"int8": tops}, 700, on=TODAY)
    (over,) = [said for said in found.notes if said.key == "classify.over_die"]
    assert over.values["die"] == pytest.approx(edge)


@pytest.mark.parametrize(
    ("ops", "die", "chip"),
    [
        ({"fp8": 3958}, None, "H100"),
        ({"fp8": 3958}, 814.0, "H100"),
        ({"fp8": 592}, 814.0, "H20"),
        ({"fp4": 3352}, 750.0, "RTX 5090"),
        ({"fp8": 1979}, 814.0, None),
        ({"fp8": 5000}, 1628.0, None),
        ({"fp8": 4500}, 1628.0, None),
        ({"fp8": 3958}, 300.0, None),
    ],
)
def test_sparse_figures_are_recognised(
    law: Knowledge, ops: dict[str, float], die: float | None, chip: str | None
) -> None:
    said = [s for s in law.classify(ops, die, on=TODAY).notes if s.key == "classify.sparse"]
    assert [s.values["chip"] for s in said] == ([chip] if chip else [])


@pytest.mark.parametrize(
    ("ops", "die", "bandwidth", "io", "key"),
    [
        ({"fp16": 989_500_000}, 814.0, None, None, "classify.unit_too_large"),
        ({"fp16": 989.5}, 814_000.0, None, None, "classify.unit_too_large"),
        ({"fp16": 989.5}, 814.0, 4_800_000, None, "classify.unit_too_large"),
        ({"fp16": 989.5}, 814.0, None, 900_000, "classify.unit_too_large"),
        ({"fp16": 0.9895}, 814.0, None, None, "classify.unit_too_small"),
        ({"fp16": 989.5}, 8.14, None, None, "classify.unit_too_small"),
        ({"fp16": 989.5}, 814.0, 4.8, None, "classify.unit_too_small"),
        ({"fp16": 989.5}, 814.0, None, 0.9, "classify.unit_too_small"),
        ({"fp16": 989.5, "tf32": 494.5}, 814.0, None, None, "classify.tf32_left_out"),
        ({"tf32": 494.5}, 814.0, None, None, "classify.tf32_alone"),
    ],
)
def test_impossible_units_are_computed_and_noted(
    law: Knowledge, ops: dict[str, float], die: float, bandwidth: float | None, io: float | None, key: str
) -> None:
    found = law.classify(ops, die, bandwidth=bandwidth, io=io, on=TODAY)
    assert found.figures.tpp
    assert key in keys(found)
    assert not any("{" in said.text for said in found.notes)


@pytest.mark.parametrize(
    ("ops", "die", "key", "field"),
    [
        ({"fp16": -1.0}, 0.0, "errors.not_positive", "fp16"),
        ({"fp16": 1.0}, 0.0, "errors.not_positive", "die"),
        ({"fp16": float("nan")}, 814.0, "errors.not_positive", "fp16"),
        ({"fp16": float("inf")}, 814.0, "errors.too_large", "fp16"),
        ({"fp16": 1e300}, 1e-300, "errors.too_large", "PD"),
        ({"fp16": 1e308}, 814.0, "errors.too_large", "TPP"),
        ({}, 814.0, "errors.no_ops", None),
        ({"fp61": 5.0}, 814.0, "errors.unknown_precision", None),
    ],
)
def test_wrong_numbers_are_refused(
    law: Knowledge, ops: dict[str, float], die: float, key: str, field: str | None
) -> None:
    with pytest.raises(UserError) as caught:
        law.classify(ops, die, on=TODAY)
    assert caught.value.key == key
    assert caught.value.values.get("field") == field


def test_a_measure_that_is_none_is_refused_by_its_name(law: Knowledge) -> None:
    with pytest.raises(UserError) as caught:
        law.classify({"fp16": 1.0}, 814.0, bandwidth=-1.0, on=TODAY)
    assert caught.value.values["field"] == "bandwidth"
    with pytest.raises(UserError) as caught:
        law.classify({"fp16": 1.0}, 814.0, io=0.0, on=TODAY)
    assert caught.value.values["field"] == "io"


def test_a_destination_adds_the_layers(law: Knowledge) -> None:
    found = law.classify({"fp8": 1979}, 814, bandwidth=4800, io=900, on=TODAY, to="China")
    layers = found.json()["layers"]
    assert layers["us_export"]["status"] == "licence_required_case_by_case"
    assert layers["us_export"]["citations"]
    assert (
        law.classify({"fp8": 1979}, 814, on=TODAY, to="China").json()["layers"]["us_export"]["status"] == "undetermined"
    )
    malaysia = law.classify({"fp8": 1979}, 814, on=TODAY, to="MY").json()["layers"]
    assert malaysia["destination_side"]["status"] == "onward_permit_required"


def test_one_question_does_not_colour_the_next(law: Knowledge) -> None:
    first = law.classify({"fp8": 1979}, 814, bandwidth=4800, on=TODAY, to="CN").json()["layers"]["us_export"]["status"]
    second = law.classify({"fp8": 100}, 814, bandwidth=4800, on=TODAY, to="CN").json()["layers"]["us_export"]["status"]
    assert (first, second) == ("licence_required_case_by_case", "no_licence_required")


@pytest.mark.parametrize(
    ("ops", "die", "bandwidth", "to", "outcomes"),
    [
        ({"int8": 300}, None, 2000, "CN", {"in_3a090_a": CASE, "in_3a090_b": NAC, "outside_3a090": NONE}),
        ({"int8": 300}, None, 7000, "CN", {"in_3a090_a": DENIAL, "in_3a090_b": NAC, "outside_3a090": NONE}),
        ({"fp8": 1979}, None, None, "CN", {"in_3a090_a_within": CASE, "in_3a090_a_over": DENIAL}),
        ({"int8": 300}, None, 2000, "SA", {"in_3a090_a": APPROVAL, "in_3a090_b": ACA, "outside_3a090": NONE}),
        ({"int8": 300}, None, 2000, "AE", {"in_3a090": LISTED, "outside_3a090": NONE}),
    ],
)
def test_every_outcome_of_open_figures_has_a_name_of_its_own(
    law: Knowledge, ops: dict[str, float], die: float | None, bandwidth: float | None, to: str, outcomes: dict[str, str]
) -> None:
    status = law.classify(ops, die, bandwidth=bandwidth, on=TODAY, to=to).status
    assert status is not None
    assert status.us_export is not None
    assert status.us_export.name == "undetermined"
    named = [(condition.key.removeprefix("outcome."), str(then)) for condition, then in status.us_export.outcomes]
    assert sorted(named) == sorted(outcomes.items())
    assert {branch.status for branch in status.branches} >= set(outcomes.values())


def test_the_numbers_of_january_count_only_where_the_chip_is_one_of_3a090_a(law: Knowledge) -> None:
    status = law.classify({"int8": 300}, None, on=TODAY, to="CN").status
    assert status is not None
    assert {branch.condition.key: str(branch.status) for branch in status.branches} == {
        "outcome.in_3a090_a_within": CASE,
        "outcome.in_3a090_a_over": DENIAL,
        "outcome.in_3a090_b": NAC,
        "outcome.outside_3a090": NONE,
    }


def test_where_every_reading_leads_to_the_same_no_paragraph_is_claimed(law: Knowledge) -> None:
    found = law.classify({"int8": 300}, None, on="2026-02-01", to="DE")
    assert found.json()["paragraph"] == "undetermined"
    status = found.status
    assert status is not None
    assert status.us_export is not None
    assert (status.us_export.name, status.us_export.reason.key) == (NONE, "reason.open_paragraph")
    assert "3A090.a" not in status.us_export.reason.text
    assert "condition.headquarters_before_guidance" in {said.key for said in status.conditions}
    decided = law.classify({"int8": 300}, 250, on="2026-02-01", to="DE").status
    assert decided is not None
    assert decided.us_export is not None
    assert decided.us_export.reason.key == "reason.place_favoured"


def test_a_chip_without_a_name_is_not_put_behind_an_article(law: Knowledge) -> None:
    for ops, die, on in (
        ({"int8": 300.0}, None, "2026-02-01"),
        ({"fp8": 1979.0}, 814.0, "2026-02-01"),
        ({"fp8": 1979.0}, 814.0, "2023-01-01"),
        ({"fp8": 1979.0}, 814.0, "2022-09-01"),
    ):
        for to in ("CN", "MY", "DE", "SA", "AE"):
            status = law.classify(ops, die, on=on, to=to).status
            assert status is not None
            layers = [layer.reason.text for layer in (status.us_export, status.destination_side) if layer]
            for text in (*layers, *(said.text for said in (*status.conditions, *status.notes))):
                assert " The chip" not in text


@pytest.mark.parametrize(
    ("tops", "die", "data_centre", "key", "edge"),
    [
        (199.0, None, True, "classify.room_tpp_no_die", 1600),
        (1979.0, None, True, "classify.over_tpp_no_die", 4800),
        (199.0, None, False, "classify.room_tpp_note_2", 4800),
        (400.0, 600.0, False, "classify.room_tpp_note_2", 4800),
        (1979.0, None, False, "classify.over_tpp_note_2", 4800),
        (1979.0, 814.0, False, "classify.over_tpp_note_2", 4800),
        (199.0, 250.0, True, "classify.room_tpp", 1600),
        (199.0, 800.0, True, "classify.room_tpp", 2400),
    ],
)
def test_an_entry_point_is_told_for_the_die_area_that_was_given(
    law: Knowledge, tops: float, die: float | None, data_centre: bool, key: str, edge: float
) -> None:
    """From a TPP of 1,600 on the die area may decide (a.2 and b.2), from 4,800 on it decides nothing."""
    told = law.classify({"int8": tops}, die, data_centre=data_centre, on=TODAY).notes
    (said,) = [each for each in told if each.key.startswith(("classify.room_tpp", "classify.over_tpp"))]
    assert said.key == key
    assert said.values["tpp"] == pytest.approx(edge)
    assert said.values["distance"] == pytest.approx(abs(tops * 8 - edge))
    assert ("die area" in said.text) is (key.endswith("_no_die") or data_centre)


def test_without_a_die_area_the_paragraph_is_open_between_the_points_that_are_told(law: Knowledge) -> None:
    for tops in (200.0, 599.9):
        assert law.classify({"int8": tops}, None, on=TODAY).json()["paragraph"] == "undetermined"
    assert law.classify({"int8": 199.9}, None, on=TODAY).json()["paragraph"] is None
    assert law.classify({"int8": 600.0}, None, on=TODAY).json()["paragraph"] == "3A090.a.1"
