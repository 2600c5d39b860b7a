"""Whatever strangers write: judged or refused with a reason, never a crash, and never slower than its length."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.knowledge.finding import MOST_TERMS, terms_of, words_of
from bot.model import Document, Trust
from bot.pipeline.assess import assess, assess_text
from bot.pipeline.assess.explain import explain
from bot.pipeline.stories import Fingerprint, fingerprint
from tests.liveness import lively

ANY = st.text(st.characters(codec="utf-8"), max_size=400)
TRADE = st.lists(
    st.sampled_from(
        ["H20", "Nvidia", "芯片", "禁止", "China", "<b>", "&amp;", "\u202e", "\u200b", "?", "。", "15%", "💥", " "]
    ),
    max_size=60,
).map("".join)


@pytest.mark.parametrize(
    "title",
    [
        "",
        "   \u200b\u202e ",
        "\x00\x01\x02",
        "NVIDIA â€œH20â€\x9d exports",
        "<script>alert(1)</script>",
        "💥🚀",
        "\ud800 lone surrogate",
        "http://[::1",
    ],
)
def test_strange_titles_are_judged_or_refused_with_a_reason(title):
    found = assess_text(title, "", "", "http://[::1")
    assert found.reasons
    assert 0 <= found.score <= 1


PLAIN = "US bans Nvidia H20 chip exports to China"


@pytest.mark.parametrize(
    "written",
    [
        "US bans Nvidia H\u200b2\u200d0 chip exports to China",  # zero-width characters inside the chip's name
        "US bans Nvidia \u202eH20\u202c chip exports to \u200fChina",  # marks of direction
        "US bans Nvidia Ｈ２０ chip exports to China",  # full width
        "US bans Nvіdia Н20 chip еxports to Chinа",  # Cyrillic і, Н, е, а
        "US bans <b>Nvidia</b> <i>H20</i> chip exports to&nbsp;China",
        "🚨 US bans Nvidia H20 chip exports to China 💥🇨🇳",
        "US bans Nvidiaâ€™s H20 chip exports to China",  # mojibake
    ],
)
def test_what_only_looks_otherwise_is_judged_alike(written):
    plain, found = assess_text(PLAIN), assess_text(written)
    for label in ("relevant", "chips", "companies", "destinations", "kind", "direction"):
        assert getattr(found, label) == getattr(plain, label), label


@pytest.mark.parametrize("declared", ["zh", "de", "xx", "", None])
def test_a_language_that_is_declared_and_not_written_decides_nothing(declared):
    document = Document("s", "k", PLAIN, summary="Der Export ist verboten. 禁止出口。", language=declared)
    found = assess(document, Trust.PRESS)
    assert found == assess(Document("s", "k", PLAIN, summary=document.summary, language="en"), Trust.PRESS)
    assert fingerprint(document, found).chips == {"H20"}


@given(ANY | TRADE)
@settings(max_examples=100, deadline=None)
def test_any_text_can_be_found_and_asked_for(text):
    words = words_of(text)
    assert all(isinstance(word, str) and len(word) <= 80 for word in words)
    assert len(terms_of(text)) <= MOST_TERMS


def test_an_empty_text_is_refused_with_a_reason():
    found = assess_text("", "")
    assert (found.relevant, [reason.rule for reason in found.reasons]) == (False, ["empty"])


def test_a_long_text_is_judged_by_its_beginning_and_says_so():
    found = assess_text("US bans Nvidia H20 exports to China", "Filler. " * 200_000)
    assert found.relevant
    assert ("text", "cut") in [(reason.label, reason.rule) for reason in found.reasons]


@pytest.mark.parametrize("piece", ["H20 ", "Nvidia", "不", "<", "&#", "1,", "(", "ban ", "２"])
def test_a_megabyte_costs_little_more_than_a_page(piece):
    text = piece * (1_000_000 // len(piece))
    assess_text("warm", "up")
    with lively(0.2):
        found = assess_text(text, text, text, text)
        fingerprint(Document("s", "k", text, text, summary=text), found)
        words_of(text)
        terms_of(text)


@given(ANY | TRADE, ANY | TRADE)
@settings(max_examples=200, deadline=None)
def test_any_text_is_judged_explained_and_remembered(title, lead):
    found = assess_text(title, lead, title, lead)
    assert found == assess_text(title, lead, title, lead)
    assert isinstance(explain(title, lead, found), str)
    print_ = fingerprint(Document("s", "k", title, lead, summary=lead), found)
    assert Fingerprint.of_record(print_.record()) == print_


@given(TRADE)
@settings(max_examples=100, deadline=None)
def test_what_shows_nothing_changes_nothing(title):
    hidden = title.replace("H20", "H\u200b20")
    plain, veiled = assess_text(title), assess_text(hidden)
    assert (plain.relevant, plain.chips, plain.kind) == (veiled.relevant, veiled.chips, veiled.kind)


def test_the_trust_of_the_source_survives_an_empty_text():
    assert assess_text("", trust=Trust.OFFICIAL).trust is Trust.OFFICIAL
