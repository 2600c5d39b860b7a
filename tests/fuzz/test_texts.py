"""What the network brings before it is a document: headers, packing, charsets, dates, links, markup."""

from __future__ import annotations

import gzip
import zlib
from datetime import UTC, date, datetime, timedelta

import brotli  # type: ignore[import-untyped]
import pytest
from backports import zstd

from bot.commands.days import read_day
from bot.errors import SourceError, UserError
from bot.fetch.address import is_address, taken_apart, without_secrets
from bot.fetch.charset import decode
from bot.fetch.freshness import LONGEST_FRESH, LONGEST_RETRY, fresh_for, http_date, retry_at
from bot.fetch.inflate import PIECE, inflater
from bot.redline.documents import document_of, redline_of_documents
from bot.redline.redline import rebuild, redline
from bot.redline.sections import section_at, sections
from bot.sources.canonical import canonical_link
from bot.sources.kinds.json_api import moment_of_any
from bot.sources.page_ignore import day_in
from bot.sources.passages import passages
from bot.sources.plain_text import summary_of, text_of_markup, tidy, title_of
from bot.sources.syndication.dates import moment_from
from tests.fuzz.target import Target, bodies, examine, texts

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
MOST = 2 * 1024 * 1024
PACKINGS = ("gzip", "br", "zstd", "deflate")
PACKED = {
    "gzip": gzip.compress(b"a feed of ten items " * 40) + gzip.compress(b"and another"),
    "br": brotli.compress(b"a feed of ten items " * 40),
    "zstd": zstd.compress(b"a feed of ten items " * 40),
    "deflate": zlib.compress(b"a feed of ten items " * 40),
}


def charset(body: bytes) -> None:
    """The first line is a Content-Type; the rest is read without an error, in a codec that there is."""
    header, _, rest = body.partition(b"\n")
    label = header.decode("latin-1")
    text = decode(rest, label)
    assert len(text) <= len(rest)


def unpacked(name: str, body: bytes, step: int) -> tuple[bytes, bool] | str:
    """What a body unpacks to when it comes `step` bytes at a time, or the name of the error."""
    found, packing = bytearray(), inflater(name)
    assert packing is not None
    try:
        for at in range(0, len(body), step):
            for piece in packing.feed(body[at : at + step]):
                assert 0 < len(piece) <= 4 * PIECE
                found += piece
                if len(found) > MOST:
                    return bytes(found[:MOST]), False
    except SourceError as error:
        assert error.name == "bad_encoding"
        return error.name
    return bytes(found), packing.finished


def packing(body: bytes) -> None:
    """The first byte chooses the packing; however the rest is cut on its way, the same comes out, or an error: only a
    zstd frame that comes in one piece is compared with the length that it states."""
    name, rest = PACKINGS[body[0] % 4 if body else 0], body[1:]
    pieces, whole = unpacked(name, rest, 7), unpacked(name, rest, len(rest) or 1)
    assert pieces == whole or "bad_encoding" in (pieces, whole)


def headers(text: str) -> None:
    """Whatever a server says about waiting, it is believed within bounds only."""
    for name in ("cache-control", "expires", "age", "date", "retry-after"):
        told = {name: text, "date": "Wed, 25 Nov 2026 12:00:00 GMT", "cache-control": text}
        fresh = fresh_for(told, NOW)
        assert fresh is None or 0 < fresh <= LONGEST_FRESH
    later = retry_at({"retry-after": text}, NOW)
    assert later is None or NOW <= later <= NOW + LONGEST_RETRY
    moment = http_date(text)
    assert moment is None or moment.utcoffset() == timedelta(0)


def days(text: str) -> None:
    """Every date is none, a day, or a moment in UTC; a typed day is one or is refused by name."""
    for moment in (moment_from(text), moment_of_any(text)):
        assert moment is None or not isinstance(moment, datetime) or moment.utcoffset() == timedelta(0)
    assert day_in(text) is None or isinstance(day_in(text), date)
    try:
        read_day(text, NOW.date())
    except UserError as error:
        assert error.key == "errors.no_such_day"


def links(text: str) -> None:
    """An identity is stable, and what is written down holds no secret."""
    once = canonical_link(text)
    if is_address(text):
        assert once == text.strip() or canonical_link(f"https://{once}") == once
        taken_apart(text)
        kept = without_secrets(text, (("api_key", "grandmother"), ("a", "b")))
        assert "grandmother" not in kept
        assert is_address(kept)
        assert without_secrets(kept) == kept


