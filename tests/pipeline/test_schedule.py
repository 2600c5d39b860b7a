"""When a source is asked next, seen from the publisher's side."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pytest

from bot.pipeline.schedule import LONGEST_BACK_OFF, LONGEST_WAIT, Pace, foreseen, next_poll, next_try
from bot.sources.base import Reading, Source

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
PACE = Pace(timedelta(minutes=30), 0.1)
TEN_MINUTES = timedelta(minutes=10)


class Anything(Source):
    def requests(self):
        return iter(())

    def read(self, answer):
        return Reading()


def source(**options):
    return Anything(id="s", **options)


def chance():
    return random.Random(7)


def test_the_interval_is_spread_by_a_tenth():
    waits = {next_poll(source(interval=600), NOW, None, PACE, random.Random(n)) - NOW for n in range(200)}
    assert min(waits) >= timedelta(seconds=540)
    assert max(waits) <= timedelta(seconds=660)
    assert len(waits) > 150


def test_what_the_publisher_asks_for_is_honoured_but_not_for_ever():
    calm = Pace(timedelta(minutes=30), 0)
    assert next_poll(source(interval=600), NOW, 3600, calm, chance()) == NOW + timedelta(hours=1)
    assert next_poll(source(interval=600), NOW, 60, calm, chance()) == NOW + timedelta(minutes=10)
    assert next_poll(source(interval=600), NOW, 10**9, calm, chance()) == NOW + LONGEST_WAIT
    assert (
        min(next_poll(source(interval=600), NOW, 600, PACE, random.Random(n)) for n in range(50)) == NOW + TEN_MINUTES
    )


def test_a_source_without_an_interval_has_that_of_the_settings():
    calm = Pace(timedelta(minutes=40), 0)
    assert next_poll(source(), NOW, None, calm, chance()) == NOW + timedelta(minutes=40)
    assert next_try(source(), NOW, 2, None, calm, chance()) == NOW + timedelta(minutes=80)


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (datetime(2026, 3, 6, 13, 40, tzinfo=UTC), datetime(2026, 3, 6, 13, 45, tzinfo=UTC)),  # winter: 08:45 is 13:45
        (datetime(2026, 3, 9, 12, 40, tzinfo=UTC), datetime(2026, 3, 9, 12, 45, tzinfo=UTC)),  # summer: 08:45 is 12:45
        (datetime(2026, 3, 6, 14, 0, tzinfo=UTC), datetime(2026, 3, 9, 12, 45, tzinfo=UTC)),  # Friday to Monday
    ],
)
def test_cron_lines_follow_the_publishers_clock_over_its_change(now, expected):
    desk = source(cron="45 8 * * mon-fri", timezone="America/New_York")
    assert next_poll(desk, now, None, PACE, chance()) == expected


def test_failures_double_the_wait_up_to_a_bound():
    calm = Pace(timedelta(minutes=30), 0)
    waits = [next_try(source(interval=600), NOW, n, None, calm, chance()) - NOW for n in (1, 2, 3, 20)]
    assert waits == [TEN_MINUTES, timedelta(minutes=20), timedelta(minutes=40), LONGEST_BACK_OFF]
    daily = source(interval=86_400)
    assert [next_try(daily, NOW, n, None, calm, chance()) - NOW for n in (1, 2)] == [LONGEST_BACK_OFF] * 2


def test_a_source_with_hours_of_its_own_is_tried_again_within_minutes():
    desk, calm = source(cron="45 8 * * mon-fri"), Pace(timedelta(minutes=30), 0)
    waits = [next_try(desk, NOW, n, None, calm, chance()) - NOW for n in (1, 2, 3)]
    assert waits == [timedelta(minutes=5), TEN_MINUTES, timedelta(minutes=20)]


def test_failed_tries_are_spread_and_only_to_later():
    waits = [next_try(source(interval=600), NOW, 1, None, PACE, random.Random(n)) - NOW for n in range(200)]
    assert TEN_MINUTES <= min(waits) < timedelta(minutes=10, seconds=6)
    assert timedelta(minutes=11, seconds=54) < max(waits) <= timedelta(minutes=12)


def test_of_several_hours_the_next_one_counts():
    desk = source(cron="45 8 * * *; 15 16 * * *", timezone="UTC")
    assert next_poll(desk, NOW, None, PACE, chance()) == NOW.replace(hour=16, minute=15)


def test_retry_after_is_never_undercut():
    asked = NOW + timedelta(hours=1)
    assert next_try(source(interval=60), NOW, 1, asked, PACE, chance()) == asked
    soon, calm = NOW + timedelta(minutes=1), Pace(timedelta(minutes=30), 0)
    assert next_try(source(interval=600), NOW, 1, soon, calm, chance()) == NOW + TEN_MINUTES


@pytest.mark.parametrize("wait", [None, 3600.0, 40_000.0, 1e9])
@pytest.mark.parametrize("interval", [600, None, 200_000])
def test_what_was_worked_out_was_foreseen(interval, wait):
    here = source(interval=interval)
    told = next_poll(here, NOW, wait, PACE, chance())
    assert foreseen(here, NOW, told, PACE) >= told
    assert foreseen(here, NOW, told, PACE) - told <= 0.2 * timedelta(seconds=interval or 1800)


def test_a_moment_that_was_set_since_is_not_what_was_foreseen():
    days_later = NOW + timedelta(days=9)
    assert foreseen(source(interval=600), NOW, days_later, PACE) <= NOW + 1.1 * LONGEST_WAIT
    assert foreseen(source(interval=600), NOW, None, PACE) == NOW + 1.1 * TEN_MINUTES
    on_fridays = source(cron="0 9 * * fri", timezone="UTC")
    assert foreseen(on_fridays, NOW, days_later, PACE) == datetime(2026, 3, 6, 9, tzinfo=UTC)
