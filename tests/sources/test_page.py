"""Web pages: what is watched, what does not count, what stands in for the page, and what is told of a change."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from bot.errors import ConfigError, SourceError
from bot.fetch.exchange import Answer
from bot.model import Document
from bot.sources.base import Reading, Source, source_from
from bot.sources.page_ignore import day_in
from bot.sources.recorded import read_body
from bot.store.documents import digest

NOTICE = """<!doctype html><html lang="en-GB"><head><title>Export notices | Ministry</title></head><body>
<nav><a href="/x.pdf">All forms</a> Home</nav>
<main><h1>Export notices</h1>
<p>The export of AI chips needs a permit. {extra}</p>
<p>Last updated: {date}. This page was viewed {views} times.</p>
<ul><li><a href="docs/Directive%201.pdf">Directive 1/2025 (PDF)</a></li>
<li><a href="/guide" type="application/pdf"></a></li><li><a href="javascript:alert(1)">no</a></li></ul>
</main><script>var t = "captcha";</script><footer>Contact</footer></body></html>"""
LIST = """<html lang="zh"><body><ul class="news">
<li><a href="/a/1.html">商务部公告2026年第1号</a> <span>2026年3月4日</span></li>
<li><a href="/a/2.html">More</a><a href="/a/2.html">Announcement on gallium</a>
<time datetime="2026-03-05T08:00:00+08:00"></time></li>
<li>no link</li></ul></body></html>"""
CONSENT = (
    "<html><head><title>Before you continue to Example</title></head><body><p>Before you continue</p></body></html>"
)


def source(**table: Any) -> Source:
    return source_from({"id": "p", "kind": "page", "url": "https://ministry.example/notices/"} | table)


def answer(text: str | bytes, url: str = "https://ministry.example/notices/", **headers: str) -> Answer:
    body = text.encode() if isinstance(text, str) else text
    return Answer(url, 200, headers, body, datetime(2026, 6, 1, tzinfo=UTC))


def read(text: str | bytes, **table: Any) -> Reading:
    return source(**table).read(answer(text))


def page(extra: str = "", date: str = "1 June 2026", views: str = "1,204") -> str:
    return NOTICE.format(extra=extra, date=date, views=views)


def blocks(document: Document) -> list[str]:
    found = document.details["blocks"]
    assert isinstance(found, list)
    return found


def watched(text: str, **table: Any) -> Document:
    return next(document for document in read(text, **table).documents if document.kind == "page")


def test_a_page_is_its_readable_text_and_the_documents_it_links():
    first, directive, guide = read(page()).documents
    assert (first.key, first.title, first.language) == ("ministry.example/notices", "Export notices | Ministry", "en")
    assert blocks(first) == [
        "Export notices",
        "The export of AI chips needs a permit.",
        "Last updated: 1 June 2026. This page was viewed 1,204 times.",
        "Directive 1/2025 (PDF)",
        "no",
    ]
    assert (directive.kind, directive.title) == ("PDF", "Directive 1/2025 (PDF)")
    assert directive.url == "https://ministry.example/notices/docs/Directive%201.pdf"
    assert guide.url == "https://ministry.example/guide"


def test_a_selector_keeps_what_is_outside_of_it_out():
    chosen = read(page(), select="main p").documents
    assert [document.kind for document in chosen] == ["page"]
    assert blocks(chosen[0])[0] == "The export of AI chips needs a permit."


def test_dates_and_counters_do_not_count_where_told_so():
    one, other = page(), page(date="2 June 2026", views="98,001")
    assert digest(watched(one)) != digest(watched(other))
    rules = ["dates", "counters", r"viewed .* times"]
    assert digest(watched(one, ignore=rules)) == digest(watched(other, ignore=rules))
    assert digest(watched(one, ignore=rules)) != digest(watched(page("Not so."), ignore=rules))


@pytest.mark.parametrize(
    ("rule", "before", "after"),
    [
        ("dates", "Stand: 3. März 2026", "Stand: 14. April 2026"),
        ("dates", "发布时间:2026年3月4日 10:32", "发布时间:2026年3月5日 09:01"),
        ("dates", "2026-03-04T10:32:05+08:00", "2026-03-05T10:32:05+08:00"),
        ("dates", "as of 10:32 p.m. EST", "as of 9:05 a.m. EST"),
        ("counters", "浏览次数:1203", "浏览次数:9"),
        ("counters", "1,203 views", "1,204 views"),
        ("counters", "Aufrufe: 12", "Aufrufe: 13"),
        ("counters", "3 minutes ago", "4 minutes ago"),
        (".stamp", '<span class="stamp">a</span>x', '<span class="stamp">b</span>x'),
        ("time", "<time>a</time>x", "<time>b</time>x"),
        ("(?i)session [0-9a-f]+", "Session 0af3", "Session 99"),
    ],
)
def test_what_is_ignored(rule, before, after):
    one, other = (f"<p>Licence needed.</p><p>{text}</p>" for text in (before, after))
    assert digest(watched(one)) != digest(watched(other))
    assert digest(watched(one, ignore=[rule])) == digest(watched(other, ignore=[rule]))


def test_a_date_of_law_counts_unless_told_otherwise():
    one, other = (f"<p>In force from {day}.</p>" for day in ("1 June 2026", "1 July 2026"))
    assert digest(watched(one)) != digest(watched(other))


@pytest.mark.parametrize("table", [{"select": "p["}, {"ignore": ["(unclosed"]}, {"ignore": ["#"]}, {"entries": ">>"}])
def test_a_rule_that_is_none_stops_the_start(table):
    with pytest.raises(ConfigError, match=r"selector|expression"):
        source(**table)


def test_the_entries_of_a_list_are_documents_of_their_own():
    first, second = read(LIST, entries="ul.news > li").documents
    assert (first.title, first.url) == ("商务部公告2026年第1号", "https://ministry.example/a/1.html")
    assert (first.published, first.language) == (date(2026, 3, 4), "zh")
    assert second.title == "Announcement on gallium"
    assert second.published == datetime(2026, 3, 5, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Published 4 March 2026 in The Hague", date(2026, 3, 4)),
        ("March 4, 2026", date(2026, 3, 4)),
        ("vom 4. März 2026", date(2026, 3, 4)),
        ("04.03.2026", date(2026, 3, 4)),
        ("2026年3月4日", date(2026, 3, 4)),
        ("2026/3/4", date(2026, 3, 4)),
        ("2026-99-99 but 2026-03-04", date(2026, 3, 4)),
        ("03/04/2026", None),  # nobody can say which is the month
        ("version 1.2.3", None),
    ],
)
def test_the_first_date_of_a_text(text, day):
    assert day_in(text) == day


@pytest.mark.parametrize(
    ("text", "table", "name"),
    [
        (CONSENT, {}, "challenge"),
        ("<html><title>Just a moment...</title><body>Checking your browser</body></html>", {}, "challenge"),
        (CONSENT, {"select": "main"}, "challenge"),
        ("<html><body><p>File Unavailable. Try again later.</p></body></html>", {}, "unavailable"),
        ("<html><body><div id=app></div><script>draw()</script></body></html>", {}, "empty_page"),
        (page(), {"select": "table.orders"}, "nothing_selected"),
        ("%PDF-1.7 ...", {}, "not_a_page"),
        ('{"a": 1}', {}, "not_a_page"),
        ("plain words", {}, "not_a_page"),
        ("", {}, "not_a_page"),
    ],
)
def test_what_stands_in_for_the_page_is_never_taken_for_it(text, table, name):
    with pytest.raises(SourceError) as caught:
        read(text, **table)
    assert caught.value.name == name


def test_a_long_page_may_speak_of_captchas():
    text = page("It explains how a captcha keeps robots out, and what access denied means. " * 40)
    assert watched(text).title == "Export notices | Ministry"


def told(before: str, after: str) -> Any:
    mine = source()
    return mine.told(watched(before), watched(after))


def test_of_a_change_only_what_is_new_is_judged():
    change = told(page(), page("From July the export of AI chips to China is forbidden."))
    assert (change.added, change.removed, change.changed) == (0, 0, 1)
    assert change.document.summary.endswith("From July the export of AI chips to China is forbidden.")
    assert "Contact" not in change.document.summary
    assert "blocks" not in change.document.details
    assert change.detail["blocks"][0]["kind"] == "changed"
    assert change.seat.startswith("ministry.example/notices#")


def test_each_change_of_a_page_is_a_happening_of_its_own_and_the_same_twice_is_one():
    one = told(page(), page("A."))
    other = told(page("A."), page("B."))
    assert one.seat != other.seat
    assert one.seat == told(page(), page("A.")).seat


def test_blocks_that_only_moved_are_worth_no_word():
    one, other = "<p>First rule of all stands here in the list of rules.</p>", "<p>Second rule of them.</p>"
    lead = "<p>Licence needed for chips to China.</p>"
    assert told(lead + one + other, lead + other + one).silent


def test_what_was_taken_away_is_told():
    change = told(page("The licence for chips to China is dropped."), page())
    assert change.changed + change.removed == 1
    assert not change.silent


TABLE = (
    "<h1>Licences</h1><table><thead><tr><th>Country</th><th>Open</th><th>Refused</th></tr></thead>"
    "<tr><td>Freedonia</td><td>X</td><td></td></tr><tr><td>Sylvania</td>{marks}</tr></table>"
)


def test_a_mark_that_changes_its_column_is_told_with_its_row():
    old, new = (TABLE.format(marks=marks) for marks in ("<td>X</td><td></td>", "<td></td><td>X</td>"))
    change = told(old, new)
    assert (change.changed, change.silent) == (1, False)
    assert change.document.summary == "Country: Sylvania · Refused: X"
    assert change.document.title.endswith(": Country: Sylvania · Refused: X")


def test_a_page_that_was_stored_by_cells_begins_anew_and_one_without_tables_does_not():
    now = watched(TABLE.format(marks="<td></td><td>X</td>"))
    by_cells = replace(now, details={"blocks": ["Licences", "Country", "Open", "Freedonia", "X", "Sylvania", "X"]})
    assert source().told(by_cells, now).silent
    earlier = watched(page())
    earlier = replace(earlier, details={"blocks": blocks(earlier)})
    assert not source().told(earlier, watched(page("From July it is forbidden."))).silent


def test_a_linked_document_is_told_as_it_is():
    document = Document("p", "k", "Directive", kind="PDF")
    assert source().told(document, replace(document, title="Directive 2")).document.title == "Directive 2"


def test_an_endless_page_is_cut_and_says_so():
    reading = read(
        "<p>" + "words and more words. " * 40 + "</p>" + "<p>Licence needed for the export of chips.</p>" * 12_000
    )
    assert reading.warnings == ("long_page",)
    assert sum(map(len, blocks(reading.documents[0]))) <= 400_000


def test_a_page_without_a_table_is_read_by_its_address():
    reading = read_body("page", page().encode(), "https://ministry.example/notices/?utm_source=x")
    assert reading.documents[0].key == "ministry.example/notices"
