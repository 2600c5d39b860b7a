"""Feeds of the wild beside feedparser, entry by entry. What differs, and why, stands in docs/feeds.md."""

from __future__ import annotations

import subprocess
import sys
import time
import warnings
from calendar import timegm
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import feedparser
import pytest

from bot.errors import SourceError
from bot.model import Document
from bot.sources.base import Reading
from bot.sources.plain_text import once_encoded, text_of_markup
from bot.sources.recorded import read_body
from tests.liveness import lively

pytestmark = pytest.mark.shared
ADDRESS = "http://base.example/dir/feed.xml"
FOLDERS = ("feeds-in-the-wild", "feeds-odd")


def bodies(shared: Path) -> Iterator[tuple[str, bytes]]:
    for folder in FOLDERS:
        for file in sorted((shared / "recordings" / folder).rglob("*")):
            if file.is_file():
                yield str(file.relative_to(shared / "recordings")), file.read_bytes()


def ours(body: bytes) -> Reading | str:
    try:
        return read_body("feed", body, ADDRESS)
    except SourceError as error:
        return error.name


@cache
def theirs(body: bytes) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return feedparser.parse(body, response_headers={"content-location": ADDRESS})


def compared(shared: Path) -> Iterator[tuple[str, Any, Document]]:
    """Entries of feedparser beside ours: of feeds whose counts agree by place, of others by key."""
    for name, body in bodies(shared):
        reading = ours(body)
        entries = theirs(body).entries
        if isinstance(reading, str):
            continue
        if len(entries) == len(reading.documents):
            yield from ((name, entry, document) for entry, document in zip(entries, reading.documents, strict=True))
        else:
            keys = {document.key: document for document in reading.documents}
            yield from ((name, entry, keys[entry["id"]]) for entry in entries if entry.get("id") in keys)


def test_every_feed_in_which_feedparser_finds_entries_gives_them(shared: Path) -> None:
    fewer = {}
    for name, body in bodies(shared):
        reading, entries = ours(body), theirs(body).entries
        if isinstance(reading, str):
            if entries:
                fewer[Path(name).name] = reading
        elif len(reading.documents) < len(entries):
            fewer[Path(name).name] = f"{len(entries)} -> {len(reading.documents)}"
    assert fewer == {
        "rss_incomplete_cdata.xml": "cut_short",  # its only entry ends in the middle of the title
        "Rss092FullSample.xml": "22 -> 21",  # one note stands twice, word for word
        "rss092.xml": "22 -> 21",  # the same feed again
        "Rss20LeFigaro.xml": "50 -> 49",  # one article stands twice under one guid
        "illegally-nested.xml": "20 -> 10",  # an empty item inside each item
    }


def test_files_that_are_no_feed_have_a_name(shared: Path) -> None:
    names: Counter[str] = Counter()
    for name, body in bodies(shared):
        reading = ours(body)
        if isinstance(reading, str):
            names[reading] += 1
            feed = Path(name)
            assert feed.suffix not in (".atom", ".rss") or feed.name == "unrecognized.rss", name
    assert names.keys() <= {"not_a_feed", "empty_document", "cut_short", "too_deep", "entity_declaration"}
    assert names["not_a_feed"] == 83


def test_titles_agree(shared: Path) -> None:
    total, different = 0, Counter[str]()
    for name, entry, document in compared(shared):
        if "/chardet/" in name:
            continue  # no character set is declared and none can be told: neither reads them
        total += 1
        title = once_encoded(text_of_markup(entry.get("title") or ""))
        different[Path(name).name] += " ".join(title.split()) != document.title
    assert total > 2400
    assert +different == {
        "Rss20CityDog.xml": 1,  # feedparser reads one title as Windows-1252
        "Rss20LeParisien.xml": 2,  # encoded twice, which feedparser mends in part
    }


def test_dates_agree(shared: Path) -> None:
    different = Counter(
        Path(name).name for name, entry, document in compared(shared) if not _same_dates(entry, document)
    )
    assert different == {
        "Rss20ItunesSample.xml": 1,  # an offset of +3000: the day is kept, the offset is not believed
        "podcast.rss": 1,
        "rss_2.0_ilmessaggero.xml": 1,  # Italian weekday: read here, not there
        "rss_2.0_nbcny.xml": 1,  # 02:02 PM is 14:02
        "feed-test-hindi-channel-image.xml": 1,  # a date with AM or PM: read here, not there
        "feed-test-xsl.xml": 2,  # BST is an hour east of Greenwich
    }


def _same_dates(entry: Any, document: Document) -> bool:
    parsed = [entry[name] for name in ("published_parsed", "created_parsed", "updated_parsed") if name in set(entry)]
    expected = {datetime.fromtimestamp(timegm(stamp), UTC) for stamp in parsed if stamp}
    found = {_midnight(moment) for moment in (document.published, document.updated) if moment is not None}
    return bool(expected & found) or not (expected or found)


def _midnight(moment: Any) -> datetime:
    if isinstance(moment, datetime):
        return moment.replace(microsecond=0)
    return datetime(moment.year, moment.month, moment.day, tzinfo=UTC)


def test_keys_agree_but_for_what_feedparser_makes_absolute(shared: Path) -> None:
    for name, entry, document in compared(shared):
        theirs_, own = (entry.get("id") or "").strip(), document.key.partition("#")[0]
        assert not theirs_ or theirs_ == document.key or theirs_.endswith(own), name


def test_links_agree_where_the_feed_gives_an_absolute_one(shared: Path) -> None:
    different: Counter[str] = Counter()
    for name, entry, document in compared(shared):
        link = entry.get("link") or ""
        if link.startswith("http") and "base.example" not in link and link != document.url:
            different[Path(name).name] += 1
    assert different == {
        "atom-feed-standard.xml": 1,  # several alternates: the first page, not the last
        "atom-test-example.xml": 1,
        "atom-multilinks.xml": 1,
        "atom-link-alternate-href.xml": 1,  # the page, not its picture
    }


def test_all_of_them_take_seconds_and_little_memory(shared: Path) -> None:
    program = f"""
import resource, sys
from pathlib import Path
from bot.errors import SourceError
from bot.sources.recorded import read_body
import bot.sources.kinds.feed, lxml.etree
bodies = [Path(name) for name in sys.argv[1:]]
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
for file in bodies:
    try:
        read_body("feed", file.read_bytes(), {ADDRESS!r})
    except SourceError:
        pass
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""
    files = [str(shared / "recordings" / name) for name, _ in bodies(shared)]
    with lively(1.5, time.monotonic):
        done = subprocess.run([sys.executable, "-c", program, *files], capture_output=True, text=True, check=True)
    assert int(done.stdout) < 40 * 1024
