"""EDGAR: columnar filings, odd times, pages instead of JSON; and what is quoted of a filing's own text."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest

from bot.errors import ConfigError, SourceError
from bot.fetch.exchange import Answer
from bot.model import Assessment, Document, Trust
from bot.sources.base import Reading, source_from
from bot.sources.kinds.edgar import Edgar
from bot.sources.passages import LONGEST, MOST, passages
from bot.sources.recorded import read_body
from tests.sources.filings import FILING, filing, submissions

NOBODY = Assessment(False, 0.0)
A, B, C = "0000000042-26-000001", "0000000042-26-000002", "0001999999-26-000003"


def read(page: Any, **table: Any) -> Reading:
    source = source_from({"id": "e", "kind": "edgar", "cik": 42} | table)
    return source.read(answer(json.dumps(page).encode()))


def answer(body: bytes, url: str = "https://data.sec.gov/submissions/CIK0000000042.json", **headers: str) -> Answer:
    return Answer(url, 200, headers, body, datetime(2026, 4, 16, tzinfo=UTC))


def test_it_asks_for_the_number_in_ten_digits_below_ten_a_second():
    source = source_from({"id": "e", "kind": "edgar", "cik": 1045810})
    (request,) = source.requests()
    assert request.url == "https://data.sec.gov/submissions/CIK0001045810.json"
    assert 2 / request.pace < 10  # two hosts, each paced alone
    assert source.trust is Trust.COMPANY
    with pytest.raises(ConfigError, match="cik"):
        source_from({"id": "e", "kind": "edgar"})


def test_parallel_arrays_become_filings_keyed_by_accession_number():
    page = submissions(
        filing(A, items="8.01,9.01", reportDate="2026-04-09"),
        filing(B, form="10-K", reportDate="2026-01-25", primaryDocument="chip-20260125.htm"),
        filing(C, form="4", primaryDocument="xslF345X05/form4.xml", primaryDocDescription="FORM 4"),
    )
    found = read(page).documents
    assert [document.key for document in found] == [A, B, C]
    first, second, third = found
    assert first.title == "CHIP CORP, 8-K: Other Events"
    assert first.summary == "Item 8.01: Other Events. Item 9.01: Financial Statements and Exhibits."
    assert (first.kind, first.published, first.language) == ("8-K", date(2026, 4, 15), "en")
    assert first.url == "https://www.sec.gov/Archives/edgar/data/42/000000004226000001/chip-20260415.htm"
    assert second.title == "CHIP CORP, 10-K: annual report for the period to 2026-01-25"
    assert third.title == "CHIP CORP, form 4"
    assert third.url is not None
    assert third.url.endswith("/000199999926000003/xslF345X05/form4.xml")


def test_forms_choose_and_take_their_amendments_along():
    page = submissions(filing(A), filing(B, form="8-K/A"), filing(C, form="4"))
    assert [document.key for document in read(page, forms=["8-k"]).documents] == [A, B]
    assert read(page, forms=["8-K"]).documents[1].title.startswith("CHIP CORP, 8-K/A (amendment)")


def test_the_hour_of_acceptance_decides_nothing():
    """It always ends in Z and is not always UTC: neither the date nor the order may rest on it."""
    east, utc = "2026-04-15T16:31:25.000Z", "2026-04-15T22:01:33.000Z"
    one = read(submissions(filing(A, acceptanceDateTime=east), filing(B, acceptanceDateTime=utc)))
    other = read(submissions(filing(A, acceptanceDateTime=utc), filing(B, acceptanceDateTime=east)))
    assert one.documents == other.documents
    assert [document.key for document in one.documents] == [A, B]


@pytest.mark.parametrize("missing", ["reportDate", "items", "primaryDocument", "primaryDocDescription", "filingDate"])
def test_a_missing_text_is_empty_and_not_null(missing):
    for value in ("", None):
        (found,) = read(submissions(filing(A, **{missing: value}))).documents
        assert found.key == A
        assert found.url is not None
        assert (found.published is None) == (missing == "filingDate")
        assert found.url.endswith("-index.htm") == (missing == "primaryDocument")


def test_older_filings_have_their_arrays_at_the_top():
    page = submissions(filing(A))["filings"]["recent"]
    (found,) = read(page).documents
    assert found.key == A
    assert found.title == "CIK 42, 8-K"


def test_arrays_that_do_not_fit_together_tell_whose_is_whose_no_more():
    page = submissions(filing(A), filing(B))
    page["filings"]["recent"]["form"].pop()
    with pytest.raises(SourceError) as caught:
        read(page)
    assert caught.value.name == "columns_differ"


def test_one_filing_that_stands_twice_counts_once_and_one_without_number_is_said():
    reading = read(submissions(filing(A), filing(A, form="8-K/A"), filing("")))
    assert [document.kind for document in reading.documents] == ["8-K"]
    assert reading.warnings == ("without_number",)


@pytest.mark.parametrize(
    ("body", "name"),
    [
        (b'<?xml version="1.0"?><Error><Code>NoSuchKey</Code><Message>No such key.</Message></Error>', "not_edgar"),
        (b"<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>", "challenge"),
        (
            b"<html><title>Request Rate Threshold Exceeded</title>Please declare your traffic</html>",
            "challenge",
        ),
        (b"<html><title>SEC.gov | File Unavailable</title></html>", "not_edgar"),
        (b'{"cik": "42"}', "not_edgar"),
        (b"[]", "not_edgar"),
    ],
)
def test_the_status_alone_says_nothing(body, name):
    with pytest.raises(SourceError) as caught:
        read_body("edgar", body)
    assert caught.value.name == name


def test_it_rests_without_a_contact_and_says_what_to_set():
    source = source_from({"id": "e", "kind": "edgar", "cik": 42})
    assert "fetch.contact" in str(source.rests(""))
    assert source.rests("ops@example.org") is None


def test_the_filing_s_own_words_are_asked_for_where_a_form_has_words():
    source = source_from({"id": "e", "kind": "edgar", "cik": 42})
    words, shares, bare = read(submissions(filing(A), filing(B, form="4"), filing(C, primaryDocument=""))).documents
    request = source.follow_up(words, NOBODY)
    assert request is not None
    assert request.url == words.url
    assert 0 < 2 / request.pace < 10
    assert source.follow_up(shares, NOBODY) is None
    assert source.follow_up(bare, NOBODY) is None


def test_what_is_quoted_is_short_and_speaks_of_export():
    source = Edgar(id="e", cik=42)
    document = Document(source="e", key=A, title="CHIP CORP, 8-K: Other Events", summary="Item 8.01: Other Events.")
    found = source.read_follow_up(document, answer(FILING.encode()))
    assert found["quote"].startswith(
        "On April 9, 2026, the U.S. government informed Chip Corp that it requires a license"
    )
    assert len(found["passages"]) == 2
    assert "software" not in found["lead"]
    assert "exportControls" not in found["lead"]
    assert all(len(passage) <= LONGEST for passage in found["passages"])
    assert source.read_follow_up(document, answer(b"<p>We lease offices in Santa Clara.</p>")) == {}


def test_a_sentence_does_not_end_at_an_abbreviation():
    text = (
        "Sales fell. The U.S. Government and Chip Inc. Ltd. agreed that export licenses for China are required. More."
    )
    assert passages(text) == (text.removeprefix("Sales fell. "),)


def test_a_text_of_many_passages_gives_the_weightiest_in_its_own_order():
    text = "\n".join(f"Paragraph {n}: export controls on China require a licence." for n in range(40))
    strong = "BIS, the Bureau of Industry and Security, put an export licence requirement on H20 chips to China."
    found = passages(f"{text}\n{strong}\n{text}")
    assert len(found) == MOST
    assert strong in found
    assert list(found) == sorted(found, key=f"{text}\n{strong}".index)


def test_a_page_without_end_is_read_in_time():
    found = passages("<p>" + "China. " * 200_000 + "<p>" + "export control licence China. " * 50_000)
    assert found
    assert all(len(passage) <= LONGEST for passage in found)


@pytest.mark.shared
def test_the_recorded_company_is_read_whole(shared):
    body = (shared / "recordings/bodies-by-kind/sec/submissions_CIK0001045810.json").read_bytes()
    reading = read_body("edgar", body)
    assert len(reading.documents) >= 1000
    assert reading.warnings == ()
    assert all(document.published and document.url and document.title for document in reading.documents)
    page = (shared / "recordings/bodies-by-kind/sec/nvda_8k_2026-03-06_nvda-20260302.htm").read_text("utf-8")
    assert passages(page) == ()  # it speaks of pay


def test_the_feed_lists_a_filing_once_for_each_it_names_and_it_is_one():
    number = "urn:tag:sec.gov,2008:accession-number=0001999999-26-000007"
    entries = "".join(
        f"<entry><title>4 - {name}</title><id>{number}</id><updated>2026-04-15T18:02:43-05:00</updated>"
        f'<link rel="alternate" href="https://www.sec.gov/Archives/edgar/data/{cik}/x-index.htm"/></entry>'
        for name, cik in (("Doe Jane (0000000007) (Reporting)", 7), ("CHIP CORP (0000000042) (Issuer)", 42))
    )
    feed = f'<?xml version="1.0" encoding="ISO-8859-1"?><feed xmlns="http://www.w3.org/2005/Atom">{entries}</feed>'
    (found,) = read_body("feed", feed.encode("latin-1")).documents
    assert (found.key, found.title) == (number, "4 - CHIP CORP (0000000042) (Issuer)")
    assert found.updated == datetime(2026, 4, 15, 23, 2, 43, tzinfo=UTC)


@pytest.mark.shared
@pytest.mark.parametrize(("start", "filings"), [(0, 50), (100, 63)])
def test_the_recorded_feeds_of_the_day_give_each_filing_once(shared, start, filings):
    name = f"recordings/bodies-by-kind/sec/edgar_getcurrent_atom_2025-12-12_start{start}.xml"
    found = read_body("feed", (shared / name).read_bytes()).documents
    assert len({document.key for document in found}) == len(found) == filings
