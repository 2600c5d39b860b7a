from datetime import date
from typing import Any

import pytest

from bot.errors import UserError
from bot.knowledge.library import Knowledge
from bot.knowledge.performance import BITS, performance, total_processing_performance


def test_every_researched_chip_is_there_under_all_its_names(law: Knowledge, shared_chips: Any) -> None:
    assert len(shared_chips) == 63
    for row in shared_chips:
        names = {row["name"], *(alias for aliases in row["aliases"].values() for alias in aliases)}
        found = {law.chips.find(name).name for name in names}
        assert len(found) == 1, (row["id"], found)


def test_figures_agree_with_the_research(law: Knowledge, shared_chips: Any) -> None:
    for row in shared_chips:
        chip = law.chips.find(row["name"])
        figures = chip.figures
        assert figures.tpp == pytest.approx(row["tpp"], abs=0.06) if row["tpp"] else figures.tpp is None, row["id"]
        assert figures.basis == row["tpp_basis"] or row["tpp_basis"] in chip.dense_tops, row["id"]
        if row["performance_density"]:
            assert figures.pd == pytest.approx(row["performance_density"], abs=0.006), row["id"]
        else:
            assert figures.pd is None, row["id"]
        assert chip.data_centre is row["marketed_for_data_centres"], row["id"]
        assert chip.for_china is row["designed_for_china"], row["id"]
        assert chip.bandwidth_gb_s == row["memory"]["bandwidth_gb_s"], row["id"]
        assert chip.interconnect_gb_s == row["interconnect_gb_s"], row["id"]


def test_paragraphs_agree_with_the_research(law: Knowledge, shared_chips: Any) -> None:
    checked = 0
    for row in shared_chips:
        chip = law.chips.find(row["name"])
        old, new = row["computed"]["rule_2022_oct_met"], row["computed"]["rule_2023_nov_paragraph"]
        if not chip.figures.published:
            continue
        on_2023 = law.status(chip, "CN", date(2022, 12, 1)).classification
        if old is not None:
            assert (on_2023.paragraph is not None) is old, row["id"]
        on_2024 = law.status(chip, "CN", date(2024, 1, 1)).classification
        shown = "undetermined" if on_2024.open else str(on_2024.paragraph) if on_2024.paragraph else None
        assert shown == new, row["id"]
        checked += 1
    assert checked > 50


@pytest.mark.parametrize(
    ("spelling", "name"),
    [
        ("H20", "H20"),
        ("h-20", "H20"),
        ("Ｈ２０", "H20"),
        ("Nvidia H20", "H20"),
        ("英伟达H20", "H20"),
        ("輝達H20", "H20"),
        ("特供版H20", "H20"),
        ("H20-KI-Chip", "H20"),
        ("KI-Chip H20", "H20"),
        ("H20 chips", "H20"),
        ("HGX H20", "H20"),
        ("MI308", "MI308X"),
        ("AMD Instinct MI308X", "MI308X"),
        ("MI250", "MI250X"),
        ("DGX H100", "H100"),
        ("GB200 NVL72", "GB200"),
        ("gb300-nvl72", "GB300"),
        ("RTX6000D", "RTX PRO 6000D"),
        ("RTX Pro 6000-D", "RTX PRO 6000D"),
        ("B40", "RTX PRO 6000D"),
        ("GeForce RTX 4090 D", "RTX 4090D"),
        ("5090DD", "RTX 5090D V2"),
        ("Grafikkarte RTX 5090D", "RTX 5090D"),
        ("昇腾910B", "Ascend 910B"),
        ("昇騰910C", "Ascend 910C"),
        ("Huawei Ascend 910B", "Ascend 910B"),
        ("HBM3E", "HBM"),
        ("高带宽内存", "HBM"),
        ("Gaudi2", "Gaudi 2"),
        ("CS-3", "WSE-3"),
        ("NVIDIA A800 PCIe 40/80 GB", "A800"),
        ("NVIDIA L20 PCle", "L20"),
        ("H20 96GB", "H20"),
        ("H100 80GB", "H100"),
        ("AMD Radeon Instinct MI308X", "MI308X"),
        ("Nvidia H100 Tensor Core GPU", "H100"),
        ("Nvidia's H20 chips", "H20"),
        ("英伟达的H20芯片", "H20"),
        ("RTX 4090 graphics card", "RTX 4090"),
        ("NVIDIA H200 SXM", "H200"),
    ],
)
def test_any_spelling_finds_the_chip(law: Knowledge, spelling: str, name: str) -> None:
    assert law.chips.find(spelling).name == name


