"""Words are found wherever they are written, and nowhere else."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.knowledge.vocabulary import vocabulary
from tests.liveness import lively


def concepts(text: str) -> set[str]:
    words = vocabulary()
    return {match.concept for match in words.find(words.folding.fold(text))}


@pytest.mark.parametrize(
    "written",
    [
        "H20",
        "h-20",
        "Ｈ２０",
        "H\u200b20",
        "H\u202e20",
        "Н20",  # the first letter is Cyrillic
        "英伟达H20芯片",
        "H20-Chip",
        "H20s",
        "<b>H20</b>",
    ],
)
def test_a_chip_is_found_in_every_spelling(written):
    assert "chips.H20" in concepts(f"Nvidia {written} export")


@pytest.mark.parametrize("written", ["nRF54H20", "H200", "H20x", "OH20", "WH20B"])
def test_a_chip_is_not_found_inside_another_word(written):
    assert "chips.H20" not in concepts(f"Nvidia {written} export")


@pytest.mark.parametrize(
    ("written", "concept"),
    [
        ("RTX-Pro 6000 D", "chips.RTX PRO 6000D"),
        ("rtxpro6000d", "chips.RTX PRO 6000D"),
        ("RTX 5090 D V2", "chips.RTX 5090D V2"),
        ("昇騰910B", "chips.Ascend 910B"),
        ("輝達", "companies.Nvidia"),
        ("엔비디아가", "companies.Nvidia"),
        ("美國商務部工業與安全局", "agencies.bis"),
        ("發放許可證", "terms.issue_licence"),
        ("hat das Ministerium begonnen, Lizenzen für Ausfuhren zu erteilen", "terms.issue_licence"),
    ],
)
def test_variants_compounds_and_both_chinese_scripts_mean_the_same(written, concept):
    assert concept in concepts(written)


def test_case_tells_the_bureau_from_the_german_word_until():
    assert "agencies.bis" in concepts("Die BIS verschärft die Regeln")
    assert "agencies.bis" not in concepts("Der Export läuft bis Freitag")
    assert "places.US" not in concepts("they told us to wait")


def test_a_span_leads_back_to_the_text_as_given():
    given = "<i>ﬁrst</i> „Ｈ\u200b２０“ für China"
    words = vocabulary()
    folded = words.folding.fold(given)
    match = next(match for match in words.find(folded) if match.concept == "chips.H20")
    start, end = folded.span(match.start, match.end)
    assert given[start:end] == "Ｈ\u200b２０"


def test_a_gap_in_a_pattern_stays_inside_its_clause():
    assert "terms.issue_licence" in concepts("Lizenzen nach langem Streit erteilt")
    assert "terms.issue_licence" not in concepts("Lizenzen gibt es nicht. Später wurde der Auftrag erteilt")


@given(st.text(max_size=300))
@settings(max_examples=150, deadline=None)
def test_any_text_folds_and_every_span_lies_inside_it(text):
    words = vocabulary()
    folded = words.folding.fold(text)
    for match in words.find(folded):
        start, end = folded.span(match.start, match.end)
        assert 0 <= start < end <= len(text)


@pytest.mark.parametrize("piece", ["Lizenz ", "h20", "<a ", "&#", "а1", "ﷺ", "芯片"])
def test_folding_and_finding_never_hang(piece):
    """A bound on liveness: a text of this length takes a tenth of a second, quadratic work on it minutes."""
    words = vocabulary()
    with lively(1):
        words.find(words.folding.fold(piece * 100_000))


@pytest.mark.parametrize("before", ["", "对华禁售 ", "Straße für ", "😀 ", "…ﬁ\u200b\U0001f9ff\ue000 "])
def test_a_place_is_counted_in_characters_whatever_octets_stand_before_it(before):
    words = vocabulary()
    text = f"{before}Nvidia 的 H20"
    folded = words.folding.fold(text)
    spans = {m.concept: folded.span(m.start, m.end) for m in words.find(folded)}
    assert {concept: text[slice(*spans[concept])] for concept in ("companies.Nvidia", "chips.H20")} == {
        "companies.Nvidia": "Nvidia",
        "chips.H20": "H20",
    }


@given(st.text(max_size=40))
def test_a_text_folds_as_its_characters_do(text):
    folding = vocabulary().folding
    plain = unicodedata.normalize("NFC", text).translate(str.maketrans("<&", "  "))
    folded = folding.fold(plain)
    apart = [folding[ord(char)] for char in folded.given]
    assert len(folded.text) == sum(map(len, apart))
    if folded.starts is not None:
        assert folded.starts == tuple(place for place, each in enumerate(apart) for _ in each)
