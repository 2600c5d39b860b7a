"""The calendar feed: what a calendar program reads from it is what stands in the rows."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from bot.cards.icalendar import OCTETS, calendar_feed, identifier

STAMP = datetime(2026, 6, 1, 12, 30, tzinfo=UTC)
ROW: dict[str, Any] = {
    "name": "fr:2026-19895/comments",
    "date": "2026-10-29",
    "days": 150,
    "state": "ahead",
    "title": "Guidance; Inspection, reopened",
    "ends": False,
    "due": "comments",
    "contradicts": "2026-08-24",
    "summary": "Comments must be submitted on or before October 29, 2026.",
    "citations": [{"title": "2026-19895", "url": "https://www.federalregister.gov/d/2026-19895", "date": None}],
}


def events(text: str) -> list[dict[str, str]]:
    """What a reader of RFC 5545 sees: lines unfolded, values unescaped."""
    assert text.endswith("END:VCALENDAR\r\n")
    assert all(len(line.encode()) <= OCTETS for line in text.split("\r\n"))
    assert "\n" not in text.replace("\r\n", "")
    lines = text.replace("\r\n ", "").split("\r\n")
    found: list[dict[str, str]] = []
    for line in lines:
        name, _, value = line.partition(":")
        if line == "BEGIN:VEVENT":
            found.append({})
        elif found and name and name != "END":
            found[-1][name] = unescaped(value)
    return found


def unescaped(value: str) -> str:
    out, at = [], 0
    while at < len(value):
        if value[at] == "\\":
            at += 1
            out.append("\n" if value[at] == "n" else value[at])
        else:
            out.append(value[at])
        at += 1
    return "".join(out)


def test_a_deadline_is_a_whole_day_with_its_words_and_its_source() -> None:
    (event,) = events(calendar_feed([ROW], STAMP))
    assert event["UID"] == "fr-2026-19895-comments@chipwatch"
    assert event["DTSTAMP"] == "20260601T123000Z"
    assert (event["DTSTART;VALUE=DATE"], event["DTEND;VALUE=DATE"]) == ("20261029", "20261030")
    assert event["SUMMARY"] == "Comments close: Guidance; Inspection, reopened"
    assert "2026-08-24" not in event["SUMMARY"]
    assert "24 August 2026" in event["DESCRIPTION"] or "24 Aug 2026" in event["DESCRIPTION"]
    assert event["URL"] == "https://www.federalregister.gov/d/2026-19895"


def test_the_identifier_stays_when_the_day_moves_and_the_text_is_the_same_each_time() -> None:
    moved = ROW | {"date": "2026-11-05"}
    assert events(calendar_feed([ROW], STAMP))[0]["UID"] == events(calendar_feed([moved], STAMP))[0]["UID"]
    assert calendar_feed([ROW], STAMP) == calendar_feed([ROW], STAMP)
    assert identifier("ledger:2026-01-01-x/due") != identifier("ledger:2026-01-01-x/expires")


def test_a_date_whose_outcome_nobody_recorded_says_so_in_the_reader_s_language() -> None:
    row = ROW | {"state": "outcome not recorded", "due": None}
    assert events(calendar_feed([row], STAMP))[0]["SUMMARY"].endswith("(outcome not recorded)")
    assert events(calendar_feed([row], STAMP, "de"))[0]["SUMMARY"].endswith("(Ergebnis nicht erfasst)")
    assert events(calendar_feed([row], STAMP, "zh"))[0]["SUMMARY"].endswith("（结果未登记）")


def test_what_has_no_day_is_left_out() -> None:
    assert (
        events(calendar_feed([ROW | {"date": "2026"}, ROW | {"date": None}, ROW | {"date": "9999-12-31"}], STAMP)) == []
    )
