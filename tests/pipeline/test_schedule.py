"""When a source is asked next, seen from the publisher's side."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pytest

from bot.pipeline.schedule import LONGEST_BACK_OFF, LONGEST_WAIT, Pace, next_poll, next_try
from bot.sources.base import Reading, Source

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
PACE = Pace(timedelta(minutes=30), 0.1)


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
    assert waits == [timedelta(minutes=10), timedelta(minutes=20), timedelta(minutes=40), LONGEST_BACK_OFF]


def test_retry_after_is_never_undercut():
    asked = NOW + timedelta(hours=1)
    assert next_try(source(interval=60), NOW, 1, asked, PACE, chance()) == asked
