"""What a story remembers of a document: its numbers, its script, its day, its address."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest

from bot.model import Assessment, Document
from bot.pipeline.stories import story_id
from bot.pipeline.stories.fingerprint import Fingerprint, fingerprint, numbers_of

DOCUMENT = Document("wire", "1", "Court fines Acme $140 million", "https://www.wire.example/a/?utm=x", date(2026, 6, 1))
ABOUT = Assessment(relevant=True, score=1.0)


def printed(**changes: object) -> Fingerprint:
    return fingerprint(replace(DOCUMENT, **changes), ABOUT)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("fined $140 million", {"1.4e+08"}),
        ("fine: 140 mio", {"1.4e+08"}),
        ("a fine of 140 million", {"1.4e+08"}),
        ("1,234,567 units and 4800 dollars", {"1.23457e+06", "4800"}),
        ("worth €2.5 billion", {"2.5e+09"}),
        ("2,5 milliarden euro", {"2.5e+09"}),
        ("30 thousand chips", {"30000"}),
        ("40万块", {"400000"}),
        ("$1,234,567, €1.234", {"1.23457e+06", "1234"}),
        ("25 %, 15 percent", {"25%", "15%"}),
        ("3.5 prozent", {"3.5%"}),
        ("31, 32", {"32"}),  # small counts identify nothing
        ("1990, 2025, 2040", set()),  # years
        ("1989, 2041", {"1989", "2041"}),
        ("paid $2,025", {"2025"}),  # money, whatever year it looks like
        ("the h200, mi308, 910c", set()),  # parts of a chip's name
        ("h200, 5%, 910c, $70, 2025, $80", {"5%", "70", "80"}),
        ("", set()),
    ],
)
def test_amounts_counts_and_shares_identify_whatever_their_spelling(text: str, numbers: set[str]) -> None:
    assert numbers_of(text) == numbers


@pytest.mark.parametrize(
    ("title", "declared", "script"),
    [
        ("US bans chip exports", None, "en"),
        ("USA verbieten Ausfuhr", "de-DE", "de"),
        ("美国禁止向中国出口芯片", "en", "zh"),
        ("米国が半導体の輸出を規制", "en", "ja"),
        ("미국, 반도체 수출 규제", "en", "ko"),
        ("США запретили экспорт", "en", "ru"),
    ],
)
def test_the_script_goes_before_what_is_declared(title: str, declared: str | None, script: str) -> None:
    assert printed(title=title, language=declared).script == script


def test_texts_without_spaces_share_pairs_of_characters() -> None:
    one, other = printed(title="甲乙春夏秋冬"), printed(title="丙丁春夏秋冬")
    assert (len(one.words), len(one.words & other.words)) == (5, 3)


def test_a_document_without_a_first_day_has_that_of_its_change() -> None:
    assert printed().day == date(2026, 6, 1).toordinal()
    assert printed(published=None, updated=date(2026, 6, 2)).day == date(2026, 6, 2).toordinal()
    assert printed(updated=date(2026, 6, 2)).day == date(2026, 6, 1).toordinal()
    assert printed(published=None).day is None


def test_an_address_is_compared_without_what_counts_visitors() -> None:
    assert printed().link == "wire.example/a"
    assert printed(url=None).link == printed(url="http://[").link == ""


def test_a_fingerprint_is_the_same_after_the_store() -> None:
    whole = printed(summary="The court in Texas named Operation Gatekeeper on 3 June 2026.")
    assert Fingerprint.of_record(json.loads(json.dumps(whole.record()))) == whole
    assert whole.numbers == {"1.4e+08"}


def test_the_number_in_a_chips_name_is_none() -> None:
    assert printed(title="RTX 4090 sales banned, 5,000 units seized", summary="").numbers == {"5000"}


@pytest.mark.parametrize("field", ["source", "key", "url"])
def test_half_a_surrogate_pair_can_be_packed(field: str) -> None:
    found = printed(**{field: "https://wire.example/a\ud800"})
    assert Fingerprint.unpacked(found.packed()) == found
    assert story_id("wire\ud800", "1\udc00") == story_id("wire?", "1?")
