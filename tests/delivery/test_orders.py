"""Each act on a channel's order is done once, and stands in the audit log with what was and what is."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.delivery import orders
from bot.store import audit, presence, subscriptions
from bot.store.engine import Connection

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
FIRST: dict[str, Any] = {"severity": "high"}
SECOND: dict[str, Any] = {"pace": "daily"}
WAS = {"order": FIRST, "language": "de", "time_zone": "Europe/Berlin", "paused": False}
RESTS = {**WAS, "paused": True}


def kept(conn: Connection) -> int:
    orders.keep(conn, "console", "W", "news", FIRST, "de", "Europe/Berlin", NOW, "ada")
    found = subscriptions.of_channel(conn, "console", "news")
    assert found is not None
    return found.id


def lines(conn: Connection) -> list[tuple[Any, ...]]:
    """The audit log, oldest first, without its numbers."""
    return [
        (line["who"], line["at"], line["action"], line["subject"], line["before"], line["after"])
        for line in reversed(audit.lines(conn))
    ]


def line(act: str, before: Any, after: Any) -> tuple[Any, ...]:
    return ("ada", NOW, f"order.{act}", "console:news", before, after)


@pytest.fixture
async def inside(one_desk):
    """Runs a test's work in one transaction."""

    async def run(work):
        return await one_desk.store.write(work)

    return run


async def test_a_new_order_is_kept_as_it_was_made(inside):
    def work(conn: Connection) -> None:
        found = subscriptions.standing(conn, kept(conn))
        assert found is not None
        assert (found.platform, found.workspace, found.channel, found.created_by) == ("console", "W", "news", "ada")
        assert found.created_at == NOW
        assert orders.as_record(found) == WAS
        assert lines(conn) == [line("add", None, WAS)]

    await inside(work)


async def test_a_second_order_takes_the_place_of_the_first_and_ends_its_rest(inside):
    def work(conn: Connection) -> None:
        number = kept(conn)
        assert orders.pause(conn, number, "holidays", NOW, "ada") is not None
        orders.keep(conn, "console", "W", "news", SECOND, "zh", "Asia/Shanghai", NOW, "ada")
        found = subscriptions.standing(conn, number)
        assert found is not None
        now = {"order": SECOND, "language": "zh", "time_zone": "Asia/Shanghai", "paused": False}
        assert orders.as_record(found) == now
        assert lines(conn)[-1] == line("change", RESTS, now)

    await inside(work)


async def test_an_order_rests_once_and_goes_on_once(inside):
    def work(conn: Connection) -> None:
        number = kept(conn)
        assert orders.resume(conn, number, NOW, "ada") is None
        before = orders.pause(conn, number, "holidays", NOW, "ada")
        assert before is not None
        assert before.paused_at is None
        rests = subscriptions.standing(conn, number)
        assert rests is not None
        assert (rests.paused_at, rests.pause_reason) == (NOW, "holidays")
        assert orders.pause(conn, number, "again", NOW, "ada") is None
        assert orders.resume(conn, number, NOW, "ada") == rests
        after = subscriptions.standing(conn, number)
        assert after is not None
        assert after.paused_at is None
        assert lines(conn)[1:] == [line("pause", WAS, RESTS), line("resume", RESTS, WAS)]

    await inside(work)


async def test_an_order_whose_channel_is_lost_is_not_resumed_by_hand(inside):
    def work(conn: Connection) -> None:
        number = kept(conn)
        presence.lose(conn, "console", "channel", "news", "gone", NOW)
        assert orders.resume(conn, number, NOW, "ada") is None
        assert len(lines(conn)) == 1

    await inside(work)


async def test_an_order_is_stopped_once_and_the_log_keeps_it(inside):
    def work(conn: Connection) -> None:
        number = kept(conn)
        before = orders.stop(conn, number, NOW, "ada")
        assert before is not None
        assert dict(before.order) == FIRST
        assert subscriptions.standing(conn, number) is None
        assert lines(conn)[1:] == [line("stop", WAS, None)]
        for act in (orders.stop, orders.resume):
            assert act(conn, number, NOW, "ada") is None
        assert orders.pause(conn, number, "", NOW, "ada") is None
        assert len(lines(conn)) == 2

    await inside(work)
