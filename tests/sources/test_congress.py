"""Congress.gov: bills as documents, actions as changes of them, and a key that nobody sees."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
from pydantic import SecretStr

from bot.errors import ConfigError, SourceError
from bot.fetch.exchange import Answer
from bot.sources.base import Reading, Source, source_from
from bot.sources.curated import as_toml, with_key
from bot.sources.recorded import read_body
from bot.store.documents import digest

BILL: dict[str, Any] = {
    "congress": 119,
    "introducedDate": "2026-01-20",
    "latestAction": {"actionDate": "2026-02-01", "text": "Referred to the Committee on Foreign Affairs."},
    "number": "2683",
    "originChamber": "House",
    "title": "Remote Access Test Act",
    "type": "HR",
    "updateDate": "2026-02-02",
    "updateDateIncludingText": "2026-02-02",
    "url": "https://api.congress.gov/v3/bill/119/hr/2683?format=json",
}
NEXT = "https://api.congress.gov/v3/bill?sort=updateDate desc&offset=3&limit=3&format=json"


def source(**table: Any) -> Source:
    return source_from({"id": "c", "kind": "congress", "congress": 119} | table)


def answer(page: Any) -> Answer:
    return Answer(
        "https://api.congress.gov/v3/bill/119", 200, {}, json.dumps(page).encode(), datetime(2026, 3, 1, tzinfo=UTC)
    )


def listed(*bills: dict[str, Any], **pagination: Any) -> dict[str, Any]:
    return {"bills": list(bills), "pagination": {"count": len(bills)} | pagination, "request": {"format": "json"}}


def read(page: Any, **table: Any) -> Reading:
    return source(**table).read(answer(page))


def test_a_bill_is_a_document():
    (found,) = read(listed(BILL)).documents
    assert found.key == "119-hr-2683"
    assert found.title == "Remote Access Test Act"
    assert found.url == "https://www.congress.gov/bill/119th-congress/house-bill/2683"
    assert (found.published, found.updated) == (date(2026, 1, 20), date(2026, 2, 1))
    assert found.summary == ("H.R. 2683, 119th Congress. 2026-02-01: Referred to the Committee on Foreign Affairs.")


def test_an_action_is_a_change_and_a_touch_of_the_record_is_none():
    """`updateDate` moves on any edit."""
    (before,) = read(listed(BILL)).documents
    (touched,) = read(listed(BILL | {"updateDate": "2026-05-05", "updateDateIncludingText": "2026-05-06"})).documents
    passed = {"actionDate": "2026-03-04", "actionTime": "12:00:00", "text": "Received in the Senate."}
    (acted,) = read(listed(BILL | {"latestAction": passed})).documents
    assert digest(touched) == digest(before)
    assert digest(acted) != digest(before)


def test_a_list_and_a_single_bill_read_alike():
    more = {"actions": {"count": 3, "url": "x"}, "sponsors": [{"fullName": "Rep. A"}], "policyArea": {"name": "Trade"}}
    (single,) = read({"bill": BILL | more, "request": {"congress": "119"}}).documents
    (of_list,) = read(listed(BILL)).documents
    assert single == of_list


def test_bills_are_asked_for_by_number_however_written():
    asked = [
        request.url for request in source(bills=["H.R. 2683", "hr6875", "S. 1705", "s/3519", "H.J.Res. 7"]).requests()
    ]
    assert asked == [
        f"https://api.congress.gov/v3/bill/119/{bill}" for bill in ("hr/2683", "hr/6875", "s/1705", "s/3519", "hjres/7")
    ]
    with pytest.raises(ConfigError, match=r"hr/2683"):
        source(bills=["2683"])


def test_without_bills_the_last_touched_come_first_and_a_term_looks_at_titles():
    (request,) = source(term="access").requests()
    assert request.url == "https://api.congress.gov/v3/bill/119"
    assert ("sort", "updateDate desc") in request.params
    assert ("limit", "250") in request.params
    other = BILL | {"number": "9", "title": "Wildfire Act"}
    assert [d.key for d in read(listed(BILL, other), term="ACCESS").documents] == ["119-hr-2683"]


def test_the_key_travels_in_a_header_and_is_shown_nowhere():
    keyed = source(api_key="s3cret-key", bills=["hr/1"])
    (request,) = keyed.requests()
    assert request.headers == {"X-Api-Key": "s3cret-key"}
    assert "s3cret" not in request.url + str(request.params) + repr(keyed) + str(keyed) + as_toml([keyed])
    assert "s3cret" not in str(keyed.model_dump())


def test_the_next_page_has_its_blank_mended_and_gets_the_key_again():
    more = read(listed(BILL, next=NEXT), api_key="k").more
    assert more is not None
    assert more.url == "https://api.congress.gov/v3/bill?sort=updateDate+desc&offset=3&limit=3&format=json"
    assert more.headers == {"X-Api-Key": "k"}
    assert read(listed(BILL, next="https://elsewhere.example/v3/bill"), api_key="k").more is None


def test_it_rests_without_a_key_and_says_which():
    bare = source()
    assert "fetch.data_gov_key" in str(bare.rests("someone@example.org"))
    assert source(api_key="k").rests("") is None
    (keyed,) = with_key([bare], "from-settings")
    assert keyed.rests("") is None
    assert next(iter(keyed.requests())).headers == {"X-Api-Key": "from-settings"}


def test_a_key_of_the_settings_goes_to_its_services_only():
    table = {"id": "j", "kind": "json_api", "key_header": "X-Api-Key", "items": "data", "key": "id"}
    mine = source_from(table | {"url": "https://api.regulations.gov/v4/documents"})
    plain = source_from(table | {"url": "http://api.regulations.gov/v4/documents"})
    stranger = source_from(table | {"url": "https://api.regulations.gov.example/v4"})
    own = source_from(table | {"url": "https://api.regulations.gov/v4/documents", "api_key": "own"})
    keyed = [getattr(one, "api_key") for one in with_key([mine, plain, stranger, own], "gov")]  # noqa: B009
    assert keyed == [SecretStr("gov"), None, None, SecretStr("own")]


@pytest.mark.parametrize(
    ("page", "name"),
    [
        ({"error": {"code": "API_KEY_INVALID", "message": "An invalid api_key was supplied."}}, "refused"),
        ({"error": "Unknown resource"}, "refused"),
        ({"members": []}, "not_congress"),
        ([], "not_congress"),
    ],
)
def test_what_is_no_list_of_bills_has_a_name(page, name):
    with pytest.raises(SourceError) as caught:
        read(page)
    assert caught.value.name == name


def test_the_wall_before_the_human_site_is_a_challenge():
    with pytest.raises(SourceError) as caught:
        read_body("congress", b"<html><title>Just a moment...</title></html>")
    assert caught.value.name == "challenge"


def test_a_bill_without_number_type_or_action_costs_no_other():
    bare = {"congress": 119, "number": "5", "type": "SRES", "title": "A resolution"}
    reading = read(listed(BILL, {"title": "?"}, BILL | {"type": "XX"}, bare))
    assert [document.key for document in reading.documents] == ["119-hr-2683", "119-sres-5"]
    assert reading.warnings == ("without_number",)


ACTED = {"latestAction": {"actionDate": "2026-03-04", "text": "Received in the Senate."}}
ACTIONS = {
    "actions": [
        {"actionDate": "2026-03-04", "text": "Received in the Senate."},
        {"actionDate": "2026-03-03", "text": "Passed House by voice vote."},
        {"actionDate": "2026-03-03", "text": "Passed House by voice vote."},
        {"actionDate": "2026-02-01", "text": "Referred to the Committee on Foreign Affairs."},
        {"actionDate": "2026-01-20", "text": "Introduced in House"},
    ]
}


def test_several_actions_between_two_polls_are_each_told_and_once():
    bills = source(api_key="secret")
    (before,), (now,) = read(listed(BILL)).documents, read(listed(BILL | ACTED)).documents
    (request,) = bills.wanted(now, before)
    assert request.url == "https://api.congress.gov/v3/bill/119/hr/2683/actions"
    assert request.headers["X-Api-Key"] == "secret"
    settled, _ = bills.settled(now, before, [answer(ACTIONS)])
    assert settled.summary.endswith("2026-03-03: Passed House by voice vote. 2026-03-04: Received in the Senate.")
    told = bills.told(before, settled)
    assert told.document.title == "Remote Access Test Act: Passed House by voice vote.; Received in the Senate."
    assert bills.wanted(now, settled) == ()
    assert digest(bills.settled(now, settled, [])[0]) == digest(settled), "no amendment at the next poll"


@pytest.mark.parametrize("body", [{}, {"actions": None}, {"actions": [None, {"text": 3}]}, {"error": "x"}])
def test_without_its_list_of_actions_the_latest_is_told(body):
    (before,), (now,) = read(listed(BILL)).documents, read(listed(BILL | ACTED)).documents
    assert source().settled(now, before, [answer(body)])[0] == now
    assert source().settled(now, before, [None])[0] == now
    assert source().told(before, now).document.title == "Remote Access Test Act: Received in the Senate."
