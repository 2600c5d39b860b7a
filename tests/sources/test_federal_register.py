"""The Federal Register's API: what is asked, and what is read from whatever it answers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import ConfigError, SourceError
from bot.fetch.exchange import Answer, Request
from bot.model import State, Trust
from bot.sources.base import Bookmark, Reading, source_from
from bot.sources.kinds.federal_register import FIELDS
from bot.sources.recorded import read_body
from bot.store.documents import digest

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


def test_each_term_is_asked_for_by_itself() -> None:
    source = source_from({"id": "fr", "kind": "federal_register", "term": ["chip", "semiconductor"]})
    assert [dict(request.params)["conditions[term]"] for request in source.requests()] == ["chip", "semiconductor"]


def test_the_fields_are_those_that_the_service_knows() -> None:
    """An unknown one is answered with 400: every name stands in a record that the service gave."""
    documented = set(RULE) | {
        "correction_of", "executive_order_number", "full_text_xml_url", "presidential_document_number",
        "proclamation_number", "raw_text_url", "signing_date", "subtype",
    }  # fmt: skip
    assert set(FIELDS) <= documented
    assert len(FIELDS) == len(set(FIELDS))


def test_counts_and_page_sizes_are_not_believed() -> None:
    page = {"count": 10000, "total_pages": 50, "results": [RULE | {"document_number": f"2026-{n}"} for n in range(120)]}
    reading = read(page)
    assert len(reading.documents) == 120
    assert reading.more is None, "only a named next page is one"
    assert not reading.complete


def test_a_record_with_the_default_fields_only_is_read() -> None:
    default: dict[str, Any] = {
        "title": "A rule", "type": "Rule", "abstract": None, "document_number": "2026-1", "agencies": [],
        "html_url": "https://www.federalregister.gov/documents/2026/01/15/2026-1/a-rule", "pdf_url": None,
        "public_inspection_pdf_url": "https://public-inspection.federalregister.gov/2026-1.pdf?1",
        "publication_date": "2026-01-15", "excerpts": "about <span class=\"match\">chips</span>",
    }  # fmt: skip
    (document,) = read({"results": [default]}).documents
    assert (document.summary, document.published) == ("about chips", date(2026, 1, 15))


def test_several_numbers_of_which_all_are_missing_are_an_empty_answer() -> None:
    assert read({"count": 0, "results": [], "errors": {"not_found": ["2026-1"]}}).documents == ()


def test_two_old_documents_of_one_number_are_two() -> None:
    old = [RULE | {"document_number": "94-1234", "publication_date": day} for day in ("1994-02-01", "1994-03-01")]
    documents = read({"results": [*old, old[0]]}).documents
    assert [document.key for document in documents] == ["94-1234", "94-1234@1994-03-01"]
    assert documents[1].aliases[0] != "fr:94-1234"


@pytest.mark.parametrize(
    ("change", "names"),
    [
        ({"document_number": "C1-2026-16628"}, ["fr:2026-16628"]),
        ({"document_number": "R1-2010-31878"}, ["fr:2010-31878"]),
        ({"document_number": "C1-94-1234"}, ["fr:94-1234"]),
        (
            {
                "correction_of": "https://www.federalregister.gov/api/v1/documents/2026-100.json?publication_date=2026-01-02"
            },
            ["fr:2026-100"],
        ),
        ({"action": "Notice of proposed rulemaking; correction."}, None),
        ({}, None),
    ],
)
def test_what_a_correction_corrects(change: dict[str, Any], names: list[str] | None) -> None:
    assert read({"results": [RULE | change]}).documents[0].details.get("continues") == names


@pytest.mark.parametrize("action", ["Reopening of comment period.", "Proposed rule; extension of comment period."])
def test_a_reopening_is_told_apart(action: str) -> None:
    assert read({"results": [RULE | {"action": action}]}).documents[0].details["reopening"] is True
    assert "reopening" not in read({"results": [RULE]}).documents[0].details


def test_eccns_are_read_from_title_and_abstract() -> None:
    text = "It revises ECCNs 3A090, 4A090.a and 5A992.z; not 2026-3A090X nor B3A0901."
    assert read({"results": [RULE | {"abstract": text}]}).documents[0].details["eccns"] == [
        "3A090",
        "4A090.a",
        "5A992.z",
    ]


@pytest.mark.parametrize(
    "late", [{"citation": "91 FR 1"}, {"pdf_url": None}, {"full_text_xml_url": "https://www.federalregister.gov/x.xml"}]
)
def test_what_comes_with_printing_makes_no_new_version(late: dict[str, Any]) -> None:
    (before,), (after,) = read({"results": [RULE]}).documents, read({"results": [RULE | late]}).documents
    assert digest(before) == digest(after)


@pytest.mark.parametrize(
    ("pause", "catches_up"), [(timedelta(hours=83), False), (timedelta(days=6), True), (timedelta(days=400), True)]
)
def test_after_a_pause_it_asks_for_all_since_then_oldest_first(pause: timedelta, catches_up: bool) -> None:
    source = source_from({"id": "fr", "kind": "federal_register", "agencies": ["a"]})
    now = datetime(2026, 6, 20, 12, tzinfo=UTC)
    bookmark = Bookmark({}, now - pause, now)
    (request,) = source.resume(bookmark)
    asked = dict(request.params)
    assert source.catches_up(bookmark) is catches_up
    since = (now - pause - timedelta(days=7)).date().isoformat()
    assert asked.get("conditions[publication_date][gte]") == (since if catches_up else None)
    assert asked["order"] == ("oldest" if catches_up else "newest")


def test_the_cursor_is_the_page_that_was_not_reached() -> None:
    source = source_from({"id": "fr", "kind": "federal_register"})
    now = datetime(2026, 6, 20, 12, tzinfo=UTC)
    page = Request("https://www.federalregister.gov/api/v1/documents?format=json&search_after_cursor=MQ")
    bookmark = Bookmark({}, now - timedelta(days=30), now)
    cursor = source.cursor_after(bookmark, page)
    assert cursor == {"since": "2026-05-14", "next": page.url}
    assert [request.url for request in source.resume(Bookmark(cursor, now, now))] == [page.url]
    assert source.cursor_after(Bookmark(cursor, now, now), None) == {}
    elsewhere = {**cursor, "next": "https://elsewhere.example/"}
    (request,) = source.resume(Bookmark(elsewhere, now, now))
    assert dict(request.params)["conditions[publication_date][gte]"] == "2026-05-14"


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
