"""Pictures of real chips and days: the figures of the makers, the days of the acts."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path

import pytest

from bot.cards.charts import clocks, limits, matrix, timeline
from bot.cards.charts.labels import ENGLISH, Labels, shade_of
from bot.cards.charts.lanes import Happening, Lane, Span, Stretch

LEDGER = date(2026, 10, 9)
WORDS = {
    "en": {
        "cn": "China", "hk": "Hong Kong", "mo": "Macau", "my": "Malaysia", "sg": "Singapore", "ae": "UAE",
        "sa": "Saudi Arabia", "de": "Germany", "ru": "Russia", "unpublished": "letter, policy unpublished",
        "expected": "letter, approval expected", "issued": "letter, some licences issued",
        "discourages": "firms told not to buy",
        "letter": "Letter to Nvidia: the H20 needs a licence", "filing": "Nvidia's 8-K makes the letter public",
        "promise": "Nvidia: Washington assured it the licences", "issue": "First licences issued",
        "summons": "China's cyberspace office summons Nvidia over the H20", "rule": "Rule of October 2023 in force",
    },
    "de": {
        "cn": "China", "hk": "Hongkong", "mo": "Macau", "my": "Malaysia", "sg": "Singapur", "ae": "VAE",
        "sa": "Saudi-Arabien", "de": "Deutschland", "ru": "Russland",
        "unpublished": "Schreiben, Maßstab unveröffentlicht",
        "expected": "Schreiben, Bewilligung erwartet", "issued": "Schreiben, einige Genehmigungen erteilt",
        "discourages": "Firmen sollen nicht kaufen",
        "letter": "Schreiben an Nvidia: H20 genehmigungspflichtig",
        "filing": "Nvidias 8-K macht das Schreiben öffentlich",
        "promise": "Nvidia: Washington habe die Genehmigungen zugesichert", "issue": "Erste Genehmigungen erteilt",
        "summons": "Chinas Cyberraumbehörde bestellt Nvidia wegen des H20 ein",
        "rule": "Regel vom Oktober 2023 in Kraft",
    },
    "zh": {
        "cn": "中国", "hk": "香港", "mo": "澳门", "my": "马来西亚", "sg": "新加坡", "ae": "阿联酋",
        "sa": "沙特阿拉伯", "de": "德国", "ru": "俄罗斯", "unpublished": "通知函，审查政策未公布",
        "expected": "通知函，预期批准", "issued": "通知函，已发部分许可证", "discourages": "要求企业不要购买",
        "letter": "致英伟达的通知函：H20需要许可证", "filing": "英伟达8-K文件公开该函",
        "promise": "英伟达称华盛顿保证发放许可证", "issue": "首批许可证发放",
        "summons": "中国网信办就H20约谈英伟达", "rule": "2023年10月规则生效",
    },
}  # fmt: skip

CHIPS = [
    ("A100", 4992, 6.04, "3A090.a.1"), ("A800", 4992, 6.04, "3A090.a.1"), ("A30", 2644, 3.2, "3A090.b.1"),
    ("H100", 15832, 19.45, "3A090.a.1"), ("H200", 15832, 19.45, "3A090.a.1"), ("H800", 15832, 19.45, "3A090.a.1"),
    ("H20", 2368, 2.91, ""), ("L40", 2896, 4.76, "3A090.b.1"), ("L40S", 5864, 9.64, "3A090.a.1"),
    ("L20", 1912, 3.14, ""),
    ("L4", 1940, 6.59, "3A090.a.2"), ("L2", 1544, 5.24, ""), ("B200", 36000, 22.11, "3A090.a.1"),
    ("B300", 56000, 34.4, "3A090.a.1"), ("Rubin", 140000, 86.0, "3A090.a.1"), ("RTX 4090", 5284.8, 8.68, "3A090.a.1"),
    ("RTX 4090 D", 4707.2, 7.74, ""), ("RTX 5090", 6704, 8.94, "3A090.a.1"), ("RTX PRO 6000", 8000, 10.67, "3A090.a.1"),
    ("MI210", 2899.2, 3.67, "3A090.b.1"), ("MI250X", 6128, 3.88, "3A090.a.1"), ("Gaudi 2", 6920, 8.38, "3A090.a.1"),
    ("BR100", 16384, 15.26, "3A090.a.1"), ("TPU v5e", 3152, 9.7, "3A090.a.2"), ("V100", 2000, 2.45, ""),
]  # fmt: skip


@pytest.fixture(scope="session")
def words():
    """Every language's catalogue of pictures, and the names in the samples."""
    translated = tomllib.loads((Path(__file__).parent / "labels.toml").read_text(encoding="utf-8"))
    return {"en": (Labels(), WORDS["en"])} | {
        language: (Labels(language, texts), WORDS[language]) for language, texts in translated.items()
    }


