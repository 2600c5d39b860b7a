"""Over Socket Mode: acknowledged at once, answered once, and nothing lost when the socket goes."""

import asyncio
from dataclasses import replace

import pytest

from bot.clock import SystemClock
from bot.errors import ConfigError
from bot.settings.tables import Secret
from tests.platforms.slack.office import SOCKET, command, event, office, until, words


async def test_a_command_is_acknowledged_at_once_and_answered_afterwards(bot, check):
    answer = await bot.command("H200 Malaysia", "/chip")
    (said,) = await bot.answered(answer)
    assert "H200" in words(said)
    assert said["response_type"] == "ephemeral"
    assert check({"text": said["text"], "blocks": said["blocks"]}) == []
    await until(lambda: bot.slack.acks)  # it went out first, by another way than the answer
    ((payload, took),) = bot.slack.acks.values()
    assert payload == {}
    assert took < 3, "Slack gives up after three seconds"


async def test_it_is_acknowledged_before_slack_itself_which_is_slow_has_said_anything(bot):
    bot.slack.latency = 2.5
    answer = await bot.command("H200 Malaysia")
    await until(lambda: bot.slack.acks)
    assert next(iter(bot.slack.acks.values()))[1] < 2.5
    bot.slack.latency = 0.0
    assert "H200" in words((await bot.answered(answer))[0])


async def test_an_envelope_that_comes_again_has_one_effect(bot):
    payload, answer = command(bot.slack, "H200 Malaysia")
    await bot.slack.envelope("slash_commands", payload, "e1")
    await bot.answered(answer)
    for retry in (1, 2):
        await bot.slack.envelope("slash_commands", payload, f"e1-{retry}", retry=retry)
    await until(lambda: len(bot.slack.acks) == 3)
    other = await bot.command("H20 China")
    await bot.answered(other)
    assert len(bot.slack.responses[answer]) == 1


async def test_after_a_restart_an_old_event_is_still_known(tmp_path, knowledge, fake):
    mention = event("app_mention", "EvSame", user="U1", text="<@UBOT> H200 Malaysia", channel="C1", ts="7.7")
    for _ in range(2):
        async with office(tmp_path, knowledge, world=fake) as bot:
            name = await fake.envelope("events_api", mention)
            await until(lambda: name in fake.acks)  # noqa: B023
            await bot.answered(await bot.command("H20 China"))
    assert len(fake.world.asked("chat.postMessage")) == 1


async def test_slack_asking_for_a_new_connection_in_mid_command_loses_nothing(bot):
    bot.slack.latency = 0.2
    answer = await bot.command("H200 Malaysia")
    await bot.slack.disconnect("refresh_requested")
    assert "H200" in words((await bot.answered(answer))[0])
    await until(lambda: bot.slack.opened >= 2)
    bot.slack.latency = 0
    await until(lambda: bot.slack.sockets)
    assert "H20" in words((await bot.answered(await bot.command("H20 China")))[0])


@pytest.mark.parametrize("reason", ["warning", "link_disabled", "too_many_websockets"])
async def test_every_kind_of_disconnect_brings_a_new_connection(bot, reason):
    await bot.slack.disconnect(reason)
    await until(lambda: bot.slack.opened >= 2 and bot.slack.sockets)
    assert await bot.answered(await bot.command("H20 China"))


async def test_a_deaf_socket_is_made_anew(tmp_path, knowledge, fake):
    settings = replace(SOCKET, silence=0.3)
    async with office(tmp_path, knowledge, settings, world=fake) as bot:
        opened = fake.opened
        await until(lambda: fake.opened > opened)
        assert any(request.token == "xapp-1" for request in fake.world.asked("auth.test"))
        await until(lambda: fake.sockets)
        assert await bot.answered(await bot.command("H20 China"))


async def test_connecting_waits_and_tries_again_when_slack_refuses(tmp_path, knowledge, fake):
    fake.world.plan("apps.connections.open", 503, 500)
    async with office(tmp_path, knowledge, world=fake) as bot:
        assert await bot.answered(await bot.command("H20 China"))
    asked = [request.at for request in fake.world.asked("apps.connections.open")]
    assert len(asked) >= 3


async def test_a_rate_limit_of_connecting_is_honoured(tmp_path, knowledge, fake):
    fake.world.plan("apps.connections.open", (429, 1), (429, 1))
    async with office(tmp_path, knowledge, world=fake) as bot:
        assert await bot.answered(await bot.command("H20 China"))
    first, second, *_ = [request.at for request in fake.world.asked("apps.connections.open")][1:]
    assert second - first >= 1


@pytest.mark.parametrize(
    ("bot_token", "app_token", "named"), [("bad", "xapp-1", "bot_token"), ("xoxb-1", "bad", "app_token")]
)
async def test_a_wrong_token_stops_the_start_with_its_name(tmp_path, knowledge, fake, bot_token, app_token, named):
    settings = replace(SOCKET, bot_token=Secret(bot_token), app_token=Secret(app_token))
    with pytest.raises(ConfigError) as caught:
        async with office(tmp_path, knowledge, settings, world=fake):
            pass
    assert f"slack.{named}" in str(caught.value)
    await asyncio.sleep(0)


async def test_closing_finishes_what_is_being_answered(tmp_path, knowledge, fake):
    async with office(tmp_path, knowledge, world=fake, clock=SystemClock()) as bot:
        fake.latency = 0.2
        answer = await bot.command("H200 Malaysia")
        await until(lambda: fake.acks)
    assert len(fake.responses[answer]) == 1
