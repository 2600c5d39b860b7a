"""The inspection desk: every trap of its answers that is known, by name."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import ConfigError, SourceError
from bot.fetch.exchange import Answer
from bot.model import State, Trust
from bot.sources.base import Bookmark, Reading, source_from
from bot.sources.kinds.public_inspection import PublicInspection
from bot.sources.recorded import read_body
from bot.sources.sniff import sniff
from bot.store.documents import digest

NOON = datetime(2026, 5, 4, 16, tzinfo=UTC)
BIS = {
    "raw_name": "Industry and Security Bureau",
    "name": "Industry and Security Bureau",
    "id": 241,
    "slug": "industry-and-security-bureau",
}
COAST_GUARD = {"raw_name": "Coast Guard", "name": "Coast Guard", "id": 53, "slug": "coast-guard"}
NOTE = "An agency letter requesting withdrawal of this document was received after placement on public inspection."
FILED: dict[str, Any] = {
    "agencies": [BIS],
    "agency_names": ["Industry and Security Bureau"],
    "docket_numbers": ["Docket No. 260504-0001"],
    "document_number": "2026-04321",
    "editorial_note": None,
    "excerpts": None,
    "filed_at": "2026-05-04T08:45:00.000-04:00",
    "filing_type": "special",
    "html_url": "https://www.federalregister.gov/public-inspection/2026-04321/licence-policy",
    "last_public_inspection_issue": "2026-05-05",
    "num_pages": 19,
    "page_views": {"count": 5, "last_updated": "2026-05-04 09:15:05 -0400"},
    "pdf_file_size": 162221,
    "pdf_updated_at": "2026-05-04T08:45:28.000-04:00",
    "pdf_url": "https://public-inspection.federalregister.gov/2026-04321.pdf",
    "publication_date": "2026-05-06",
    "raw_text_url": "https://www.federalregister.gov/public-inspection/raw_text/202/604/321.txt",
    "subject_1": "Licence Policy for Certain Integrated Circuits",
    "title": "Licence Policy for Certain Integrated Circuits  ",
    "toc_doc": "Licence Policy",
    "type": "Rule",
}
CLOSED = {
    "description": "Public Inspection Documents from Industry and Security Bureau",
    "count": 0,
    "meta": {"pil_unavailability_message": "The Public Inspection list is unavailable after 12AM Eastern time."},
}


def desk(**options: Any) -> PublicInspection:
    source = source_from({"id": "desk", "kind": "public_inspection", **options})
    assert isinstance(source, PublicInspection)
    return source


def answer(page: Any, age: str | None = None, at: datetime = NOON) -> Answer:
    headers = {} if age is None else {"age": age}
    return Answer("https://www.federalregister.gov/x", 200, headers, json.dumps(page).encode(), at)


def read(*entries: Any, **options: Any) -> Reading:
    return desk(**options).read(answer({"count": len(entries), "results": list(entries)}))


def test_a_filed_document_is_scheduled_and_says_when_it_will_be_published() -> None:
    (document,) = read(FILED).documents
    assert (document.key, document.kind, document.state) == ("2026-04321", "Rule", State.SCHEDULED)
    assert document.title == "Licence Policy for Certain Integrated Circuits"
    assert document.published == date(2026, 5, 6)
    assert document.aliases[0] == "fr:2026-04321"
    assert document.details["filed_at"] == "2026-05-04T08:45:00.000-04:00"
    assert document.details["filing_type"] == "special"
    assert document.details["docket_ids"] == ["Docket No. 260504-0001"]
    assert desk().trust is Trust.OFFICIAL


@pytest.mark.parametrize(
    "noise",
    [
        {"page_views": {"count": 99, "last_updated": "later"}},
        {"page_views": None},
        {"pdf_file_size": 1, "pdf_updated_at": "2026-05-05T10:00:00.000-04:00"},
        {"last_public_inspection_issue": "2026-05-06", "num_pages": 20},
        {"json_url": "https://www.federalregister.gov/api/v1/public_inspection_documents/2026-04321"},
        {"raw_text_url": None, "toc_doc": None, "toc_subject": ""},
    ],
)
def test_noise_makes_no_new_version(noise: dict[str, Any]) -> None:
    (before,), (after,) = read(FILED).documents, read(FILED | noise).documents
    assert digest(before) == digest(after)


@pytest.mark.parametrize(
    "news", [{"publication_date": "2026-05-07"}, {"editorial_note": NOTE}, {"title": "Another title"}]
)
def test_what_matters_makes_one(news: dict[str, Any]) -> None:
    (before,), (after,) = read(FILED).documents, read(FILED | news).documents
    assert digest(before) != digest(after)


def test_a_withdrawn_document_stays_listed_with_a_note_and_without_dates() -> None:
    gone = FILED | {"editorial_note": NOTE, "filed_at": None, "publication_date": None, "page_views": None}
    (document,) = read(gone).documents
    assert (document.state, document.published) == (State.WITHDRAWN, None)
    assert str(document.details["editorial_note"]).startswith("An agency letter requesting withdrawal")


@pytest.mark.parametrize("odd", ["soon", "2026-13-01", "", 20260504, None, "2026-05-04T08:45:00"])
def test_a_day_that_is_none_is_not_stated(odd: Any) -> None:
    (document,) = read(FILED | {"filed_at": odd, "publication_date": odd}).documents
    assert not {"filed_at", "publication_date"} & document.details.keys()


def test_another_note_withdraws_nothing() -> None:
    (document,) = read(FILED | {"editorial_note": "This document was filed late."}).documents
    assert document.state is State.SCHEDULED


def test_the_closed_desk_lists_nothing_and_takes_nothing_back() -> None:
    reading = desk().read(answer(CLOSED))
    assert (reading.documents, reading.complete) == ((), False)


def test_an_empty_list_takes_nothing_back_either() -> None:
    assert not desk().read(answer({"count": 0, "results": []})).complete


def test_a_list_is_complete_only_with_as_many_documents_as_it_counts() -> None:
    assert desk().read(answer({"count": 1, "results": [FILED]})).complete
    assert not desk().read(answer({"count": 110, "results": [FILED]})).complete


@pytest.mark.parametrize(
    ("agency", "wanted"),
    [
        (BIS, True),
        (BIS | {"name": "Something Else", "raw_name": "X"}, True),  # slug and id count, names differ by service
        ({"raw_name": "Bureau of Industry and Security"}, True),
        ({"raw_name": "DEPARTMENT OF COMMERCE", "slug": "commerce-department"}, False),
        (COAST_GUARD, False),
        (None, False),
    ],
)
def test_the_agency_is_chosen_here(agency: Any, wanted: bool) -> None:
    reading = read(FILED | {"agencies": [agency]}, agencies=["industry-and-security-bureau"])
    assert bool(reading.documents) is wanted
    assert reading.complete


def test_types_and_term_are_chosen_here() -> None:
    assert not read(FILED, types=["Notice"]).documents
    assert read(FILED, types=["Rule"], term="integrated CIRCUITS").documents
    assert not read(FILED, term="polysilicon").documents
    with pytest.raises(ConfigError, match="there is no type"):
        desk(types=["Rules"])


@pytest.mark.parametrize(
    ("age", "seconds"),
    [(None, 0), ("17", 17), ("7415", 7415), ("", 0), ("-5", 0), ("soon", 0), ("1.5", 0), ("99999999", 172800)],
)
def test_a_cached_copy_says_which_moment_it_describes(age: str | None, seconds: int) -> None:
    reading = desk().read(answer({"count": 1, "results": [FILED]}, age))
    assert reading.as_of == NOON - timedelta(seconds=seconds)


def test_the_cache_is_passed_by_once_a_minute() -> None:
    asked = [
        next(desk().resume(Bookmark({}, None, NOON + timedelta(seconds=seconds)))).params for seconds in (1, 59, 61)
    ]
    assert asked[0] == asked[1] != asked[2]
    assert next(desk().requests()).params == ()


@pytest.mark.parametrize(
    ("published", "at", "elsewhere", "taken_back"),
    [
        ("2026-05-06", datetime(2026, 5, 6, 12, 45, tzinfo=UTC), False, False),  # its day has come
        ("2026-05-06", datetime(2026, 5, 6, 3, 59, tzinfo=UTC), False, True),  # 23:59 Eastern, the day before
        ("2026-05-06", datetime(2026, 5, 5, 18, tzinfo=UTC), True, False),  # listed by the Register before its date
        ("2026-05-06", datetime(2026, 5, 5, 18, tzinfo=UTC), False, True),
        (None, NOON, False, True),
    ],
)
def test_a_document_that_leaves_was_published_or_taken_back(
    published: str | None, at: datetime, elsewhere: bool, taken_back: bool
) -> None:
    (document,) = read(FILED | {"publication_date": published}).documents
    assert desk().left(document, at, elsewhere) is taken_back


def test_a_single_record_and_a_number_in_the_address_will_do() -> None:
    nameless = {key: value for key, value in FILED.items() if key != "document_number"}
    assert [d.key for d in read_body("public_inspection", json.dumps(FILED).encode()).documents] == ["2026-04321"]
    assert [d.key for d in read(nameless, FILED, {"title": "nothing"}).documents] == ["2026-04321"]
    assert read({"title": "nothing"}).warnings == ("without_number",)


@pytest.mark.parametrize(("page", "name"), [([], "not_the_register"), ({"errors": "no"}, "refused")])
def test_what_is_not_the_desk_has_a_name(page: Any, name: str) -> None:
    with pytest.raises(SourceError) as caught:
        desk().read(answer(page))
    assert caught.value.name == name


def test_the_desk_is_recognised() -> None:
    assert sniff(answer({"count": 1, "results": [FILED]}))[0] == "public_inspection"
    assert sniff(answer(CLOSED))[0] == "public_inspection"


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@given(st.fixed_dictionaries({}, optional=dict.fromkeys(FILED, anything)))
@settings(max_examples=300, deadline=None)
def test_any_field_may_be_null_or_of_another_type(entry: dict[str, Any]) -> None:
    reading = read(entry, FILED, agencies=["industry-and-security-bureau"])
    assert "2026-04321" in {d.key for d in reading.documents} | {str(entry.get("document_number"))}
    for document in reading.documents:
        json.dumps(dict(document.details))
