"""Recognises an old text under a new date, by the date in its address or in its first words."""

from __future__ import annotations

import re
from datetime import date, timedelta

from bot.clock import Moment, day_of
from bot.model import Reason

OLD = timedelta(days=60)
"""A text dated this much earlier by its own address or dateline than by its publisher is an old one."""

_IN_PATH = re.compile(r"/((?:19|20)\d{2})[/-]?(0[1-9]|1[0-2])(?:[/-]?(0[1-9]|[12]\d|3[01]))?(?=[/_.-]|$)")
_MONTHS = {
    name: number
    for number, names in enumerate(
        [
            "jan january januar",
            "feb february februar",
            "mar march märz",
            "apr april",
            "may mai",
            "jun june juni",
            "jul july juli",
            "aug august",
            "sep sept september",
            "oct october okt oktober",
            "nov november",
            "dec december dez dezember",
        ],
        start=1,
    )
    for name in names.split()
}
_DATELINE = re.compile(
    r"^[^\d]{0,40}?(?:(?P<y1>20\d{2})[-年/.](?P<m1>\d{1,2})[-月/.](?P<d1>\d{1,2})"
    r"|(?P<m2>[a-zä]{3,9})\.? (?P<d2>\d{1,2}),? (?P<y2>20\d{2})\s?[-–—:(]"
    r"|(?P<d3>\d{1,2})\.? (?P<m3>[a-zä]{3,9})\.? (?P<y3>20\d{2})\s?[-–—:(])",
    re.IGNORECASE,
)


def own_date(lead: str, url: str | None) -> tuple[date, str] | None:
    """The day that a text itself bears, and whether its `address` or its `dateline` says so."""
    if url and (found := _IN_PATH.search(url[:2000])):
        year, month, day = found.groups()
        dated = _date(year, int(month), day or "28")
        if dated:
            return dated, "address"
    if found := _DATELINE.match(lead[:80]):
        parts = found.groupdict()
        for n in "123":
            if parts[f"y{n}"]:
                month_text = parts[f"m{n}"]
                number = int(month_text) if month_text.isdigit() else _MONTHS.get(month_text.casefold(), 0)
                dated = _date(parts[f"y{n}"], number, parts[f"d{n}"])
                return (dated, "dateline") if dated else None
    return None


def stale(lead: str, url: str | None, published: Moment | None) -> list[Reason]:
    """A reason with the label `stale` where a text is much older than the date it was given."""
    if published is None:
        return []
    own = own_date(lead, url)
    if own and day_of(published) - own[0] > OLD:
        return [Reason("stale", own[1], own[0].isoformat())]
    return []


def _date(year: str, month: int, day: str) -> date | None:
    try:
        return date(int(year), month, int(day))
    except ValueError:
        return None
