"""Processes that share a PostgreSQL and write the same at once: each is answered, and what they made stands once."""

import asyncio
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from bot.delivery import orders
from bot.store import presence, seen, subscriptions, workspaces
from bot.store.engine import Store
from bot.store.schema import audit

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
ROUNDS = 12


@pytest.fixture
async def pair(postgres):
    url = postgres.fresh()
    made = [await Store.open(url) for _ in range(2)]
    yield made
    for store in made:
        await store.close()


async def at_once(pair, work):
    """The same work in both stores at the same moment, again and again; what each gave back."""
    return [
        await asyncio.gather(
            *(store.write(lambda conn, n=n, who=who: work(conn, str(n), who)) for who, store in enumerate(pair))
        )
        for n in range(ROUNDS)
    ]


async def test_what_comes_in_is_new_to_one_of_them(pair):
    told = await at_once(pair, lambda conn, n, who: seen.first_time(conn, "discord", n, NOW))
    assert [sorted(both) for both in told] == [[False, True]] * ROUNDS


async def test_a_workspace_is_joined_left_and_set_up_by_both(pair):
    await at_once(pair, lambda conn, n, who: presence.join(conn, "discord", f"j{n}", "Server", "", [], NOW))
    await at_once(pair, lambda conn, n, who: presence.leave(conn, "discord", f"l{n}", NOW))
    await at_once(pair, lambda conn, n, who: workspaces.change(conn, "discord", f"s{n}", NOW, {f"by{who}": "x"}))
    kept = await pair[0].read(lambda conn: [workspaces.settings(conn, "discord", f"s{n}") for n in range(ROUNDS)])
    assert kept == [{"by0": "x", "by1": "x"}] * ROUNDS


async def test_an_order_that_both_make_is_one_that_one_makes_and_the_other_changes(pair):
    def make(conn, n, who):
        orders.keep(conn, "discord", "1", n, {"severity": "high"}, "en", "UTC", NOW, f"person{who}")

    await at_once(pair, make)
    assert await pair[0].read(subscriptions.count) == ROUNDS
    query = sa.select(audit.c.subject, audit.c.action).order_by(audit.c.id)
    rows = await pair[0].read(lambda conn: conn.execute(query).all())
    for n in range(ROUNDS):
        assert [action for subject, action in rows if subject == f"discord:{n}"] == ["order.add", "order.change"]


async def test_an_order_is_lost_and_regained_by_one_of_them(pair):
    for n in range(ROUNDS):
        await pair[0].write(lambda conn, n=n: subscriptions.add(conn, "discord", str(n), {}, NOW, "test"))
    for act in (lose, presence.regain):
        told = await at_once(pair, lambda conn, n, who, act=act: len(act(conn, "discord", "channel", n)))
        assert [sorted(both) for both in told] == [[0, 1]] * ROUNDS


def lose(conn, platform, reach, id_):
    return presence.lose(conn, platform, reach, id_, "403 50013", NOW)
