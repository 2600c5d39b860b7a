"""Good manners towards hosts: few at once, spread in time, and nobody waits for ever."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from itertools import pairwise

import pytest
from aiohttp import web

from bot.clock import SetClock
from bot.fetch.exchange import Request
from bot.fetch.network import Network
from bot.fetch.pacing import Pacer
from tests.fakes.publisher import RSS, Names


async def test_few_requests_at_once_go_to_one_host(publisher):
    network = Network(allow_private=("127.0.0.1",), resolver=Names(["127.0.0.1"]), per_host=2)
    busy, most = 0, 0

    async def answer(request):
        nonlocal busy, most
        busy += 1
        most = max(most, busy)
        await asyncio.sleep(0.02)
        busy -= 1
        return web.Response(text="x", headers=RSS)

    publisher.on("feed", answer)
    await asyncio.gather(*(network.get(Request(f"http://wire.example:{publisher.port}/feed")) for _ in range(12)))
    assert most == 2
    await asyncio.gather(*(network.get(Request(publisher.url("feed"))) for _ in range(12)))
    assert most == 12  # an own machine needs no sparing
    await network.close()


async def test_who_gives_up_waiting_leaves_the_place_to_others(publisher):
    network = Network(allow_private=("127.0.0.1",), resolver=Names(["127.0.0.1"]), per_host=1)
    url = publisher.streams("slow", b"x", 3, pause=0.1).replace("127.0.0.1", "wire.example")
    publisher.says("feed", "x")
    first = asyncio.create_task(network.get(Request(url)))
    second = asyncio.create_task(network.get(Request(url)))
    await asyncio.sleep(0.05)
    second.cancel()
    first.cancel()
    await asyncio.gather(first, second, return_exceptions=True)
    async with asyncio.timeout(20):
        await network.get(Request(url.replace("slow", "feed")))
    await network.close()


async def test_requests_to_one_host_are_spread_in_time(publisher):
    clock = SetClock(datetime(2026, 11, 24, 12, tzinfo=UTC))
    network = Network(allow_private=("127.0.0.1",), resolver=Names(["127.0.0.1"]), pace=60, clock=clock)
    publisher.says("feed", "x")
    url = f"http://wire.example:{publisher.port}/feed"
    await asyncio.gather(*(network.get(Request(url)) for _ in range(4)))
    assert clock.now() == datetime(2026, 11, 24, 12, 3, tzinfo=UTC)
    await network.get(Request(f"http://another.example:{publisher.port}/feed"))
    await network.get(Request(publisher.url("feed")))  # an own machine needs no sparing
    await network.get(Request(publisher.url("feed")))
    assert clock.now() == datetime(2026, 11, 24, 12, 3, tzinfo=UTC)
    await network.close()


async def test_waiting_for_a_turn_does_not_use_up_the_deadline(publisher):
    network = Network(allow_private=("127.0.0.1",), resolver=Names(["127.0.0.1"]), pace=0.4, deadline=0.3)
    publisher.says("feed", "x")
    url = f"http://wire.example:{publisher.port}/feed"
    answers = await asyncio.gather(*(network.get(Request(url)) for _ in range(3)))
    assert [answer.status for answer in answers] == [200, 200, 200]
    await network.close()


async def test_hosts_that_redirect_to_each_other_do_not_wait_for_each_other(publisher):
    network = Network(allow_private=("127.0.0.1",), resolver=Names(["127.0.0.1"]), per_host=1, deadline=3)
    publisher.redirects("there", f"http://b.example:{publisher.port}/feed")
    publisher.redirects("back", f"http://a.example:{publisher.port}/feed")
    publisher.says("feed", "x")
    both = [f"http://a.example:{publisher.port}/there", f"http://b.example:{publisher.port}/back"]
    async with asyncio.timeout(20):
        answers = await asyncio.gather(*(network.get(Request(url)) for url in both * 3))
    assert {answer.body for answer in answers} == {b"x"}
    await network.close()


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"Cache_Control": "public, max-age=600"}, 600),
        ({"Cache_Control": "max-age=600", "Age": "100"}, 500),
        ({"Cache_Control": "max-age=600", "Age": "7415"}, None),
        ({"Cache_Control": "no-cache, max-age=600"}, None),
        ({"Cache_Control": "no-store"}, None),
        ({"Cache_Control": "s-maxage=600"}, None),
        ({"Cache_Control": "s-maxage=9, max-age=600"}, 600),
        ({"Cache_Control": 'MAX-AGE="600", must-revalidate'}, 600),
        ({"Cache_Control": "max-age=soon"}, None),
        ({"Cache_Control": "max-age=" + "9" * 500}, 365 * 86400),
        ({"Expires": "Tue, 24 Nov 2026 12:10:00 GMT"}, 600),
        ({"Expires": "Tue, 24 Nov 2026 12:10:00 GMT", "Cache_Control": "max-age=60"}, 60),
        ({"Expires": "Tue, 24 Nov 2026 11:00:00 GMT"}, None),
        ({"Expires": "0"}, None),
        ({}, None),
    ],
)
async def test_how_long_an_answer_stays_fresh(publisher, network, headers, expected):
    url = publisher.says("feed", "x", **{"Date": "Tue, 24 Nov 2026 12:00:00 GMT"} | headers)
    assert (await network.get(Request(url))).fresh_for == expected


async def test_a_service_s_own_limit_spreads_what_is_asked_of_it_alone():
    clock = SetClock(datetime(2026, 6, 1, tzinfo=UTC))
    pacer = Pacer(clock, per_host=2, pace=1.0)
    starts: dict[str, list[float]] = {"slow": [], "other": []}
    for _ in range(3):
        for host, pace in (("slow", 5.0), ("other", 0.25)):
            gate = await pacer.enter(host, host, pace=pace)
            starts[host].append(clock.now().timestamp())
            pacer.leave(gate)
    assert [b - a for a, b in pairwise(starts["slow"])] == [5.0, 5.0]
    assert all(1.0 <= b - a <= 6.0 for a, b in pairwise(starts["other"]))


async def test_the_operator_s_pace_of_nothing_does_not_undo_a_service_s_limit():
    clock = SetClock(datetime(2026, 6, 1, tzinfo=UTC))
    pacer = Pacer(clock, pace=0.0)
    for _ in range(2):
        pacer.leave(await pacer.enter("slow", "slow", pace=5.0))
    assert clock.now() == datetime(2026, 6, 1, 0, 0, 5, tzinfo=UTC)