@pytest.fixture(scope="session")
def english():
    return ENGLISH


def h20_timeline(labels, word):
    us = (
        Stretch("none_for_chip_and_country", date(2022, 10, 7), date(2025, 4, 9)),
        Stretch("licence_open", date(2025, 4, 9), date(2025, 7, 14), word["unpublished"]),
        Stretch("licence_open", date(2025, 7, 14), date(2025, 8, 8), word["expected"]),
        Stretch("licence_open", date(2025, 8, 8), None, word["issued"]),
    )
    china = (
        Stretch("none_known", date(2022, 10, 7), date(2025, 7, 31)),
        Stretch(shade_of("destination_discourages"), date(2025, 7, 31), None, word["discourages"]),
    )
    lanes = (
        Lane(labels.text("lane.us_export", place=word["cn"]), us),
        Lane(labels.text("lane.destination_side", place=word["cn"]), china),
    )
    happenings = (
        Happening(date(2023, 11, 17), word["rule"], law=True),
        Happening(date(2025, 4, 9), word["letter"], law=True),
        Happening(date(2025, 4, 15), word["filing"], law=False),
        Happening(date(2025, 7, 14), word["promise"], law=False),
        Happening(date(2025, 7, 31), word["summons"], law=False),
        Happening(date(2025, 8, 8), word["issue"], law=True),
    )
    return timeline.Timeline("H20", lanes, happenings, Span(date(2023, 6, 1), date(2026, 11, 24), LEDGER))


def h20_clocks(labels, word):
    free = "none_for_chip_and_country"
    law = (
        Stretch(free, date(2025, 1, 1), date(2025, 4, 9)),
        Stretch("licence_open", date(2025, 4, 9), date(2025, 7, 14), word["unpublished"]),
        Stretch("licence_open", date(2025, 7, 14), None, word["expected"]),
    )
    known = (
        Stretch(free, date(2025, 1, 1), date(2025, 4, 15)),
        Stretch("licence_open", date(2025, 4, 15), date(2025, 7, 14), word["unpublished"]),
        Stretch("licence_open", date(2025, 7, 14), None, word["expected"]),
    )
    happenings = (
        Happening(date(2025, 4, 9), word["letter"], law=True),
        Happening(date(2025, 4, 15), word["filing"], law=False),
    )
    span = Span(date(2025, 3, 1), date(2025, 8, 1), LEDGER)
    return clocks.Clocks("H20", word["cn"], law, known, span, date(2025, 5, 20), happenings)


def limits_map(labels, word):
    known = [limits.Chip(name, tpp, pd, pd, place, name == "Rubin", name == "H20") for name, tpp, pd, place in CHIPS]
    open_area = [
        limits.Chip("MI300X", 20919.2, 11.3, 20.6, "3A090.a.1"),
        limits.Chip("Gaudi 3", 29360, None, None, "3A090.a.1"),
        limits.Chip("Ascend 910C", 12800, None, None, "3A090.a.1"),
    ]
    return limits.Map((*known, *open_area), LEDGER)


def chips_and_places(labels, word):
    places = [word[code] for code in ("cn", "hk", "mo", "my", "sg", "ae", "sa", "de", "ru")]
    d, o, n, b, u = (
        "licence_denial_expected", "licence_open", "none_for_chip_and_country", "barred", "unclear",
    )  # fmt: skip
    rows = {
        "A100": [o, o, o, n, n, o, o, n, b], "H100": [o, o, o, n, n, o, o, n, b], "H200": [o, o, o, n, n, o, o, n, b],
        "H800": [d, d, d, n, n, o, o, n, b], "H20": [o, o, n, n, n, n, n, n, b], "B200": [d, d, d, n, n, o, o, n, b],
        "B300": [d, d, d, n, n, o, o, n, b], "RTX 4090": [o, o, o, n, n, o, o, n, b],
        "RTX PRO 6000D": [u, u, u, n, n, u, u, n, b], "MI308X": [o, o, u, n, n, u, u, n, b],
        "MI325X": [o, o, o, n, n, o, o, n, b],
    }  # fmt: skip
    shades = {(chip, place): shade for chip, row in rows.items() for place, shade in zip(places, row, strict=True)}
    return matrix.Matrix(tuple(rows), tuple(places), shades, date(2026, 11, 24), LEDGER, "H20")


SAMPLES = {
    "timeline": (timeline, h20_timeline),
    "clocks": (clocks, h20_clocks),
    "limits": (limits, limits_map),
    "matrix": (matrix, chips_and_places),
}


@pytest.fixture(scope="session", params=[(kind, language) for kind in SAMPLES for language in WORDS], ids="-".join)
def picture(request, words):
    """(kind, language, module, data, labels) of each picture in each language."""
    kind, language = request.param
    labels, word = words[language]
    module, sample = SAMPLES[kind]
    return kind, language, module, sample(labels, word), labels
