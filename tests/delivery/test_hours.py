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
