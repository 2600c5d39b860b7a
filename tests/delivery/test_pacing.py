"""How fast a platform is written to: its own limits, and what its complaints teach."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from bot.delivery import pacing
from bot.delivery.pacing import LONGEST_STOP, SHORTEST_STOP, Permits
from bot.delivery.platform import Limits
from bot.errors import Reach
from bot.store import schema, subscriptions
from bot.store.engine import Connection, Store
from tests.delivery.chat import Chat

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
TEN = Limits(per_second=10.0, burst=5)


class Bucket:
    """One platform's pace in a store."""

    def __init__(self, store: Store, limits: Limits = TEN) -> None:
        self.store, self.limits = store, limits

    async def permits(self, now: datetime, wanted: int = 100) -> Permits:
        return await self.store.write(lambda conn: pacing.permits(conn, "chat", self.limits, wanted, now))

    async def take(self, count: int, now: datetime) -> None:
        await self.store.write(lambda conn: pacing.take(conn, "chat", self.limits, count, now))

    async def slow(self, until: datetime, now: datetime, reach: Reach = "platform", id_: str = "") -> None:
        await self.store.write(lambda conn: pacing.slow(conn, "chat", self.limits, reach, id_, until, now))

    async def rate(self, now: datetime) -> float:
        """Messages a second, seen by how long the next one waits when the bucket has just been emptied."""
        await self.take((await self.permits(now)).count, now)
        emptied = await self.permits(now)
        assert emptied.count == 0
        assert emptied.next_at is not None
        return round(SECOND / (emptied.next_at - now), 3)


@pytest.fixture
async def bucket(store_url: str) -> AsyncIterator[Bucket]:
    store = await Store.open(store_url, scratch=True)
    yield Bucket(store)
    await store.close()


async def test_a_full_bucket_gives_its_burst_and_refills_at_the_rate(bucket: Bucket) -> None:
    assert await bucket.permits(NOW) == Permits(5)
    assert await bucket.permits(NOW, wanted=2) == Permits(2)
    await bucket.take(3, NOW)
    assert (await bucket.permits(NOW)).count == 2
    await bucket.take(2, NOW)
    assert await bucket.permits(NOW) == Permits(0, NOW + SECOND / 10)
    assert (await bucket.permits(NOW + SECOND / 10)).count == 1
    assert (await bucket.permits(NOW + SECOND / 2)).count == 5
    assert (await bucket.permits(NOW + timedelta(hours=1))).count == 5, "it never holds more than its burst"


async def test_taking_nothing_takes_nothing(bucket: Bucket) -> None:
    await bucket.take(0, NOW)
    assert (await bucket.permits(NOW)).count == 5


async def test_without_a_limit_everything_may_go_at_once(bucket: Bucket) -> None:
    free = Bucket(bucket.store, Limits())
    await free.take(1000, NOW)
    assert await free.permits(NOW, wanted=1000) == Permits(1000)


def test_a_platform_that_declares_nothing_has_no_limits() -> None:
    class Plain:
        limits = "many"

    assert pacing.limits_of(Plain()) == Limits()  # type: ignore[arg-type]
    assert pacing.limits_of(object()) == Limits()  # type: ignore[arg-type]
    assert pacing.limits_of(Chat(limits=TEN)) is TEN


async def test_a_complaint_stops_the_platform_and_slows_it_by_a_fifth(bucket: Bucket) -> None:
    await bucket.slow(NOW + 30 * SECOND, NOW)
    assert await bucket.permits(NOW + 29 * SECOND) == Permits(0, NOW + 30 * SECOND)
    assert await bucket.rate(NOW + 30 * SECOND) == 8
    for n in range(40):
        await bucket.slow(NOW + SECOND, NOW + n * SECOND)
    assert await bucket.rate(NOW + 50 * SECOND) == 0.5, "a twentieth is the least"


async def test_a_minute_without_complaint_gives_a_tenth_back_until_all_is_back(bucket: Bucket) -> None:
    await bucket.slow(NOW + SECOND, NOW)
    assert await bucket.rate(NOW + 59 * SECOND) == 8
    assert await bucket.rate(NOW + 90 * SECOND) == 9
    assert await bucket.rate(NOW + 120 * SECOND) == 9, "the next minute counts from the last step"
    assert await bucket.rate(NOW + 160 * SECOND) == 10
    assert await bucket.rate(NOW + 600 * SECOND) == 10


@pytest.mark.parametrize(
    ("asked", "stopped"),
    [(timedelta(days=30), LONGEST_STOP), (timedelta(0), SHORTEST_STOP), (timedelta(minutes=-5), SHORTEST_STOP)],
)
async def test_no_clock_stops_a_platform_for_longer_than_hours(
    bucket: Bucket, asked: timedelta, stopped: timedelta
) -> None:
    await bucket.slow(NOW + asked, NOW)
    assert await bucket.permits(NOW) == Permits(0, NOW + stopped)


async def test_the_longer_of_two_stops_holds(bucket: Bucket) -> None:
    await bucket.slow(NOW + 30 * SECOND, NOW)
    await bucket.slow(NOW + 10 * SECOND, NOW)
    assert (await bucket.permits(NOW)).next_at == NOW + 30 * SECOND


async def test_a_workspace_that_complains_stops_nobody_else_and_slows_nobody(bucket: Bucket) -> None:
    await bucket.slow(NOW + 30 * SECOND, NOW, "workspace", "T1")
    found = await bucket.permits(NOW)
    assert (found.count, found.stopped) == (5, frozenset({"T1"}))
    assert (await bucket.permits(NOW + 30 * SECOND)).stopped == frozenset()
    assert await bucket.rate(NOW + 30 * SECOND) == 10


async def test_a_channel_that_complains_rests_alone(bucket: Bucket) -> None:
    def orders(conn: Connection) -> list[int]:
        return [subscriptions.add(conn, "chat", channel, {}, NOW, "test") for channel in ("one", "two")]

    one, two = await bucket.store.write(orders)
    await bucket.slow(NOW + 30 * SECOND, NOW, "channel", str(one))
    columns = schema.subscriptions.c
    query = sa.select(columns.id, columns.not_before)
    rests = await bucket.store.read(lambda conn: dict(map(tuple, conn.execute(query))))
    assert rests == {one: NOW + 30 * SECOND, two: None}
    assert await bucket.permits(NOW) == Permits(5)


async def test_a_stamp_from_a_clock_that_ran_ahead_counts_for_a_minute(bucket: Bucket) -> None:
    await bucket.take(5, NOW + timedelta(hours=5))
    assert (await bucket.permits(NOW)).next_at == NOW + timedelta(minutes=1) - SECOND * 4 / 10
