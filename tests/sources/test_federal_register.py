"""The Federal Register's API: what is asked, and what is read from whatever it answers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import ConfigError, SourceError
from bot.fetch.exchange import Answer
from bot.model import State, Trust
from bot.sources.base import Reading, source_from
from bot.sources.recorded import read_body

RULE: dict[str, Any] = {
    "title": "Licence Policy for Certain Integrated Circuits  ",
    "type": "Rule",
    "abstract": "A rule <em>of test</em>. It names &quot;chips&quot;.",
    "action": "Interim final rule.",
    "document_number": "2026-00123",
    "html_url": "https://www.federalregister.gov/documents/2026/01/15/2026-00123/licence-policy",
    "pdf_url": "https://www.govinfo.gov/content/pkg/FR-2026-01-15/pdf/2026-00123.pdf",
    "publication_date": "2026-01-15",
    "effective_on": "2026-01-15",
    "comments_close_on": None,
    "citation": "91 FR 1684",
    "dates": "Effective January 15, 2026.",
    "docket_ids": ["Docket No. 260101-0001"],
    "regulation_id_numbers": ["0694-AA00"],
    "significant": True,
    "agencies": [
        {"raw_name": "DEPARTMENT OF COMMERCE", "name": "Commerce Department", "id": 54, "slug": "commerce-department"},
        {"raw_name": "Some Board"},
        None,
    ],
    "cfr_references": [{"title": 15, "part": "742", "chapter": None}, {"title": None, "part": "1"}],
    "page_views": {"count": 12, "last_updated": "now"},
}


def read(page: Any) -> Reading:
    return read_body("federal_register", json.dumps(page).encode())


def test_it_asks_for_named_fields_of_the_newest_hundred() -> None:
    source = source_from(
        {"id": "fr", "kind": "federal_register", "agencies": ["a", "b"], "term": "chip", "types": ["Rule", "PRESDOCU"]}
    )
    (request,) = source.requests()
    assert request.url == "https://www.federalregister.gov/api/v1/documents.json"
    asked = list(request.params)
    for pair in (
        ("conditions[agencies][]", "a"),
        ("conditions[agencies][]", "b"),
        ("conditions[type][]", "RULE"),
        ("conditions[type][]", "PRESDOCU"),
        ("conditions[term]", "chip"),
        ("order", "newest"),
        ("per_page", "100"),
        ("fields[]", "document_number"),
        ("fields[]", "correction_of"),
    ):
        assert pair in asked
    assert ("fields[]", "page_views") not in asked
    assert source.trust is Trust.OFFICIAL


def test_an_unknown_type_stops_the_start() -> None:
    with pytest.raises(ConfigError, match=r"RULES.*PRORULE"):
        source_from({"id": "fr", "kind": "federal_register", "types": ["rules"]})


def test_a_rule_is_read_with_all_that_it_states() -> None:
    (document,) = read({"count": 1, "results": [RULE]}).documents
    assert (document.key, document.kind, document.state) == ("2026-00123", "Rule", State.CURRENT)
    assert document.title == "Licence Policy for Certain Integrated Circuits"
    assert document.summary == 'A rule of test. It names "chips".'
    assert (document.url, document.published) == (RULE["html_url"], date(2026, 1, 15))
    assert document.language == "en"
    assert document.aliases == (
        "fr:2026-00123",
        "link:federalregister.gov/documents/2026/01/15/2026-00123/licence-policy",
    )
    details = document.details
    assert details["agencies"] == [
        {"name": "Commerce Department", "slug": "commerce-department"},
        {"name": "Some Board"},
    ]
    assert details["cfr_references"] == ["15 CFR 742"]
    assert details["effective_on"] == "2026-01-15"
    assert details["significant"] is True
    assert "comments_close_on" not in details


def test_being_looked_at_changes_nothing() -> None:
    seen = RULE | {"page_views": {"count": 99, "last_updated": "later"}}
    assert read({"results": [RULE]}) == read({"results": [seen]})


@pytest.mark.parametrize(
    ("change", "state"),
    [
        ({"document_number": "C1-2026-00123"}, State.CORRECTED),
        ({"correction_of": "https://www.federalregister.gov/api/v1/documents/2026-00100"}, State.CORRECTED),
        ({"action": "Interim final rule; correction."}, State.CORRECTED),
        ({"filing_type": "special", "editorial_note": None}, State.SCHEDULED),
        ({"filing_type": "regular", "editorial_note": "A letter requesting withdrawal was received."}, State.WITHDRAWN),
        ({"action": "Interim final rule."}, State.CURRENT),
    ],
)
def test_where_a_document_stands(change: dict[str, Any], state: State) -> None:
    assert read({"results": [RULE | change]}).documents[0].state is state


@pytest.mark.parametrize("page", [{"description": "d", "count": 0}, {"count": 0, "results": []}, {"results": None}])
def test_no_match_is_no_error_and_withdraws_nothing(page: dict[str, Any]) -> None:
    reading = read(page)
    assert reading.documents == ()
    assert not reading.complete


def test_the_next_page_is_the_register_s_own() -> None:
    address = "https://www.federalregister.gov/api/v1/documents?format=json&page=2&search_after_cursor=Wz"
    more = read({"results": [RULE], "next_page_url": address + "&_=1730000000000"}).more
    assert more is not None
    assert more.url.rstrip("&") == address
    assert read({"results": [RULE], "next_page_url": "https://elsewhere.example/page"}).more is None


def test_a_number_stands_once_and_is_found_in_the_address_if_need_be() -> None:
    nameless = {key: value for key, value in RULE.items() if key != "document_number"}
    reading = read({"results": [RULE, RULE, nameless, {"title": "no number at all"}]})
    assert [d.key for d in reading.documents] == ["2026-00123"]
    assert reading.warnings == ("without_number",)


@pytest.mark.parametrize(
    ("body", "name"),
    [
        (b"<html><title>Just a moment...</title>", "challenge"),
        (b"Service unavailable", "not_json"),
        (b"[]", "not_the_register"),
        (b'{"errors": {"agencies": "is not a valid slug"}}', "refused"),
        (b'{"version": "https://jsonfeed.org/version/1", "items": []}', "not_the_register"),
    ],
)
def test_what_is_not_the_register_has_a_name(body: bytes, name: str) -> None:
    with pytest.raises(SourceError) as caught:
        read_body("federal_register", body)
    assert caught.value.name == name


def test_being_sent_to_the_page_that_unblocks_people_is_a_challenge() -> None:
    source = source_from({"id": "fr", "kind": "federal_register"})
    answer = Answer("https://unblock.federalregister.gov/", 200, {}, b"<html></html>", datetime(2026, 1, 1, tzinfo=UTC))
    with pytest.raises(SourceError, match="challenge"):
        source.read(answer)


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@given(st.fixed_dictionaries({}, optional=dict.fromkeys(RULE, anything)), anything)
@settings(max_examples=400, deadline=None)
def test_any_field_may_be_null_or_of_another_type(entry: dict[str, Any], more: Any) -> None:
    reading = read({"count": 1, "results": [entry, RULE, more], "next_page_url": more})
    assert "2026-00123" in {d.key for d in reading.documents} | {str(entry.get("document_number"))}
    for document in reading.documents:
        json.dumps(dict(document.details))


def recorded_answers(shared: Path) -> Iterator[tuple[str, bytes]]:
    for recording in ("federal-register-2020-2026", "official-services"):
        folder = shared / "recordings" / recording
        for line in (folder / "index.jsonl").read_text().splitlines():
            entry = json.loads(line)
            if "/api/v1/documents.json" in entry["url"] and entry["status"] == 200:
                yield entry["url"], (folder / entry["body"]).read_bytes()


@pytest.mark.shared
def test_every_recorded_answer_is_read_entry_by_entry(shared: Path) -> None:
    documents = 0
    for url, body in recorded_answers(shared):
        results = json.loads(body).get("results", [])
        expected = list({entry["document_number"]: entry for entry in reversed(results)}.values())[::-1]
        assert all(entry in expected for entry in results), "a number that stands twice says the same twice"
        found = read_body("federal_register", body, url).documents
        assert [d.key for d in found] == [entry["document_number"] for entry in expected]
        assert [d.url for d in found] == [entry["html_url"] for entry in expected]
        assert [str(d.published) for d in found] == [entry["publication_date"] for entry in expected]
        documents += len(found)
    assert documents > 3000


@pytest.mark.shared
def test_loose_bodies_are_read_or_refused_by_name(shared: Path) -> None:
    outcomes: dict[str, object] = {}
    for file in sorted((shared / "recordings/bodies-by-kind/federal_register").iterdir()):
        try:
            outcomes[file.name] = len(read_body("federal_register", file.read_bytes()).documents)
        except SourceError as error:
            outcomes[file.name] = error.name
    assert outcomes["documents_search_empty_answer.json"] == 0
    assert outcomes["cfrmcp_fr_documents_40_261.json"] == 21
    assert outcomes["useli_fr_document_correction.json"] == 1
    assert outcomes["frweb_search_details_2017.json"] == "not_the_register"
    assert all(isinstance(outcome, int) or outcome in ("not_json", "not_the_register") for outcome in outcomes.values())
