"""Dates ahead as an iCalendar feed (RFC 5545): whole days, identifiers that stay, lines folded and texts escaped."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from bot.cards.quotation import safe_url
from bot.cards.tables import due_title
from bot.locale.catalogue import Catalogue, catalogue

OCTETS = 75
"""The most octets of a line, without its end (section 3.1)."""
TITLE = 200
DESCRIPTION = 1200
_HOST = "chipwatch"
_ADDRESS = re.compile(r"https?://[!#-\[\]^_`a-~]+")
"""An address of plain signs: a value of this type is not escaped, so that nothing in it may need it."""
_UNSEEN = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029]|[\ud800-\udfff]")


def calendar_feed(rows: Sequence[Mapping[str, Any]], stamp: datetime, language: str = "en") -> str:
    """Dates as `upcoming` prints them, as the text of a calendar; `stamp` (UTC) is when they were looked at.

    The same dates and stamp give the same text. A date without a day of its own is left out.
    """
    say = catalogue(language)
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Chipwatch//Dates ahead//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{escaped(say.text('calendar.name'))}",
        "REFRESH-INTERVAL;VALUE=DURATION:PT6H",
        "X-PUBLISHED-TTL:PT6H",
    ]
    for row in rows:
        lines += _event(say, row, stamp)
    lines.append("END:VCALENDAR")
    return "".join(f"{line}\r\n" for whole in lines for line in folded(whole))


def _event(say: Catalogue, row: Mapping[str, Any], stamp: datetime) -> Iterator[str]:
    try:
        day = date.fromisoformat(str(row.get("date"))[:10])
        following = day + timedelta(days=1)
    except (ValueError, OverflowError):
        return
    title = due_title(say, row)
    if row.get("state") == "outcome not recorded":
        title = say.text("calendar.open", title=title)
    url = _url(row)
    yield "BEGIN:VEVENT"
    yield f"UID:{identifier(str(row.get('name') or row.get('event') or row.get('document') or row['date']))}"
    yield f"DTSTAMP:{stamp.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    yield f"DTSTART;VALUE=DATE:{day:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{following:%Y%m%d}"
    yield f"SUMMARY:{escaped(title[:TITLE])}"
    if description := _description(say, row):
        yield f"DESCRIPTION:{escaped(description[:DESCRIPTION])}"
    if url:
        yield f"URL:{url}"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def _description(say: Catalogue, row: Mapping[str, Any]) -> str:
    parts = [str(row.get("summary") or "")]
    if other := row.get("contradicts"):
        parts.append(say.text("calendar.contradicts", day=date.fromisoformat(str(other)[:10])))
    parts += [str(citation.get("title") or "") for citation in list(row.get("citations") or ())[:3]]
    parts.append(say.text("calendar.no_advice"))
    return "\n".join(part for part in parts if part)


def _url(row: Mapping[str, Any]) -> str:
    first: Mapping[str, Any] = next(iter(row.get("citations") or ()), {})
    found = safe_url(first.get("url")) or ""
    return found if _ADDRESS.fullmatch(found) else ""


def identifier(name: str) -> str:
    """An entry's name as a globally unique identifier that stays when the day moves."""
    plain = re.sub(r"[^A-Za-z0-9.]+", "-", name).strip("-") or "entry"
    return f"{plain[:200]}@{_HOST}"


def escaped(text: str) -> str:
    """A text as a value (section 3.3.11): backslash, semicolon, comma and line end escaped, what is unseen dropped."""
    text = _UNSEEN.sub(" ", text.replace("\r\n", "\n").replace("\r", "\n"))
    return text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def folded(line: str) -> Iterator[str]:
    """A line in pieces of at most 75 octets, each but the first begun by a blank; no sign is cut in two."""
    piece: list[str] = []
    size = 0
    for sign in line:
        octets = len(sign.encode("utf-8", "replace"))
        if size + octets > OCTETS:
            yield "".join(piece)
            piece, size = [" "], 1
        piece.append(sign)
        size += octets
    yield "".join(piece)
