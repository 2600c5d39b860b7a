"""What strangers write stays in its value: in calendars, in Atom, in headers."""

from xml.etree import ElementTree as Xml

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.cards.icalendar import calendar_feed
from tests.cards.test_icalendar import ROW, STAMP, events
from tests.web.test_guard import NASTY, tell


@given(st.text(max_size=300), st.text(max_size=300), st.text(max_size=60))
@settings(max_examples=200, deadline=None)
def test_hostile_words_stay_in_their_value(title: str, words: str, url: str) -> None:
    row = ROW | {"title": title, "summary": words, "citations": [{"title": title, "url": f"https://x.example/{url}"}]}
    (event,) = events(calendar_feed([row], STAMP))
    assert set(event) <= {
        "UID", "DTSTAMP", "DTSTART;VALUE=DATE", "DTEND;VALUE=DATE", "SUMMARY", "DESCRIPTION", "URL", "TRANSP",
    }  # fmt: skip
    assert event["TRANSP"] == "TRANSPARENT"


async def test_a_title_ends_no_element_and_no_line(board):
    nasty = NASTY + "]]></title><x/>\r\nEND:VCALENDAR\x1b&amp;\ud800".encode("utf-8", "replace").decode()
    await tell(board, nasty, "javascript:alert(1)")
    _, text = await board.get("/feed.xml")
    titles = [each.text for each in Xml.fromstring(text).iter("{http://www.w3.org/2005/Atom}title")]  # noqa: S314  # ours
    assert any("<script>alert(1)</script>" in str(title) for title in titles)
    assert "javascript:" not in text
    assert "\x1b" not in text
