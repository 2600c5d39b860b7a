"""Feeds and calendar are what their standards say, read by other people's readers."""

from datetime import date

import feedparser
import pytest

from bot.knowledge.dated import Dated
from bot.knowledge.deadlines import Due
from bot.store import calendar, stories
from tests.cards.test_icalendar import events
from tests.web.conftest import NOW
from tests.web.test_guard import NASTY, tell


async def test_the_atom_feed_is_read_by_a_reader(board):
    await tell(board, NASTY + "\x0b\ud800".encode("utf-8", "replace").decode())
    _, text = await board.get("/feed.xml")
    found = feedparser.parse(text)
    assert not found.bozo
    assert found.entries[0].id == "urn:chipwatch:story:s-nasty"
    assert found.entries[0].link.endswith("/stories/s-nasty")


async def test_the_feed_is_filtered_as_the_list_is(board):
    await tell(board, "About the H20")
    for query, count in (("?chip=H20", 1), ("?chip=H100", 0), ("?q=about", 1), ("?severity=critical", 0)):
        _, text = await board.get(f"/feed.xml{query}")
        assert len(feedparser.parse(text).entries) == count, query


async def test_the_feeds_say_what_was_taken_back(board):
    await tell(board, "About the H20")
    await board.services.store.write(lambda conn: stories.retract(conn, "s-nasty", NOW))
    _, text = await board.get("/feed.xml?lang=de")
    assert feedparser.parse(text).entries[0].title.startswith("Zurückgenommen: ")
    assert (await board.json("/feed.json"))["items"][0]["title"].startswith("Withdrawn: ")


async def test_the_json_feed_says_its_version(board):
    await tell(board, "About the H20")
    found = await board.json("/feed.json")
    assert found["version"] == "https://jsonfeed.org/version/1.1"
    assert [item["id"] for item in found["items"]] == ["urn:chipwatch:story:s-nasty"]


@pytest.mark.parametrize("language", ["en", "de", "zh"])
async def test_the_calendar_keeps_the_rules_of_its_lines(board, language):
    async with board.browser.get(f"{board.address}/calendar.ics?lang={language}") as answer:
        raw = await answer.read()
    lines = raw.split(b"\r\n")
    assert lines[0] == b"BEGIN:VCALENDAR"
    assert lines[-2:] == [b"END:VCALENDAR", b""]
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert all(len(line) <= 75 for line in lines)
    text = raw.replace(b"\r\n ", b"").decode()
    uids = [line for line in text.split("\r\n") if line.startswith("UID:")]
    assert len(uids) == len(set(uids)) == text.count("BEGIN:VEVENT") > 3


async def test_the_days_of_stored_documents_are_on_the_board_and_in_the_calendar(board):
    entry = Dated(
        "fr:2026-1", Due.COMMENTS, date(2026, 12, 24), "register", "Guidance, reopened", "https://x.example/1"
    )
    await board.services.store.write(lambda conn: calendar.keep(conn, entry.document, "2026-1", [entry]))
    _, page = await board.get("/upcoming")
    assert "Comments close: Guidance, reopened" in page
    assert 'href="https://x.example/1"' in page
    rows = (await board.json("/upcoming.json"))["dates"]
    assert [row["name"] for row in rows if row.get("document")] == [entry.name]
    _, text = await board.get("/calendar.ics")
    found = {event["UID"]: event for event in events(text)}
    assert len(found) == len(rows)
    one = found["fr-2026-1-comments@chipwatch"]
    assert one["SUMMARY"] == "Comments close: Guidance, reopened"
    assert (one["DTSTART;VALUE=DATE"], one["DTEND;VALUE=DATE"]) == ("20261224", "20261225")
