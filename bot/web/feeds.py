"""Feeds for readers that are no browsers: stories as Atom and JSON Feed, dates as iCalendar; filtered by query."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree as Xml  # writes only; nothing of strangers is parsed

from aiohttp import web

from bot.cards.icalendar import calendar_feed
from bot.cards.quotation import title_of
from bot.clock import iso
from bot.commands.ask import Services
from bot.model import Story
from bot.pipeline.calendar import dates_ahead
from bot.web.board.stories import found_for, words_of
from bot.web.pages import json
from bot.web.view import View, view_of

ENTRIES = 50
ATOM = "http://www.w3.org/2005/Atom"


def add_feeds(app: web.Application, services: Services) -> None:
    """The routes of the feeds."""

    async def atom(request: web.Request) -> web.Response:
        view = view_of(request, services)
        told = await services.store.read(found_for(view, ENTRIES))
        return web.Response(body=atom_of(view, told), content_type="application/atom+xml", charset="utf-8")

    async def json_feed(request: web.Request) -> web.Response:
        view = view_of(request, services)
        told = await services.store.read(found_for(view, ENTRIES))
        response = json(json_feed_of(view, told))
        response.content_type = "application/feed+json"
        return response

    async def calendar(request: web.Request) -> web.Response:
        view = view_of(request, services)
        rows = await services.store.read(lambda conn: dates_ahead(conn, view.knowledge.ledger, view.today))
        text = calendar_feed(rows, services.clock.now(), view.language)
        return web.Response(body=text.encode(), content_type="text/calendar", charset="utf-8")

    app.router.add_get("/feed.xml", atom)
    app.router.add_get("/feed.json", json_feed)
    app.router.add_get("/calendar.ics", calendar)


def base_of(view: View) -> str:
    """The board's own address, without a slash at its end."""
    return (view.services.settings.web.url or f"{view.request.scheme}://{view.request.host}").rstrip("/")


def atom_of(view: View, told: Sequence[Story]) -> bytes:
    """An Atom feed (RFC 4287) of stories. Ids never change; an entry that grew has a later `updated`."""
    base = base_of(view)
    Xml.register_namespace("", ATOM)
    feed = Xml.Element(f"{{{ATOM}}}feed", {"{http://www.w3.org/XML/1998/namespace}lang": view.language})
    newest = max((story.grew_at for story in told), default=datetime(2022, 8, 1, tzinfo=UTC))
    _put(feed, "id", f"{base}/feed.xml")
    _put(feed, "title", "Chipwatch")
    _put(feed, "updated", _stamp(newest))
    _put(_put(feed, "author"), "name", "Chipwatch")
    _put(feed, "link", rel="self", href=f"{base}{view.request.rel_url.raw_path_qs}")
    _put(feed, "link", rel="alternate", href=f"{base}/stories", type="text/html")
    for story in told:
        entry = _put(feed, "entry")
        _put(entry, "id", f"urn:chipwatch:story:{story.id}")
        _put(entry, "title", _title(view, story))
        _put(entry, "link", rel="alternate", href=_address(base, story), type="text/html")
        _put(entry, "updated", _stamp(story.grew_at))
        _put(entry, "published", _stamp(story.began_at))
        _put(entry, "summary", _summary(view, story))
        for chip in story.facts.chips:
            _put(entry, "category", term=_clean(chip))
    return bytes(Xml.tostring(feed, encoding="utf-8", xml_declaration=True))


def json_feed_of(view: View, told: Sequence[Story]) -> dict[str, Any]:
    """A JSON Feed 1.1 of stories."""
    base = base_of(view)
    return {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Chipwatch",
        "home_page_url": f"{base}/stories",
        "feed_url": f"{base}{view.request.rel_url.raw_path_qs}",
        "language": view.language,
        "items": [
            {
                "id": f"urn:chipwatch:story:{story.id}",
                "url": _address(base, story),
                "title": _title(view, story),
                "content_text": _summary(view, story),
                "date_published": iso(story.began_at),
                "date_modified": iso(story.grew_at),
                "tags": list(story.facts.chips),
            }
            for story in told
        ],
    }


def _address(base: str, story: Story) -> str:
    return f"{base}/stories/{quote(story.id, safe='')}"


def _title(view: View, story: Story) -> str:
    return _clean(words_of(view, story).headline_now)


def _summary(view: View, story: Story) -> str:
    """How sure it is, and the documents it stands on."""
    cited = (f"{member.source_name}: {title_of(view.say, member)[0]}" for member in story.members[:6])
    lines = [words_of(view, story).marks, *cited]
    return _clean("\n".join(lines))


def _clean(text: str) -> str:
    """Without what XML 1.0 cannot hold."""
    return "".join(c for c in text if c in "\t\n" or " " <= c <= "\ud7ff" or "\ue000" <= c <= "\ufffd" or c > "\uffff")


def _put(parent: Xml.Element, name: str, text: str = "", **attributes: str) -> Xml.Element:
    made = Xml.SubElement(parent, f"{{{ATOM}}}{name}", attributes)
    made.text = text or None
    return made


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
