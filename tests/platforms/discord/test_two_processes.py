"""Two processes with one token: Discord tells both everything, and each press and command is done by one of them."""

import asyncio

import pytest

from bot.commands.custom_id import pack
from bot.errors import StoreError
from bot.platforms.discord.rights import MANAGE_CHANNELS
from bot.store import audit
from tests.fakes.discord.world import at_path
from tests.platforms.discord.house import house, words


@pytest.fixture
async def pair(fake, store, knowledge):
    made = [house(fake, store, knowledge) for _ in range(2)]
    for each in made:
        await each.door.open()
    yield made
    for each in made:
        await each.door.close()
    assert [what for each in made for _, what in each.reports if "no answer" in what] == []


def ran(pair, monkeypatch):
    """How often the desks were asked."""
    asked = []
    for each in pair:

        async def answer(ask, path, arguments=None, real=each.desk.answer):
            asked.append(path)
            return await real(ask, path, arguments)

        monkeypatch.setattr(each.desk, "answer", answer)
    return asked


async def settled(pair):
    while any(each.door._answering for each in pair):  # what is answered has no other sign of its end
        await asyncio.sleep(0.01)


async def test_a_press_and_a_command_are_done_once(pair, fake, store, monkeypatch):
    asked = ran(pair, monkeypatch)
    await fake.press(pack("status", (("chip", "H20"), ("destination", "CN"))))
    await fake.command("chipwatch", "settings", {"language": "de"}, permissions=MANAGE_CHANNELS)
    await settled(pair)
    assert asked == ["status", "chipwatch.settings"]
    assert len(fake.world.shown) == 2
    lines = await store.read(lambda conn: audit.of_place(conn, "discord", "100", "200", 10))
    assert len(lines) == 1


@pytest.mark.parametrize("held", ["both", "the other"])
async def test_whoever_promises_the_one_that_began_answers(pair, fake, monkeypatch, held):
    asked = ran(pair, monkeypatch)
    gate = asyncio.Event()
    real = pair[1].door._claimed  # one process is slow to learn that the other has begun

    async def late(interaction, work):
        await gate.wait()
        return await real(interaction, work)

    monkeypatch.setattr(pair[1].door, "_claimed", late)
    pair[0].desk.seconds = 1.1 if held == "both" else 0.0
    said = await fake.press(pack("status", (("chip", "H20"), ("destination", "CN"))))
    ((_, body),) = await fake.until(lambda: fake.world.shown)
    gate.set()
    await settled(pair)
    assert said.json["type"] == (5 if held == "both" else 4)
    assert asked == ["status"]
    assert "H20" in words(body)
    assert len(fake.world.shown) == 1


async def test_an_answer_that_was_promised_by_the_other_takes_the_promises_place(pair, fake):
    await pair[1].door.close()
    fake.fault(at_path("POST", "/callback"), status=400, body={"code": 40060, "message": "Already acknowledged"})
    await fake.press(pack("status", (("chip", "H20"), ("destination", "CN"))))
    ((_, body),) = await fake.until(lambda: fake.world.shown)
    assert "H20" in words(body)
    assert fake.world.posts("PATCH", "/messages/@original")


async def test_without_a_store_what_needs_none_is_answered(pair, fake, monkeypatch):
    async def away(*_):
        raise StoreError("unreachable", "away")

    first, second = pair
    await second.door.close()
    monkeypatch.setattr(first.services.store, "write", away)
    said = await fake.command("chip", "status", {"chip": "H20", "destination": "China"})
    assert "H20" in words(said.json)
