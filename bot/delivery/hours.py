"""A channel's own time: when it is quiet there, and when its digest is due. Right over both changes of the clocks."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.delivery.order import Order, Quiet

DAY = timedelta(days=1)


def zone(name: str) -> ZoneInfo:
    """A time zone by its name; UTC for one that is unknown here."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return ZoneInfo("UTC")


def quiet_until(quiet: Quiet | None, time_zone: str, now: datetime) -> datetime | None:
    """When the quiet hours end that it is in just now (UTC); None outside of them.

    The hours are instants of the zone: a night with a change of the clocks is an hour shorter or longer, never skipped.
    """
    if quiet is None or quiet.begins == quiet.ends:
        return None
    where = zone(time_zone)
    begins, ends = time.fromisoformat(quiet.begins), time.fromisoformat(quiet.ends)
    today = now.astimezone(where).date()
    for day in (today - DAY, today):
        start = _instant(datetime.combine(day, begins), where)
        end = _instant(datetime.combine(day if ends > begins else day + DAY, ends), where)
        if start <= now < end:
            return end
    return None


def next_digest(order: Order, time_zone: str, now: datetime) -> datetime:
    """When the next daily or weekly digest of an order is due (UTC), later than `now`."""
    where = zone(time_zone)
    at = time.fromisoformat(order.at)
    day = now.astimezone(where).date()
    while True:
        if order.pace == "daily" or day.weekday() == order.weekday:
            due = _instant(datetime.combine(day, at), where)
            if due > now:
                return due
        day += DAY


def _instant(local: datetime, where: ZoneInfo) -> datetime:
    """The instant of a local time: of one that comes twice the first, of one that is skipped the hour after."""
    return local.replace(tzinfo=where).astimezone(UTC)
