"""What the outbox and the adapter hold together: killed after sending, gateway away, one channel broken."""

from datetime import timedelta

import pytest

from bot.clock import SetClock
from bot.delivery.outbox import Outbox
from bot.platforms.discord.platform import Discord
from bot.store import subscriptions
from bot.store.engine import Store
from tests.pipeline.desk import Desk, news
from tests.platforms.discord.conftest import pack


class KilledError(BaseException):
    """The process is gone."""


@pytest.fixture
async def desk(tmp_path):
    store = await Store.open(f"sqlite:///{tmp_path}/store.db", scratch=True)
    desk = await Desk(store).open()
    await desk.poll()
    yield desk
    await store.close()


async def follow(desk, *channels):
    def add(conn):
        for channel in channels:
            subscriptions.add(conn, "discord", channel, {}, desk.now, "test", workspace="100")

    await desk.store.write(add)


class Worker:
    """An outbox of one process; `dies_at` names the step at which it is killed."""

    def __init__(self, desk, wire, owner, dies_at=""):
        self.ends: list[tuple[str, str]] = []
        self.clock = SetClock(desk.now)
        self.dies_at = dies_at
        self.outbox = Outbox(
            desk.store,
            {"discord": Discord(wire, pack, clock=wire.clock)},
            self.clock,
            owner,
            report=lambda delivery, end, reason: self.ends.append((delivery.channel, end)),
            step=self.step,
        )

    def step(self, name):
        if name == self.dies_at:
            raise KilledError

    async def drain(self, after=timedelta(0)):
        self.clock.set(self.clock.now() + after)
        await self.outbox.drain()


@pytest.mark.parametrize("dies_at", ["claimed", "sent", "acknowledged"])
async def test_a_process_that_dies_leaves_one_message(desk, wire, fake, dies_at):
    await follow(desk, "200")
    await desk.poll(news("a"))
    with pytest.raises(KilledError):
        await Worker(desk, wire, "first", dies_at).drain()
    fake.world.nonces.clear()  # the platform has forgotten the nonce: only looking for the message helps
    await Worker(desk, wire, "second").drain(timedelta(minutes=10))
    assert len(fake.world.messages["200"]) == 1


async def test_a_broken_channel_is_not_tried_again_at_once_and_holds_up_no_other(desk, wire, fake):
    await follow(desk, "200", "201", "999")
    fake.world.denied["200"] = (403, 50013)
    await desk.poll(news("a"))
    worker = Worker(desk, wire, "one")
    await worker.drain()
    await worker.drain()
    assert len(fake.world.messages["201"]) == 1
    tries = [request.path for request in fake.world.posts()]
    assert tries.count("/channels/200/messages") == 1
    assert tries.count("/channels/999/messages") == 1


async def test_alerts_go_out_while_the_gateway_is_away(desk, wire, fake):
    await follow(desk, "200")
    await desk.poll(news("a"))
    assert fake.gateway.connections == []
    await Worker(desk, wire, "one").drain()
    assert len(fake.world.messages["200"]) == 1
