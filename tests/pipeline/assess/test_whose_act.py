"""Whose act a title tells: another state's own, the United States', or nobody's."""

from __future__ import annotations

import pytest

from bot.cards.headline import actors
from bot.pipeline.assess import assess_text

FOREIGN = [
    ("China's commerce ministry bans exports of Nvidia H20 chips to Malaysia", "in_force", "CN US", "MY"),
    ("Beijing bars shipments of Nvidia AI chips to Vietnam", "in_force", "CN US", "VN"),
    ("China restricts exports of AI chips to Japan", "announced", "CN US", "JP"),
    ("China allows exports of Nvidia H20 chips to Malaysia", "issued", "CN US", "MY"),
    ("Singapore bans sale of Nvidia H100 chips to Russia", "in_force", "SG US", "RU"),
    ("Taiwan bans exports of Nvidia H100 chips to Russia", "in_force", "TW US", "RU"),
    ("India bars sale of AMD MI300 chips to Pakistan", "in_force", "IN US", "PK"),
    ("China verbietet Ausfuhr von Nvidia H20 nach Malaysia", "in_force", "CN US", "MY"),
    ("Peking untersagt Lieferungen von Nvidia-KI-Chips nach Vietnam", "in_force", "CN US", "VN"),
    ("Singapur verbietet Verkauf von Nvidia H100 nach Russland", "in_force", "SG US", "RU"),
    ("中国商务部禁止向马来西亚出口英伟达H20芯片", "in_force", "CN US", "MY"),
    ("中国禁止向越南出口英伟达H20芯片", "in_force", "CN US", "VN"),
    ("新加坡禁止向俄罗斯出售英伟达H100芯片", "in_force", "SG US", "RU"),
]


@pytest.mark.parametrize(("title", "stage", "origin", "codes"), FOREIGN)
def test_what_another_state_does_to_a_third_is_its_own_measure(title, stage, origin, codes):
    found = assess_text(title)
    assert (found.relevant, found.kind.value, found.stage and found.stage.value) == (True, "foreign_measure", stage)
    assert (" ".join(found.origin), " ".join(found.destinations)) == (origin, codes)
    assert actors(found) == (origin.split()[0],)  # whom the card's headline names


@pytest.mark.parametrize(
    "title",
    [
        "China warns US over chip exports to Taiwan",
        "Beijing warns Washington over Nvidia chip exports to Taiwan",
        "India warns US over Nvidia chip exports to Pakistan",
        "Malaysia warns US over chip exports to Israel",
        "China asks Washington to ease chip export ban on Malaysia",
        "China warnt USA vor Chip-Exporten nach Taiwan",
        "中国警告美国勿向台湾出口芯片",
        "中国敦促美国解除对马来西亚的H20出口禁令",
        # nor has acted who is acted on
        "Pakistan barred from buying Nvidia H20 chips",
        "Malaysia barred from buying Nvidia H20 chips",
        "马来西亚被禁止购买英伟达H20芯片",
        "China opposes US ban on H20 exports to Vietnam",
        "China says Trump chip export ban on Malaysia hurts",
    ],
)
def test_who_warns_or_is_barred_makes_neither_law_nor_guidance(title):
    assert assess_text(title).kind.value in ("statement", "report")
