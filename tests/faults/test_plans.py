"""Fault plans: whatever fails for a while, every alert arrives exactly once in the end."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.clock import SetClock
from bot.delivery.outbox import Outbox, Patience
from bot.errors import DeliveryError, StoreError
from bot.store import backends, schema
from bot.store.engine import Store
from tests.delivery.chat import Chat, Post
from tests.faults.chat_server import FAULTS, ChatServer
from tests.faults.clocks import JumpingClock
from tests.faults.http_chat import HttpChat
from tests.pipeline.desk import Desk, later, news

TITLES = {
    "a": "US tightens licence rules for Nvidia H20 chip exports to China",
    "b": "China bars ByteDance from buying Nvidia RTX Pro 6000D chips",
    "c": "Malaysia requires a permit for exports of US AI chips",
}
STEP = timedelta(minutes=7)


@pytest.fixture
async def desk(store_url: str) -> AsyncIterator[Desk]:
    store = await Store.open(store_url, scratch=True)
    desk = await Desk(store).open()
    await desk.poll()
    yield desk
    await store.close()


@pytest.fixture(params=[True, False], ids=["tells", "cannot-tell"])
def server(request: pytest.FixtureRequest) -> Iterator[ChatServer]:
    server = ChatServer(nonces=request.param)
    yield server
    server.close()


async def states(desk: Desk) -> list[str]:
    query = sa.select(schema.deliveries.c.state).order_by(schema.deliveries.c.id)
    return await desk.store.read(lambda conn: list(conn.execute(query).scalars()))


async def everything(desk: Desk) -> None:
    await desk.poll(*(news(key, title) for key, title in TITLES.items()))


@pytest.mark.parametrize("fault", FAULTS)
async def test_over_the_wire_each_fault_costs_a_retry_and_no_message(desk, server, fault):
    move = schema.subscriptions.update().values(platform="chat")
    await desk.store.write(lambda conn: conn.execute(move))
    await everything(desk)
    clock = SetClock(desk.now)
    chat = HttpChat(server.url, clock)
    outbox = Outbox(desk.store, {"chat": chat}, clock, "here", Patience())
    server.plan = [fault] * 3
    for _ in range(8):
        await outbox.drain()
        clock.set(clock.now() + STEP)
    await chat.close()
    assert server.doubled() == 0
    found = await states(desk)
    if server.nonces or fault != "reset_after":
        cannot = not server.nonces and fault == "reset_before"
        assert found.count("unknown" if cannot else "sent") == 3
        assert len(server.messages) == (0 if cannot else 3)
    else:
        assert found == ["unknown"] * 3
        assert len(server.messages) == 3


async def test_a_day_without_a_network_loses_nothing(desk):
    chat = Chat()
    post = Post(desk, chat)
    chat.shut["console"] = DeliveryError("no route to host")
    await everything(desk)
    for _ in range(48):
        await post.drain(timedelta(minutes=30))
    assert chat.posted == []
    chat.shut.clear()
    await post.drain(timedelta(minutes=31))
    await post.drain(timedelta(minutes=31))
    assert chat.ops == ["post"] * 3
    assert set(await states(desk)) == {"sent"}


@pytest.mark.parametrize("hours", [1, -1])
async def test_a_clock_that_jumps_delays_and_doubles_nothing(desk, hours):
    chat = Chat(
        DeliveryError("503"), DeliveryError("429", retry_at=desk.now + timedelta(minutes=40), slowed="platform")
    )
    clock = JumpingClock(desk.now)
    outbox = Outbox(desk.store, {"console": chat}, clock, "here", Patience())
    await everything(desk)
    clock.set(desk.now)
    await outbox.drain()
    clock.jump(timedelta(hours=hours))
    await outbox.drain()
    for _ in range(10):
        clock.jump(timedelta(minutes=20))
        await outbox.drain()
    assert chat.ops == ["post"] * 3
    assert len({key for _, _, key in chat.posted}) == 3


async def test_a_lease_that_runs_out_in_a_jump_is_not_taken_from_oneself(desk):
    chat = Chat()
    clock = JumpingClock(desk.now)
    outbox = Outbox(desk.store, {"console": chat}, clock, "here", Patience())
    await everything(desk)
    clock.set(desk.now)
    turn = await desk.store.write(outbox._claim)
    clock.jump(timedelta(hours=1))
    in_work = [job.delivery for job in turn.jobs]
    again = await desk.store.write(lambda conn: outbox._claim(conn, in_work=in_work))
    assert {job.delivery.id for job in turn.jobs} & {job.delivery.id for job in again.jobs} == set()


@pytest.mark.parametrize("trouble", ["locked", "full"])
async def test_a_store_that_cannot_note_what_was_sent_finds_it_again(tmp_path: Path, monkeypatch, trouble):
    """The worst moment: the platform has the message, and the store takes nothing."""
    monkeypatch.setattr(backends, "BUSY_TIMEOUT_MS", 50)
    store = await Store.open(f"sqlite:///{tmp_path}/s.db")
    desk = await Desk(store).open()
    await desk.poll()
    await everything(desk)
    chat = Chat()
    post = Post(desk, chat)
    fails = 2

    def break_down(name: str) -> None:
        nonlocal fails
        if name == "sent" and fails:
            fails -= 1
            raise StoreError(trouble, "try later")

    post.outbox.step = break_down
    for _ in range(6):
        with contextlib.suppress(StoreError):
            await post.drain(timedelta(minutes=1))
    assert fails == 0
    assert sorted(key for _, _, key in chat.posted) == sorted({key for _, _, key in chat.posted})
    assert await states(desk) == ["sent"] * 3
    await store.close()


async def test_growth_during_an_outage_arrives_as_one_message(desk):
    chat = Chat(*[DeliveryError("500")] * 3)
    post = Post(desk, chat)
    grown = [news("a", TITLES["a"])]
    await desk.poll(*grown)
    for n in range(3):
        await post.drain(STEP)
        grown.append(later(news(f"g{n}", TITLES["a"]), n + 1))
        await desk.poll(*grown)
    await post.drain(timedelta(hours=2))
    assert chat.ops == ["post"]
    assert str(chat.messages[0][1].facts["documents"]).count("'url'") == 4
