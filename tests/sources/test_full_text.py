"""What the full text of a rule adds to its record."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import SourceError
from bot.fetch.exchange import Answer
from bot.model import Assessment, Document, State
from bot.sources.base import source_from
from bot.sources.full_text import read_full_text
from tests.liveness import lively

RULE = """<?xml version="1.0"?>
<RULE><PREAMB><AGENCY>DEPARTMENT OF COMMERCE</AGENCY><CFR>15 CFR Parts 740, 742, and 774</CFR>
<DEPDOC>[Docket No. 260101-0001]</DEPDOC><RIN>RIN 0694-AK55</RIN>
<SUM><HD SOURCE="HED">SUMMARY:</HD><P>This rule revises the controls on <E T="03">3A090</E> &amp; others.</P></SUM>
<EFFDATE><HD SOURCE="HED">DATES:</HD>
<P>This rule is effective June 1, 2026. Comments are due by July 1, 2026.</P></EFFDATE>
</PREAMB><SUPLINF><P>In FR Doc. 2026-00042, ECCN 4A090.a and 3A090.b.1 and 3A0900 and X3A001 are named.</P>
<REGTEXT TITLE="15" PART="742"><P>text</P></REGTEXT></SUPLINF></RULE>"""


def answer(body: str) -> Answer:
    return Answer("https://www.federalregister.gov/x.xml", 200, {}, body.encode(), datetime(2026, 1, 1, tzinfo=UTC))


def test_what_a_rule_says_beyond_its_record() -> None:
    found = read_full_text(answer(RULE), needs_lead=True, corrects=True)
    assert found["eccns"] == ["3A090", "4A090.a", "3A090.b.1"]
    assert found["cfr_references"] == ["15 CFR 742", "15 CFR 740", "15 CFR 774"]  # what is amended comes first
    assert found["regulation_id_numbers"] == ["0694-AK55"]
    assert found["docket_ids"] == ["260101-0001"]
    assert found["dates"] == "This rule is effective June 1, 2026. Comments are due by July 1, 2026."
    assert found["lead"] == "This rule revises the controls on 3A090 & others."
    assert found["continues"] == ["fr:2026-00042"]


def test_what_a_record_has_is_not_read_again() -> None:
    found = read_full_text(answer(RULE), needs_lead=False, corrects=False)
    assert not {"lead", "continues"} & found.keys()


def test_what_a_president_signs_has_no_summary_and_is_quoted_from_its_start() -> None:
    signed = (
        "<PRESDOCU><PROCLA><TITLE3>Title 3</TITLE3><P>1. On July 1, imports of semiconductors.</P><P>2. I find.</P>"
    )
    found = read_full_text(answer(signed), needs_lead=True, corrects=False)
    assert found["lead"] == "1. On July 1, imports of semiconductors.\n2. I find."


def test_plain_text_will_do() -> None:
    text = "<html><head><title>x</title></head><body><pre>\n15 CFR Part 744\nECCN 3A090\n</pre></body></html>"
    found = read_full_text(answer(text), needs_lead=False, corrects=False)
    assert (found["cfr_references"], found["eccns"]) == (["15 CFR 744"], ["3A090"])


@pytest.mark.parametrize(
    ("page", "name"),
    [
        ("<html><title>Just a moment...</title></html>", "challenge"),
        ("<!DOCTYPE html><html><p>Not found</p></html>", "no_full_text"),
    ],
)
def test_a_page_for_people_is_no_text(page: str, name: str) -> None:
    with pytest.raises(SourceError) as caught:
        read_full_text(answer(page), needs_lead=True, corrects=False)
    assert caught.value.name == name


@given(st.text(alphabet=st.sampled_from("<>/P&;15 CFR,and3A090.RINSUM\"='-"), max_size=400))
@settings(max_examples=300, deadline=None)
def test_any_text_is_read_or_refused_by_name(text: str) -> None:
    assert all(outcome(text).values())


def outcome(text: str) -> dict[str, Any]:
    try:
        return read_full_text(answer(text), needs_lead=True, corrects=True)
    except SourceError as error:
        return {"error": error.name in ("challenge", "no_full_text")}


def test_two_megabytes_of_hostile_marks_are_read_in_linear_time() -> None:
    for piece in ("<P", "15 CFR 1, and ", "<REGTEXT ", "3A09", "&amp", "<P><P>"):
        with lively(2):
            read_full_text(answer(piece * (2_000_000 // len(piece))), needs_lead=True, corrects=True)


def document(**more: Any) -> Document:
    given: dict[str, Any] = {"published": date(2026, 5, 6), "title": "A rule", "kind": "Rule"} | more
    return Document(source="fr", key="2026-04321", **given)


@pytest.mark.parametrize(
    ("found", "relevant", "path"),
    [
        (document(), True, "/documents/full_text/xml/2026/05/06/2026-04321.xml"),
        (document(), False, None),
        (document(kind="Presidential Document"), False, "/documents/full_text/xml/2026/05/06/2026-04321.xml"),
        (document(details={"full_text_xml_url": "https://www.federalregister.gov/a.xml"}), True, "/a.xml"),
        (document(details={"raw_text_url": "https://www.federalregister.gov/a.txt"}), True, "/a.txt"),
        (document(details={"full_text_xml_url": "https://elsewhere.example/a.xml"}), True, None),
        (document(published=None), True, None),
    ],
)
def test_which_text_is_asked_for(found: Document, relevant: bool, path: str | None) -> None:
    register = source_from({"id": "fr", "kind": "federal_register"})
    request = register.follow_up(found, Assessment(relevant=relevant, score=1.0))
    assert (request.url.removeprefix("https://www.federalregister.gov") if request else None) == path


def test_the_desk_s_own_text_is_asked_for_while_a_document_lies_there() -> None:
    desk = source_from({"id": "desk", "kind": "public_inspection"})
    filed = document(
        state=State.SCHEDULED,
        details={"raw_text_url": "https://www.federalregister.gov/public-inspection/raw_text/1.txt"},
    )
    request = desk.follow_up(filed, Assessment(relevant=True, score=1.0))
    assert request is not None
    assert request.url.endswith("/raw_text/1.txt")
    assert desk.follow_up(filed, Assessment(relevant=False, score=0.0)) is None
