"""The dates of feeds: RFC 822 with all its zones, ISO 8601 with all its gaps, and asctime."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone
from functools import lru_cache

from bot.clock import Moment

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january",
            "feb february",
            "mar march",
            "apr april",
            "may",
            "jun june",
            "jul july",
            "aug august",
            "sep sept september",
            "oct october",
            "nov november",
            "dec december",
        ),
        start=1,
    )
    for name in names.split()
}

# Minutes east of UTC. A name means what RFC 822 and usage say it means, in every season: whoever writes EST in July is
# taken at his word. Single letters are military zones with their signs reversed in RFC 822; RFC 2822 says to read UTC.
_EAST = """
    z 0 ut 0 utc 0 gmt 0 wet 0 g 0 est -300 edt -240 cst -360 cdt -300 mst -420 mdt -360 pst -480 pdt -420 et -300
    ct -360 mt -420 pt -480 ast -240 adt -180 nst -210 ndt -150 akst -540 akdt -480 hst -600 bst 60 ist 330 west 60
    cet 60 met 60 mez 60 cest 120 mest 120 mesz 120 eet 120 eest 180 msk 180 msd 240 trt 180 sast 120 gst 240 pkt 300
    hkt 480 sgt 480 myt 480 awst 480 jst 540 kst 540 wib 420 ict 420 acst 570 acdt 630 aest 600 aedt 660 nzst 720
    nzdt 780
"""
_ZONES = {"": 0} | dict(zip(_EAST.split()[::2], map(int, _EAST.split()[1::2]), strict=True))

_CLOCK = r"(\d{1,2}):(\d{2})(?::(\d{2}))?(?:[.,:]\d{1,9})?"
_HALF_AND_ZONE = r"\s*([AaPp][Mm])?\s*(.*)"
_RFC = re.compile(
    r"(?:[A-Za-z]{2,9}\.?\s*,?\s*)?(\d{1,2})[\s-]\s*([A-Za-z]{3,9})\.?,?[\s-]\s*(\d{4}|\d{2})"
    rf"(?:,?[\sT]\s*{_CLOCK}{_HALF_AND_ZONE})?"
)
_ISO_CLOCK = r"(\d{2})(?::?(\d{2})(?::?(\d{2}|\d(?!\d)))?)?(?:[.,]\d{1,12})?\s*(.*)"
_ISO = re.compile(rf"(\d{{4}})(?:-?(\d{{2}})(?:-?(\d{{2}})(?:[Tt\s]\s*{_ISO_CLOCK})?)?)?")
_ASCTIME = re.compile(
    r"[A-Za-z]{3,9}\.?,?\s+([A-Za-z]{3,9})\.?\s+(\d{1,2}),?\s+(?:(\d{4})\s+)?"
    rf"{_CLOCK}\s*([A-Za-z+-][A-Za-z+0-9:-]*)?\s*(\d{{4}})?"
)
_MONTH_FIRST = re.compile(
    r"(?:[A-Za-z]{3,9}\.?,\s+)?([A-Za-z]{3,9})\.?\s+(\d{1,2}),?\s+(\d{4})"
    rf"(?:,?\s+(?:at\s+)?{_CLOCK}{_HALF_AND_ZONE})?"
)
_OFFSET = re.compile(r"(?:GMT|UTC|UT)?\s*([+-])(\d{1,2}):?(\d{2})?(?::?\d{2})?(?:\s*\(.*\))?", re.IGNORECASE)
LONGEST = 80


@lru_cache(maxsize=4096)
def moment_from(text: str) -> Moment | None:
    """What a feed's date says: UTC, or the bare date where no time of day is given; None where it says nothing sure.

    A time without a zone is taken as UTC. Years of two digits are 1950 to 2049 (RFC 2822 section 4.3).
    """
    text = text.strip()
    if not 4 <= len(text) <= LONGEST:
        return None
    try:
        if text[0].isdigit() and (iso := _ISO.fullmatch(text)):
            return _from_iso(iso)
        if rfc := _RFC.fullmatch(text):
            day, month, year, hour, minute, second, half, zone = rfc.groups()
        elif named := _MONTH_FIRST.fullmatch(text):
            month, day, year, hour, minute, second, half, zone = named.groups()
        elif asc := _ASCTIME.fullmatch(text):
            month, day, early, hour, minute, second, zone, late = asc.groups()
            year, half = early or late, None
        else:
            return None
        return _moment(_year(year), _MONTHS.get(month.lower()), int(day), _clock(hour, minute, second, half), zone)
    except (ValueError, OverflowError, TypeError):
        return None


def _from_iso(found: re.Match[str]) -> Moment | None:
    year, month, day, hour, minute, second, zone = found.groups()
    if hour is None:
        if month is None and len(found[0]) != 4:
            return None
        return date(int(year), int(month or 1), int(day or 1))
    return _moment(int(year), int(month), int(day), (int(hour), int(minute or 0), int(second or 0)), zone)


def _year(text: str) -> int:
    year = int(text)
    return year if len(text) == 4 else year + (2000 if year < 50 else 1900)


def _clock(hour: str | None, minute: str, second: str | None, half: str | None) -> tuple[int, int, int] | None:
    if hour is None:
        return None
    number = int(hour)
    if half:
        number = number % 12 + (12 if half.lower() == "pm" else 0)
    return number, int(minute), int(second or 0)


def _moment(
    year: int, month: int | None, day: int, clock: tuple[int, int, int] | None, zone: str | None
) -> Moment | None:
    """Put together; 24:00:00 is the next midnight and a leap second the last ordinary one."""
    if month is None:
        return None
    if clock is None:
        return date(year, month, day)
    hour, minute, second = clock
    extra = timedelta(days=1) if (hour, minute, second) == (24, 0, 0) else timedelta()
    offset = _offset(zone or "")
    moment = datetime(year, month, day, 0 if extra else hour, minute, min(second, 59), tzinfo=UTC)
    if not offset and not extra:
        return moment
    return (moment + extra).replace(tzinfo=timezone(timedelta(minutes=offset))).astimezone(UTC)


def _offset(zone: str) -> int:
    """Minutes east of UTC; UTC for a zone that cannot be, because the day is worth more than the hour."""
    name = zone.strip().strip(".").lower()
    if name in _ZONES:
        return _ZONES[name]
    if found := _OFFSET.fullmatch(name):
        minutes = int(found[2]) * 60 + int(found[3] or 0)
        if minutes < 24 * 60:
            return -minutes if found[1] == "-" else minutes
    return 0
