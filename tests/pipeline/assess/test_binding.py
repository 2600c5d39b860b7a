"""What binds is read where the text says it of the act, in three languages, and nowhere else."""

from __future__ import annotations

import pytest

from bot.model import Kind
from bot.pipeline.assess import assess_text
from tests.liveness import lively


@pytest.mark.parametrize(
    ("title", "lead", "fact", "expected"),
    [
        (
            "BIS final rule on Nvidia H200 chip exports to China",
            "The rule takes effect on January 15, 2026. It was signed on January 9, 2026.",
            "effective",
            ("2026-01-15",),
        ),
        ("Neue Regel des BIS zum Export von Nvidia-H200-Chips nach China", "Sie tritt am 15. Januar 2026 in Kraft.",
         "effective", ("2026-01-15",)),
        ("美国商务部发布英伟达H200芯片对华出口新规", "该规则于2026年1月15日生效。", "effective", ("2026-01-15",)),
        ("BIS final rule on Nvidia H200 chip exports to China", "It was signed on January 9, 2026.", "effective", ()),
        (
            "Nvidia to pay US 15% of revenue from H20 chip sales to China",
            "Its shares rose 4%.",
            "amounts",
            ("15%",),
        ),
        (
            "US rule lets Nvidia H200 chips go to China below a total processing performance of 21,000",
            "",
            "thresholds",
            ("tpp 21000",),
        ),
        ("US moves Nvidia H200 exports to China to case-by-case review in final rule", "", "conditions",
         ("case_by_case",)),
    ],
)  # fmt: skip
def test_facts_that_bind(title, lead, fact, expected):
    assert getattr(assess_text(title, lead).binding, fact) == expected


@pytest.mark.parametrize(
    ("title", "counted"),
    [
        ("US grants licences for 35,000 Nvidia chips to Saudi Arabia", ("35000 chips",)),
        ("US grants licences for 1,200,000 H20 chips to China", ("1200000 chips",)),
        ("美国批准向沙特出口3.5万颗英伟达芯片的许可证", ("35000 chips",)),
        ("US grants licences for Nvidia GB300 chips to Saudi Arabia", ()),
        ("US grants licences for MI308-chips of AMD and RTX 4090 GPUs to China", ()),
        ("USA erteilen Nvidia Lizenzen für H200-Chips nach China", ()),
    ],
)
def test_the_chips_of_a_licence_are_counted(title, counted):
    found = assess_text(title)
    assert found.kind is Kind.LICENCE_GRANTED
    assert found.binding.amounts == counted


def test_a_text_is_headed_by_the_chips_of_its_title_and_first_sentence():
    found = assess_text("Nvidia to resume H20 sales to China", "AMD may follow. Its MI308 chip was barred too.")
    assert found.chips == ("H20", "MI308")
    assert found.binding.chips == ("H20",)


def test_an_abbreviation_ends_no_sentence():
    lead = "The U.S. Commerce Department said that H20 exports to China are barred. MI308 exports are barred too."
    assert assess_text("Nvidia", lead).binding.chips == ("H20",)


def test_a_list_of_figures_costs_no_more_than_its_length():
    text = "US rule on Nvidia chips: tpp " + "1,2" * 400_000
    with lively(0.2):
        assess_text(text, text)
