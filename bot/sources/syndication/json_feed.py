"""JSON Feed 1 and 1.1 (jsonfeed.org), as it should be and as it comes."""

from __future__ import annotations

import json
import re
from typing import Any

from bot.clock import Moment
from bot.errors import SourceError
from bot.sources.plain_text import looks_like_markup, summary_of, title_of
from bot.sources.syndication.dates import moment_from
from bot.sources.syndication.entry import Entry, Syndicate
from bot.sources.syndication.xml_reader import MOST_CATEGORIES

_ITEMS = re.compile(r'"items"\s*:\s*\[')


def read(text: str) -> Syndicate | None:
    """The feed in a JSON text, or None where it is JSON of another kind.

    A text that is cut or wrong somewhere keeps the items that are whole before the fault (`partial`).
    Raises SourceError `not_a_feed`, `cut_short` or `too_deep`.
    """
    try:
        page = json.loads(text)
    except RecursionError as error:
        raise SourceError("too_deep", "JSON nests too deep") from error
    except ValueError as error:
        if "jsonfeed.org/version" not in text[:4096]:
            return None
        return _salvaged(text, error)
    if not isinstance(page, dict) or not _is_feed(page):
        return None
    return _feed(page)


def _is_feed(page: dict[str, Any]) -> bool:
    version = page.get("version")
    return isinstance(version, str) and "jsonfeed.org" in version


def _feed(page: dict[str, Any]) -> Syndicate:
    items = page.get("items")
    feed = Syndicate(
        link=_string(page.get("home_page_url")),
        bases=(_string(page.get("feed_url")),),
        language=_string(page.get("language")),
    )
    entries = [_entry(item) for item in items if isinstance(item, dict)] if isinstance(items, list) else []
    feed.entries = [entry for entry in entries if not entry.is_blank]
    return feed


def _salvaged(text: str, error: ValueError) -> Syndicate:
    start = _ITEMS.search(text)
    if start is None:
        raise SourceError("cut_short", "the answer ends before its first whole entry") from error
    head = _head(text[: start.start()])
    decoder = json.JSONDecoder()
    items: list[Any] = []
    place = start.end()
    while place < len(text):
        while place < len(text) and text[place] in " \t\r\n,":
            place += 1
        if place >= len(text) or text[place] != "{":
            break
        try:
            item, place = decoder.raw_decode(text, place)
        except RecursionError as deep:
            raise SourceError("too_deep", "JSON nests too deep") from deep
        except ValueError:
            break
        items.append(item)
    if not items:
        raise SourceError("cut_short", "the answer ends before its first whole entry") from error
    feed = _feed({**head, "items": items})
    feed.partial = text[place : place + 1] != "]"
    feed.warnings.append("mended")
    return feed


def _head(text: str) -> dict[str, Any]:
    try:
        head = json.loads(text.rstrip().rstrip(",") + "}")
    except (ValueError, RecursionError):
        return {}
    return head if isinstance(head, dict) else {}


def _entry(item: dict[str, Any]) -> Entry:
    title = _string(item.get("title"))
    return Entry(
        id=_identity(item.get("id")),
        link=_string(item.get("url")) or _string(item.get("external_url")),
        title=title_of(title, markup=looks_like_markup(title)) if title else "",
        summary=_summary(item),
        published=_moment(item.get("date_published")),
        updated=_moment(item.get("date_modified")),
        language=_string(item.get("language")),
        author=_author(item),
        categories=_tags(item.get("tags")),
    )


def _summary(item: dict[str, Any]) -> str:
    for name in ("summary", "content_text"):
        if text := _string(item.get(name)):
            return summary_of(text, markup=looks_like_markup(text[:20_000]))
    return summary_of(_string(item.get("content_html")), markup=True)


def _author(item: dict[str, Any]) -> str:
    authors = item.get("authors")
    candidates = authors if isinstance(authors, list) else []
    for author in (*candidates, item.get("author")):
        if isinstance(author, dict) and (name := _string(author.get("name"))):
            return title_of(name, markup=False)
    return ""


def _tags(tags: Any) -> tuple[str, ...]:
    if not isinstance(tags, list):
        return ()
    return tuple(title_of(tag, markup=False) for tag in tags[:MOST_CATEGORIES] if isinstance(tag, str) and tag.strip())


def _identity(value: Any) -> str:
    """An id is text; publishers who send a number mean its digits."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return str(value).strip()


def _moment(value: Any) -> Moment | None:
    return moment_from(value) if isinstance(value, str) else None


def _string(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""
