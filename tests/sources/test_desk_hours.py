"""The Federal Register is asked when it publishes, and less than it would mind."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pytest
from cronsim import CronSim

from bot.sources.base import Source
from bot.sources.curated import load_sources

SHIPPED = Path(__file__).parents[2] / "config/sources"
HOST = "www.federalregister.gov"
MOST_A_DAY = 300
"""The service states no limit. Twice as much would be a request in two and a half minutes, day and night."""
EASTERN = ZoneInfo("America/New_York")
WEEKS = [
    datetime(2026, 3, 6, tzinfo=EASTERN),
    datetime(2026, 6, 1, tzinfo=EASTERN),
    datetime(2026, 10, 30, tzinfo=EASTERN),
]
"""The weeks in which the clocks change, and one of summer."""
SLOTS = ((8, 45), (11, 15), (14, 0), (16, 15), (18, 0))
"""When the desk puts out documents, Eastern time: regular filings at the first, special ones at all."""


@pytest.fixture(scope="module")
def register() -> list[Source]:
    return [s for s in load_sources(SHIPPED) if any(urlsplit(r.url).hostname == HOST for r in s.requests())]


def polls(source: Source, start: datetime, days: int = 7) -> list[datetime]:
    found = set()
    for line in source.crons:
        runs = CronSim(line, start - timedelta(seconds=1))
        while (moment := next(runs)) < start + timedelta(days=days):
            found.add(moment)
    return sorted(found)


def test_the_host_is_asked_less_than_it_would_mind_on_its_busiest_day(register):
    assert {"public-inspection", "federal-register-bis"} <= {source.id for source in register}
    for start in WEEKS:
        days: Counter[str] = Counter()
        for source in register:
            assert source.timezone == "America/New_York"
            for moment in polls(source, start):
                days[moment.date().isoformat()] += len(list(source.requests()))
        assert 50 < max(days.values()) <= MOST_A_DAY


@pytest.mark.parametrize("slot", SLOTS)
def test_each_slot_of_the_desk_is_asked_for_within_two_minutes(register, slot):
    desk = next(source for source in register if source.id == "public-inspection")
    for start in WEEKS:
        monday = start + timedelta(days=(7 - start.weekday()) % 7)
        at = monday.replace(hour=slot[0], minute=slot[1])
        after = [moment for moment in polls(desk, monday, 1) if moment >= at]
        assert after[0] - at <= timedelta(minutes=2)


def test_the_closed_desk_is_left_alone(register):
    desk = next(source for source in register if source.id == "public-inspection")
    assert not [moment for moment in polls(desk, WEEKS[1]) if (moment.hour, moment.minute) < (8, 45)]


def test_the_night_is_slower_than_the_day(register):
    for source in register:
        hours = Counter(moment.hour for moment in polls(source, WEEKS[1]))
        assert max(hours[hour] for hour in (22, 23, 0, 1, 2, 3, 4)) < max(hours[hour] for hour in range(6, 20)), (
            source.id
        )
