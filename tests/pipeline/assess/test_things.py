"""Which chips a text is about: a code that means nothing else needs no company, one that other things bear does."""

from __future__ import annotations

import pytest

from bot.pipeline.assess import assess_text

ALONE = ("H200", "GB200", "GB300", "B30A", "L40S", "MI300X", "MI308", "MI325X", "Gaudi 3", "RTX PRO 6000",
         "RTX PRO 6000D", "RTX 5090D", "Ascend 910B")  # fmt: skip
SHARED = ("H20", "A100", "A800", "H100", "H800", "B200", "B300", "Blackwell", "HBM")


@pytest.mark.parametrize("chip", ALONE + SHARED)
@pytest.mark.parametrize(
    "title",
    [
        "US bans {} exports to Malaysia",
        "US bans exports of {} to Malaysia",
        "US grants licence for {} to Oman",
        "USA stoppen {}-Lieferungen nach Vietnam",
        "USA untersagen den Verkauf von {} an Katar",
        "USA: {} darf nicht nach Kasachstan geliefert werden",
        "美国禁止向马来西亚出口{}",
        "{}出口阿曼须获美国许可",
    ],
)
def test_a_chip_is_named_by_a_bare_headline(chip, title):
    assert assess_text(title.format(chip)).chips == (chip,)


@pytest.mark.parametrize("chip", ALONE)
def test_what_means_nothing_else_needs_no_word_of_the_trade(chip):
    assert assess_text(f"US to clear {chip} for Oman, officials say").chips == (chip,)


@pytest.mark.parametrize(
    "title",
    [
        "H20 water exports to Malaysia",
        "US bans H20 water exports to Malaysia",
        "A100 road closed",
        "A100 gesperrt: Export rollt über die Landstraße",
        "Berlin: Sperrung der A100 verlängert, Verkauf von Tickets läuft",
        "Indonesia raises B40 exports as US bans palm oil",
        "US sells King Air B200 aircraft to Malaysia after export licence",
        "Grain Hopper exports to Canada banned",
    ],
)
def test_the_same_code_elsewhere_is_no_chip_and_no_news_of_ours(title):
    found = assess_text(title)
    assert found.chips == ()
    assert not found.relevant