def test_a_spelling_belongs_to_one_chip_only(law: Knowledge) -> None:
    for chip in law.chips.values():
        for spelling in (chip.name, *chip.systems, *(a for aliases in chip.aliases.values() for a in aliases)):
            assert law.chips.find(spelling).name == chip.name, spelling


@pytest.mark.parametrize("text", ["H2O", "h2o", "Ｈ２Ｏ", "Wasser"])
def test_h2o_is_water(law: Knowledge, text: str) -> None:
    with pytest.raises(UserError) as caught:
        law.status(text, "CN", "2025-05-20")
    assert caught.value.key == "errors.water"
    assert caught.value.values == {"chip": text, "suggestion": "H20"}


@pytest.mark.parametrize(
    ("text", "suggestion"),
    [("H1OO", "H100"), ("H2000", "H200"), ("Gaudi 33", "Gaudi 3"), ("Acsend 910B", "Ascend 910B")],
)
def test_an_unknown_chip_gets_a_suggestion(law: Knowledge, text: str, suggestion: str) -> None:
    with pytest.raises(UserError) as caught:
        law.chips.find(text)
    assert caught.value.key == "errors.unknown_chip"
    assert suggestion in str(caught.value.values["suggestion"])


def test_a_word_without_any_likeness_gets_no_suggestion(law: Knowledge) -> None:
    with pytest.raises(UserError) as caught:
        law.chips.find("washing machine")
    assert caught.value.values["suggestion"] == ""


def test_a_laptop_part_is_another_chip_than_the_desktop_card(law: Knowledge) -> None:
    with pytest.raises(UserError) as caught:
        law.chips.find("RTX 4090 Laptop GPU")
    assert (caught.value.key, caught.value.values["suggestion"]) == ("errors.laptop_chip", "RTX 4090")


@pytest.mark.parametrize(
    ("text", "member"),
    [("Blackwell", "B200"), ("Hopper", "H100"), ("昇腾", "Ascend 910C"), ("Nvidia Blackwell GPUs", "GB300")],
)
def test_a_family_is_answered_with_its_members(law: Knowledge, text: str, member: str) -> None:
    family = law.chips.family(text)
    assert family is not None
    assert member in family.members
    with pytest.raises(UserError) as caught:
        law.status(text, "CN", "2025-05-20")
    assert caught.value.key == "errors.chip_family"
    assert member in str(caught.value.values["chips"])


def test_long_or_hostile_text_is_refused_quickly(law: Knowledge) -> None:
    for text in ("H" * 100_000, "(" * 50_000, "<script>" * 1000, "\x00", " ", ""):
        with pytest.raises(UserError):
            law.chips.find(text)


def test_every_chip_carries_sources_and_plausible_figures(law: Knowledge) -> None:
    for chip in law.chips.values():
        assert chip.sources, chip.name
        assert all(s.title and s.url.startswith("https://") and "github.com" not in s.url for s in chip.sources), (
            chip.name
        )
        assert chip.confidence in ("confirmed", "single_source", "uncertain"), chip.name
        assert chip.origin in ("US", "CN"), chip.name
        assert chip.us_sale in (None, "yes", "doubtful", "no"), chip.name
        assert set(chip.dense_tops) <= set(BITS), chip.name
        assert chip.follows is None or chip.follows in law.chips, chip.name
        assert chip.released is None or chip.first_sold is not None, chip.name
        assert chip.kind == "memory" or chip.family, chip.name


def test_tpp_takes_the_highest_product_and_the_first_of_equals() -> None:
    assert total_processing_performance({"fp16": 148, "int8": 296}) == (2368, "fp16")
    assert total_processing_performance({"int8": 600}) == (4800, "int8")
    assert total_processing_performance({"fp16": 300}) == (4800, "fp16")
    assert total_processing_performance({"tf32": 494.5, "fp16": 989.5}) == (15832, "fp16")
    assert total_processing_performance({}) == (None, None)


def test_an_estimated_die_area_leaves_an_interval() -> None:
    figures = performance({"fp16": 150}, 800, die_estimated=True)
    assert figures.pd == pytest.approx(3.0)
    assert figures.density.low < 3.0 < figures.density.high
