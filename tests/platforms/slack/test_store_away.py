"""While the store is away everything is answered all the same: once, and saying so."""

import asyncio

import pytest

from bot.cards.card import Field, Form
from bot.errors import StoreError
from bot.locale.catalogue import catalogue
from bot.platforms.slack.call import Call, packed
from bot.platforms.slack.modal import view
from bot.platforms.slack.visit import Visit
from tests.platforms.slack.office import command, event, press, until, words
from tests.platforms.slack.test_listeners import sent_off

SAID = catalogue("en").text("errors.store")


@pytest.fixture
async def away(bot, monkeypatch):
    async def broken(*_):
        raise StoreError("unreachable", "the database is away")

    monkeypatch.setattr(type(bot.store), "write", broken)
    monkeypatch.setattr(type(bot.store), "read", broken)
    return bot


async def test_a_command_is_answered_once_however_often_it_comes(away):
    for text in ("H200 Malaysia", "follow headlines", "list", "triage on", "follow"):
        payload, answer = command(away.slack, text)
        for retry in (0, 1):
            name = await away.slack.envelope("slash_commands", payload, retry=retry)
            await until(lambda name=name: name in away.slack.acks)
        (said,) = await away.answered(answer)
        assert (SAID in words(said), said["response_type"]) == (True, "ephemeral"), text
        await away.answered(await away.command("H200 China"))
        assert len(away.slack.responses[answer]) == 1, text


async def test_so_is_a_press(away):
    value = packed(Call("status", (("chip", "H20"), ("destination", "CN"))))
    payload, answer = press(away.slack, {"type": "button", "action_id": "press.0", "value": value})
    await away.slack.envelope("interactive", payload)
    (said,) = await away.answered(answer)
    assert SAID in words(said)


async def test_so_is_a_press_of_triage(away):
    action = {"type": "button", "action_id": "triage.reviewed", "block_id": "triage.actions.S-1", "value": "reviewed"}
    payload, answer = press(away.slack, action)
    await away.slack.envelope("interactive", payload)
    (said,) = await away.answered(answer)
    assert SAID in words(said)


async def test_so_is_a_window(away):
    form = Form("Status", "chip.status", (Field("chip", "Chip"), Field("destination", "Where")))
    state = {"values": {name: {"value": {"type": "plain_text_input", "value": value}}
                        for name, value in (("chip", "H20"), ("destination", "China"))}}  # fmt: skip
    await away.slack.envelope("interactive", sent_off(view(form, Visit("T1", "U1", "C1").origin("en")), state))
    await until(lambda: away.slack.world.asked("views.update"))
    assert SAID in words(away.slack.world.asked("views.update")[0].args)


async def test_so_is_a_mention_in_its_thread(away):
    await away.slack.envelope("events_api", event("app_mention", channel="C1", user="U1", text="<@UB> H20", ts="9.9"))
    await until(lambda: away.slack.world.texts("C1"))
    await asyncio.sleep(0)
    assert away.slack.world.texts("C1") == [SAID]


async def test_a_shortcut_still_opens_its_window(away):
    payload, _ = press(away.slack, {}, type="shortcut", callback_id="chip_status", actions=[])
    await away.slack.envelope("interactive", payload)
    await until(lambda: away.slack.world.views)
