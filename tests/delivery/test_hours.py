"""Quiet hours and digests at their edges, in any zone."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.delivery.hours import next_digest, quiet_until
from bot.delivery.order import Order, Quiet

NOON = datetime(2026, 6, 10, 12, tzinfo=UTC)  # a Wednesday


def at(hour: int, minute: int = 0, day: int = 10) -> datetime:
    return NOON.replace(day=day, hour=hour, minute=minute)


@pytest.mark.parametrize(
    ("quiet", "now", "until"),
    [
        (None, at(23), None),
        (Quiet("12:00", "12:00"), NOON, None),  # no hours at all, and not all of them
        (Quiet("11:00", "13:00"), NOON, at(13)),
        (Quiet("12:00", "13:00"), NOON, at(13)),
        (Quiet("11:00", "12:00"), NOON, None),
        (Quiet("13:00", "11:00"), NOON, None),
        (Quiet("13:00", "12:30"), NOON, at(12, 30)),
        (Quiet("22:00", "07:00"), at(22), at(7, day=11)),
    ],
)
def test_quiet_hours_begin_with_their_first_minute_and_are_over_with_their_last(quiet, now, until):
    assert quiet_until(quiet, "UTC", now) == until


def test_a_zone_that_is_unknown_here_is_utc():
    for name in ("Mars/Olympus", "", "../etc/passwd"):
        assert quiet_until(Quiet("11:00", "13:00"), name, NOON) == at(13)


@pytest.mark.parametrize(
    ("order", "now", "due"),
    [
        ({"pace": "daily", "at": "12:01"}, NOON, at(12, 1)),
        ({"pace": "daily", "at": "12:00"}, NOON, at(12, day=11)),
        ({"pace": "weekly", "at": "13:00", "weekday": 2}, NOON, at(13)),
        ({"pace": "weekly", "at": "12:00", "weekday": 2}, NOON, at(12, day=17)),
        ({"pace": "weekly", "at": "09:00", "weekday": 0}, NOON, at(9, day=15)),
    ],
)
def test_a_digest_is_due_at_the_next_of_its_hours_never_now(order, now, due):
    assert next_digest(Order.of(order), "UTC", now) == due


def test_the_day_of_a_digest_is_the_channel_s_own():
    sunday = Order.of({"pace": "weekly", "at": "23:00", "weekday": 6})
    assert next_digest(sunday, "America/New_York", at(2, day=15)) == at(3, day=15)  # Monday here, Sunday there
    monday = Order.of({"pace": "weekly", "at": "07:00", "weekday": 0})
    assert next_digest(monday, "Asia/Shanghai", at(22, day=14)) == at(23, day=14)  # Sunday evening here, Monday there


BERLIN = "Europe/Berlin"


@pytest.mark.parametrize(
    ("now", "until"),
    [
        ("2026-03-28T23:30", "2026-03-29T05:00"),  # the night that lacks an hour: 07:00 is 05:00 UTC already
        ("2026-03-29T04:59", "2026-03-29T05:00"),
        ("2026-03-29T05:00", None),
        ("2026-10-24T20:00", "2026-10-25T06:00"),  # the night that has one more
        ("2026-10-25T05:59", "2026-10-25T06:00"),
        ("2026-10-25T06:00", None),
        ("2026-06-10T12:00", None),
    ],
)
def test_quiet_hours_are_right_over_both_changes_of_the_clocks(now, until):
    found = quiet_until(Quiet(), BERLIN, datetime.fromisoformat(now).replace(tzinfo=UTC))
    assert found == (datetime.fromisoformat(until).replace(tzinfo=UTC) if until else None)


def test_a_digest_comes_once_a_day_even_when_its_hour_comes_twice_or_never():
    order = Order.of({"pace": "daily", "at": "02:30"})
    now, due = datetime(2026, 3, 27, tzinfo=UTC), []
    while now < datetime(2026, 3, 31, tzinfo=UTC):
        now = next_digest(order, BERLIN, now)
        due.append(now)
    assert [moment.isoformat()[5:16] for moment in due] == [
        "03-27T01:30",
        "03-28T01:30",
        "03-29T01:30",
        "03-30T00:30",
        "03-31T00:30",
    ]
    now, due = datetime(2026, 10, 24, 2, tzinfo=UTC), []
    for _ in range(2):
        now = next_digest(order, BERLIN, now)
        due.append(now)
    assert [moment.isoformat()[5:16] for moment in due] == ["10-25T00:30", "10-26T01:30"]
