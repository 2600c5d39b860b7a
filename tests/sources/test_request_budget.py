"""How often each service is asked on its busiest day, computed from the curated tables, beside what it allows."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pytest
from cronsim import CronSim
from pydantic import SecretStr

from bot.sources.base import Source
from bot.sources.curated import load_sources
from tests.conftest import ROOT

HOUR, DAY = 3600, 86400
STATED = {
    # What the services say themselves, as (requests, seconds). Where several keys or hosts share a limit it is divided.
    "data.sec.gov": (10, 1),  # www.sec.gov/os/accessing-edgar-data
    "www.sec.gov": (10, 1),
    "api.congress.gov": (5000, HOUR),  # github.com/LibraryOfCongress/api.congress.gov
    "api.regulations.gov": (1000, HOUR),  # api.data.gov/docs/rate-limits
    "api.gdeltproject.org": (1, 5),  # blog.gdeltproject.org
}
OUR_OWN = (600, DAY)
"""What a service is asked at most that states no limit: once in two and a half minutes."""
WEEKS = (datetime(2026, 3, 6, tzinfo=UTC), datetime(2026, 6, 5, tzinfo=UTC), datetime(2026, 10, 30, tzinfo=UTC))
"""A week of summer, and those in which the clocks of the United States change."""


@pytest.fixture(scope="module")
def shipped() -> list[Source]:
    """All that ships, as if all were switched on and had its key."""
    keyed = [
        source.model_copy(update={"api_key": SecretStr("k")}) if "api_key" in type(source).model_fields else source
        for source in load_sources(ROOT / "config/sources")
    ]
    assert len(keyed) > 40
    return keyed


def polls_by_day(source: Source, start: datetime) -> Counter[str]:
    """Polls of a source in a week, by day of its own zone; an interval is counted at its shortest (less the jitter)."""
    if not source.crons:
        a_day = DAY / ((source.interval or 1800) * 0.9)
        return Counter({f"day {n}": round(a_day + 0.5) for n in range(7)})
    local, end = start.astimezone(ZoneInfo(source.timezone)), start + timedelta(days=8)
    moments = set()
    for line in source.crons:
        runs = CronSim(line, local)
        while (moment := next(runs)) < end:
            moments.add(moment)
    return Counter(moment.date().isoformat() for moment in moments)


def asked_a_day(sources: list[Source]) -> dict[str, int]:
    """Requests to each host on its busiest day, pages that a poll turns in quiet times not counted."""
    hosts: dict[str, Counter[str]] = defaultdict(Counter)
    for start in WEEKS:
        week: dict[str, Counter[str]] = defaultdict(Counter)
        for source in sources:
            busiest = max(polls_by_day(source, start).values())
            for request in source.requests():
                week[urlsplit(request.url).hostname or ""]["a day"] += busiest
        for host, counted in week.items():
            hosts[host] |= counted
    return {host: counted["a day"] for host, counted in hosts.items()}


def test_each_service_is_asked_less_than_it_allows(shipped):
    asked = asked_a_day(shipped)
    assert asked["data.sec.gov"] > 100  # the count counts
    for host, number in asked.items():
        allowed, seconds = STATED.get(host, OUR_OWN)
        assert number <= allowed * DAY / seconds / 2, f"{host}: {number} requests a day"  # half of it: others ask too


def test_no_hour_holds_more_than_a_service_allows(shipped):
    """All polls of a service may fall into one hour, with the second requests that they lead to."""
    for host, (allowed, seconds) in STATED.items():
        if seconds < HOUR:
            continue
        mine = [s for s in shipped if any(urlsplit(r.url).hostname == host for r in s.requests())]
        requests = sum(len(list(source.requests())) for source in mine)
        assert requests * 60 <= allowed, host  # were each of them polled every minute


def test_a_limit_in_seconds_is_kept_by_the_pace_of_the_requests(shipped):
    seen = set()
    for source in shipped:
        for request in source.requests():
            host = urlsplit(request.url).hostname or ""
            allowed, seconds = STATED.get(host, OUR_OWN)
            if seconds <= 60:
                sharing = 2 if host.endswith("sec.gov") else 1  # the limit is the user's, for both hosts together
                assert request.pace * allowed >= seconds * sharing, source.id
                seen.add(host)
    assert {"data.sec.gov", "api.gdeltproject.org"} <= seen


def test_what_has_slots_is_asked_more_often_in_them_and_slower_at_night(shipped):
    told = [source for source in shipped if source.crons]
    assert len(told) > 10
    for source in told:
        zone = ZoneInfo(source.timezone)
        moments = set()
        for line in source.crons:
            runs = CronSim(line, datetime(2026, 6, 1, tzinfo=zone))
            while (moment := next(runs)) < datetime(2026, 6, 6, tzinfo=zone):
                moments.add(moment)
        hours = Counter(moment.hour for moment in moments)
        night = max((hours[hour] for hour in (23, 0, 1, 2, 3, 4)), default=0)
        assert night <= max(hours[hour] for hour in range(7, 20)), source.id
    for id_ in ("sec-nvidia-8k", "sec-amd-8k", "sec-intel-8k"):
        source = next(source for source in told if source.id == id_)
        fast, slow = (
            sum(1 for line in source.crons for run in [CronSim(line, at)] if next(run) < at + timedelta(minutes=6))
            for at in (datetime(2026, 6, 1, hour, 28, tzinfo=ZoneInfo(source.timezone)) for hour in (16, 23))
        )
        assert (fast, slow) == (1, 0)
