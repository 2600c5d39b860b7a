"""Full dates as texts write them, in the languages that are read."""

from __future__ import annotations

import re
from datetime import date

DATES = (
    re.compile(r"(?P<y>20\d{2})年(?P<m>\d{1,2})月(?P<d>\d{1,2})日"),
    re.compile(r"(?P<y>20\d{2})-(?P<m>\d{2})-(?P<d>\d{2})"),
    re.compile(r"(?P<mon>[a-z]{3,9})\.? (?P<d>\d{1,2})(?:st|nd|rd|th)?,? (?P<y>20\d{2})"),
    re.compile(r"(?P<d>\d{1,2})\.? (?P<mon>[a-zä]{3,9})\.? (?P<y>20\d{2})"),
)
"""Patterns over folded text."""
_MONTHS = {
    "jan": 1, "feb": 2, "mar": 3, "mär": 3, "apr": 4, "may": 5, "mai": 5, "jun": 6, "jul": 7, "aug": 8, "sep": 9,
    "oct": 10, "okt": 10, "nov": 11, "dec": 12, "dez": 12,
}  # fmt: skip


def day_in(found: re.Match[str]) -> int | None:
    """The day number of a match of `DATES`; None for one that is no day of the calendar."""
    parts = found.groupdict()
    month = int(parts["m"]) if "m" in parts else _MONTHS.get(parts["mon"][:3], 0)
    try:
        return date(int(parts["y"]), month, int(parts["d"])).toordinal()
    except ValueError:
        return None