def markup(text: str) -> None:
    """Markup becomes clean text of bounded length, a title in one line; twice is once."""
    assert "\n" not in title_of(text, markup=True)
    for made in (title_of(text, markup=True), summary_of(text, markup=True)):
        assert len(made) <= 601
        assert tidy(made) == made
    assert all(len(passage) <= 281 for passage in passages(text_of_markup(text)))


def compared(body: bytes) -> None:
    """Two files, parted by a line of dashes, are compared, or refused by name; a text can be rebuilt."""
    old, _, new = body.partition(b"\n--\n")
    before, after = old.decode("utf-8", "replace"), new.decode("utf-8", "replace")
    assert rebuild(before, redline(before, after)) == after
    try:
        redline_of_documents(document_of(old), document_of(new))
    except SourceError as error:
        assert error.name in ("entity_declaration", "malformed_xml")


def code(text: str) -> None:
    """A part of the Code is read or refused by name."""
    try:
        found = sections(text)
        section_at(text, "744.11")
    except SourceError as error:
        assert error.name in ("entity_declaration", "malformed_xml")
        return
    assert all(each.identifier for each in found)


SECTION = '<DIV8 N="744.11" TYPE="SECTION"><HEAD>744.11 A</HEAD><P>(a) x</P><CITA>[85 FR 51603]</CITA></DIV8>'
TARGETS: dict[str, Target] = {
    "charset": bodies(
        charset,
        [
            b"text/html; charset=big5\n<meta charset=gb2312>" + "中文".encode("gb2312"),
            b"\n" + "é".encode("utf-16"),
            b'\n<?xml version="1.0" encoding="shift_jis"?><a/>',
            b"text/xml\n\xff\xfe\x00",
            b"\nna\xefve",
        ],
        (b"charset=utf-7", b"utf-16", b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"hz-gb-2312", b"idna", b"unicode_escape"),
    ),
    "packing": bodies(packing, [bytes((at,)) + PACKED[name] for at, name in enumerate(PACKINGS)]),
    "headers": texts(
        headers,
        [
            "max-age=600, no-cache",
            "Wed, 25 Nov 2026 13:00:00 GMT",
            "120",
            "max-age=99999999999999999999",
            "-1",
            "Mon, 01 Jan 0001 00:00:00 +2359",
            "Thu, 31 Dec 9999 23:59:59 -2359",
            "max-age=\u0661\u0662",
        ],
    ),
    "days": texts(
        days,
        [
            "2026-07-01T12:00:00+02:00",
            "Tue, 01 Jul 2026 24:00:00 EST",
            "20260701T120000Z",
            "1751371200000",
            "2026年7月1日",
            "1. Mai 2025",
            "July 1st, 2026",
            "0001-01-01T00:00:00+23:59",
            "9999-12-31T23:59:60-12:00",
            "gestern",
            "\u0661\u0662.5.2025",
        ],
    ),
    "links": texts(
        links,
        [
            "https://user:pw@www.Example.com:443/a%2fb/?utm_source=x&b=2&a=1#top",
            "http://[::1]:80/%zz?key=s&api_key=t",
            "//host/path",
            "https://münchen.example/ä?ö=ü&token=1",
            "http://a.example:99999/",
        ],
    ),
    "markup": texts(
        markup,
        [
            "<p>One <b>two</b> &amp;lt;three&gt; <script>x</script></p>",
            "&#0;&#x110000;&nbsp;<!-- c -->",
            "<<a<a<a",
            "<![CDATA[x]]>&amp;amp;amp;",
            "\u202ea\u200bb\ud800c",
            "Nvidia may not export H20 chips to China. " * 30,
        ],
    ),
    "compared": bodies(
        compared,
        [
            b"One.\n\nTwo.\n--\nOne.\n\nThree.",
            b'[{"id":1,"a":"x"}]\n--\n[{"id":1,"a":"y"},{"id":2}]',
            b"a,b,c\n1,2,3\n--\na,b,c\n1,2,4\n",
            b"<html><p>a</p></html>\n--\n<html><p>b</p></html>",
            b'<?xml version="1.0"?><a><P>x</P></a>\n--\n<a><P>y</P></a>',
        ],
    ),
    "code": texts(
        code,
        [f'<DIV5 N="744" TYPE="PART">{SECTION}</DIV5>', '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'],
    ),
}


@pytest.mark.parametrize("name", TARGETS)
def test_the_promise_holds_for_whatever_comes(name: str) -> None:
    examine(TARGETS[name])
