from typing import Any

import pytest

from bot.knowledge.criteria import (
    Paragraph,
    meets_rule_of_2022,
    paragraph_of_2023,
    paragraphs_of_2023,
    within_january_window,
)
from bot.knowledge.performance import performance


def test_every_vector_of_the_research_holds(shared_rules: Any) -> None:
    cases = [case for group in shared_rules["test_vectors"] for case in group["cases"]]
    assert cases
    for case in cases:
        expected = case["expect"]
        if "pd" in case:
            found = paragraph_of_2023(case["tpp"], case["pd"], data_centre=case["dc"])
            assert (str(found) if found else "none") == expected.split(",")[0].split(" (")[0], case
        else:
            figures = performance({"fp16": case["tpp"] / 16}, 800, dram_bandwidth=case["dram_bw"])
            inside = within_january_window(figures) == (True,) and case["from_us"]
            assert inside is expected.startswith("case_by_case"), case


@pytest.mark.parametrize(
    ("tpp", "link", "met"),
    [
        (4800, 600, (True,)),
        (4799, 900, (False,)),
        (15832, 599, (False,)),
        (15832, None, (True, False)),
        (2368, None, (False,)),
    ],
)
def test_the_first_rule_asks_for_both_limits(tpp: float, link: float | None, met: tuple[bool, ...]) -> None:
    assert meets_rule_of_2022(performance({"fp16": tpp / 16}, 814, link=link)) == met


@pytest.mark.parametrize(
    ("ops", "die", "data_centre", "possible"),
    [
        ({"fp16": 300}, None, True, (Paragraph.A1,)),
        ({"int8": 299.9}, None, False, (None,)),
        ({"int8": 199}, None, True, (None,)),
        ({"int8": 256}, None, True, (Paragraph.A2, Paragraph.B2, None)),
        ({"int8": 392}, None, True, (Paragraph.A2, Paragraph.B1, None)),
        ({}, None, True, (Paragraph.A1, Paragraph.A2, Paragraph.B1, Paragraph.B2, None)),
        ({}, 750, True, (Paragraph.A1, Paragraph.A2, Paragraph.B1, Paragraph.B2, None)),
        ({}, 1600, True, (Paragraph.A1, Paragraph.B1, Paragraph.B2, None)),
        ({}, 3000, True, (Paragraph.A1, Paragraph.B1, None)),
        ({}, 46225, True, (Paragraph.A1, None)),
        ({}, None, False, (Paragraph.A1, None)),
    ],
)
def test_open_figures_leave_every_outcome_that_they_allow(
    ops: dict[str, float], die: float | None, data_centre: bool, possible: tuple[Paragraph | None, ...]
) -> None:
    assert paragraphs_of_2023(performance(ops, die, data_centre=data_centre)) == possible


def test_an_estimated_area_across_a_limit_is_not_decided() -> None:
    assert paragraphs_of_2023(performance({"int8": 200}, 500, die_estimated=True)) == (Paragraph.B2, None)
    assert paragraphs_of_2023(performance({"int8": 200}, 500)) == (Paragraph.B2,)


def test_missing_bandwidth_leaves_the_january_test_open() -> None:
    assert within_january_window(performance({"fp8": 1979}, 814)) == (True, False)
    assert within_january_window(performance({"fp8": 1979}, 814, dram_bandwidth=6500)) == (False,)
    assert within_january_window(performance({"fp8": 2625}, 814)) == (False,)
