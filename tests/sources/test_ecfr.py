"""The Code of Federal Regulations: every trap of its service, and redlines from the texts of two days."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.errors import SourceError
from bot.fetch.exchange import Answer
from bot.model import Document, State
from bot.sources.base import Reading, source_from
from bot.sources.kinds.ecfr import EAR_PARTS
from bot.sources.recorded import read_body
from bot.sources.sniff import sniff

SOURCE = source_from({"id": "ecfr", "kind": "ecfr", "parts": [744]})
VERSION: dict[str, Any] = {
    "date": "2026-01-15", "amendment_date": "2026-01-15", "issue_date": "2026-01-15", "identifier": "744.23",
    "name": "§ 744.23   End use controls.", "part": "744", "substantive": True, "removed": False, "subpart": None,
    "title": "15", "type": "section",
}  # fmt: skip
SUPPLEMENT = VERSION | {"identifier": "Supplement No. 4 to Part 744", "type": "appendix", "name": "Supplement No. 4"}


def answer(body: Any) -> Answer:
    raw = body if isinstance(body, bytes) else (body if isinstance(body, str) else json.dumps(body)).encode()
    return Answer("https://www.ecfr.gov/x", 200, {}, raw, datetime(2026, 1, 1, tzinfo=UTC))


def read(*versions: Any) -> Reading:
    return SOURCE.read(answer({"content_versions": list(versions), "meta": {"result_count": str(len(versions))}}))


def section(*versions: Any) -> Document:
    (document,) = read(*versions).documents
    return document


def xml(*paragraphs: str, number: str = "744.23", extra: str = "", meta: str = "x") -> str:
    body = "".join(f"<P>{paragraph}</P>" for paragraph in paragraphs)
    return (
        f'<?xml version="1.0"?>\n<DIV8 N="{number}" TYPE="SECTION" hierarchy_metadata="{{&quot;p&quot;:&quot;'
        f'/on/_SUBSTITUTE_DATE_/{meta}&quot;}}"><HEAD>§ {number} Test.</HEAD>{body}{extra}</DIV8>'
    )


def settled(old: str | None, new: str | None, before: Document | None = None, **later: Any) -> tuple[Document, Any]:
    was = before or section(VERSION)
    now = section(VERSION, VERSION | {"date": "2026-09-24", "issue_date": "2026-09-24"} | later)
    answers = [answer(text) if text is not None else None for text in (old, new)]
    return SOURCE.settled(now, was, answers)


def test_it_asks_whether_an_import_runs_and_then_for_each_part_with_bare_parameters() -> None:
    titles, versions = SOURCE.requests()
    assert titles.url == "https://www.ecfr.gov/api/versioner/v1/titles.json"
    assert versions.url == "https://www.ecfr.gov/api/versioner/v1/versions/title-15.json"
    assert versions.params == (("part", "744"),)
    whole = source_from({"id": "e", "kind": "ecfr"})
    assert [dict(request.params)["part"] for request in list(whole.requests())[1:]] == list(EAR_PARTS)
    assert len(EAR_PARTS) == 12


@pytest.mark.parametrize("busy", [True, False])
def test_an_import_under_way_makes_the_poll_wait_and_reserved_titles_do_no_harm(busy: bool) -> None:
    reserved = {"number": 35, "name": "Panama", "latest_amended_on": None, "up_to_date_as_of": None, "reserved": True}
    reading = SOURCE.read(answer({"titles": [reserved], "meta": {"date": "x", "import_in_progress": busy}}))
    assert (reading.unready, reading.documents) == (busy, ())


def test_a_section_is_one_document_with_the_day_of_its_newest_version() -> None:
    old, new = VERSION | {"date": "2024-01-01"}, VERSION
    document = section(new, old)
    assert (document.key, document.title) == ("744.23", "§ 744.23 End use controls.")
    assert (document.details["date"], str(document.published)) == ("2026-01-15", "2026-01-15")
    assert document.url == "https://www.ecfr.gov/current/title-15/section-744.23"


def test_the_day_of_the_version_counts_and_not_that_of_its_amendment() -> None:
    entry = VERSION | {"date": "2023-04-10", "amendment_date": "2015-12-18", "issue_date": "2023-04-10"}
    assert section(entry).details["date"] == "2023-04-10"


def test_a_removed_section_is_withdrawn_and_one_that_came_back_is_not() -> None:
    gone = VERSION | {"date": "2026-05-01", "issue_date": "2026-05-01", "removed": True}
    assert section(VERSION, gone).state is State.WITHDRAWN
    assert section(VERSION, gone, VERSION | {"date": "2026-06-01"}).state is State.CURRENT


def test_the_text_is_asked_for_at_both_days() -> None:
    now = section(VERSION, VERSION | {"date": "2026-09-24"})
    old, new = SOURCE.wanted(now, section(VERSION))
    assert old.url.endswith("/full/2026-01-15/title-15.xml")
    assert new.url.endswith("/full/2026-09-24/title-15.xml")
    assert dict(new.params) == {"part": "744", "section": "744.23"}


def test_a_supplement_is_asked_for_by_its_full_label() -> None:
    now = section(SUPPLEMENT, SUPPLEMENT | {"date": "2026-09-24"})
    _, new = SOURCE.wanted(now, section(SUPPLEMENT))
    assert dict(new.params) == {"part": "744", "appendix": "Supplement No. 4 to Part 744"}
    assert "appendix-Supplement%20No.%204%20to%20Part%20744" in (now.url or "")


@pytest.mark.parametrize(
    "again",
    [
        {"issue_date": "2026-08-01", "substantive": False},
        {"name": "§ 744.23   End use controls (new heading).", "issue_date": "2026-08-01"},
        {"date": "2025-01-01"},
    ],
    ids=["issued again", "heading only", "older"],
)
def test_a_day_that_was_known_is_no_new_version(again: dict[str, Any]) -> None:
    before, now = section(VERSION), section(VERSION, VERSION | again)
    assert SOURCE.wanted(now, before) == ()
    assert SOURCE.settled(now, before, []) == (before, {})


def test_the_redline_names_paragraphs_words_and_thresholds() -> None:
    document, detail = settled(
        xml("(a) Same.", "(b) A performance of 4800 or more in Country Group D:1.", meta="2026-01-15"),
        xml("(a) Same.", "(b) A performance of 5200 or more.", "(c) New.", meta="2026-09-24"),
    )
    changed, added = detail["redline"]["hunks"]
    assert (changed["where"], changed["kind"]) == ("§ 744.23(b)", "changed")
    assert changed["callouts"] == [["4800", "5200"], ["D:1", ""]]
    assert (added["where"], added["kind"]) == ("§ 744.23(c)", "added")
    assert (detail["added"], detail["removed"], detail["changed"]) == (1, 0, 1)
    assert document.details["date"] == "2026-09-24"


def test_a_pending_amendment_is_a_link_and_no_change_of_the_words() -> None:
    link = "<XREF ID='1'>Link to an amendment published at 91 FR 1.</XREF><CITA TYPE='N'>[other note]</CITA>"
    _, detail = settled(xml("(a) Same."), xml("(a) Same.", extra=link), substantive=False)
    record = detail["redline"]
    assert (record["hunks"], record["pending"]) == ([], ["Link to an amendment published at 91 FR 1."])
    assert detail["substantive"] is False


def test_what_lies_between_two_polls_is_substantive_if_any_of_it_is() -> None:
    now = section(VERSION, VERSION | {"date": "2026-05-01"}, VERSION | {"date": "2026-06-01", "substantive": False})
    _, detail = SOURCE.settled(now, section(VERSION), [answer(xml("(a) One.")), answer(xml("(a) Two."))])
    assert detail["substantive"] is True


def test_the_section_is_found_in_the_text_of_its_whole_part() -> None:
    other = xml("(a) Other.", number="744.1").partition("?>")[2]
    part = '<DIV5 N="744" TYPE="PART"><HEAD>PART 744</HEAD>{}{}</DIV5>'
    old, new = (part.format(other, xml(f"(a) Mine is {word}.").partition("?>")[2]) for word in ("old", "new"))
    _, detail = settled(old, new)
    assert [hunk["where"] for hunk in detail["redline"]["hunks"]] == ["§ 744.23(a)"]


@pytest.mark.parametrize(
    ("old", "new"), [(None, xml("(a) x")), (xml("(a) x"), None), ("<DIV8", xml("(a) x")), ("", xml("(a) x"))]
)
def test_a_text_that_cannot_be_had_claims_nothing_about_the_words(old: str | None, new: str | None) -> None:
    document, detail = settled(old, new)
    assert document.details["date"] == "2026-09-24"
    if old == "":
        assert detail["redline"]["compared"]
    else:
        assert not detail["redline"]["compared"]
        assert detail["redline"]["hunks"] == []


def test_a_new_section_is_all_new_and_a_removed_one_all_gone() -> None:
    now = section(VERSION)
    (request,) = SOURCE.wanted(now, None)
    assert "2026-01-15" in request.url
    _, detail = SOURCE.settled(now, None, [answer(xml("(a) One.", "(b) Two."))])
    assert (detail["added"], detail["removed"]) == (3, 0)
    gone = section(VERSION, VERSION | {"date": "2026-05-01", "removed": True})
    (request,) = SOURCE.wanted(gone, now)
    _, detail = SOURCE.settled(gone, now, [answer(xml("(a) One."))])
    assert (detail["added"], detail["removed"]) == (0, 2)


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ({"error": "Found unpermitted parameter"}, "refused"),
        ({"ecfr_corrections": []}, "not_the_code"),
        ([], "not_the_code"),
        ("no json", "not_json"),
        ("<!DOCTYPE html><html><body>hello</body></html>", "not_the_code"),
        ("<DIV5 N='1' TYPE='PART'><HEAD>x</HEAD></DIV5>", "not_the_code"),
        ("<DIV8 N='1' TYPE='SECTION'><HEAD>x", "malformed_xml"),
        ('<!DOCTYPE x [<!ENTITY a "b">]><DIV8 N="1" TYPE="SECTION">&a;</DIV8>', "entity_declaration"),
    ],
)
def test_what_is_not_the_code_is_called_by_its_name(body: Any, name: str) -> None:
    with pytest.raises(SourceError) as caught:
        SOURCE.read(answer(body))
    assert caught.value.name == name


def test_versions_and_texts_are_sniffed() -> None:
    for body in (json.dumps({"content_versions": [VERSION]}), xml("(a) One.")):
        kind, reading = sniff(answer(body))
        assert (kind, [document.key for document in reading.documents]) == ("ecfr", ["744.23"])


def test_entries_without_a_day_or_number_are_left_out_and_said() -> None:
    reading = read(VERSION, {"identifier": "744.1"}, {"date": "2026-01-01"}, None, VERSION | {"date": "soon"})
    assert [document.key for document in reading.documents] == ["744.23"]
    assert reading.warnings == ("without_identifier",)


def test_the_recorded_bodies_are_read(shared: Path) -> None:
    folder = shared / "recordings" / "bodies-by-kind" / "ecfr"
    reading = read_body("ecfr", (folder / "cfrmcp_versions.json").read_bytes())
    assert len(reading.documents) > 50
    assert any(document.state is State.WITHDRAWN for document in reading.documents)
    appendix = read_body("ecfr", (folder / "cfrmcp_appendix_40_261_I.xml").read_bytes())
    assert [(d.key, d.kind) for d in appendix.documents] == [("Appendix I to Part 261", "appendix")]
    part = read_body("ecfr", (folder / "cfrmcp_part_1_2.xml").read_bytes())
    assert "2.1" in [document.key for document in part.documents]
