"""`/readyz` of a running bot names the token that a platform no longer takes, and never shows it."""

from __future__ import annotations

import asyncio
import re
import signal
import sys
from contextlib import asynccontextmanager

import aiohttp

from bot.platforms.discord.rights import MANAGE_CHANNELS
from tests.e2e.conftest import environment
from tests.fakes.discord import FakeDiscord
from tests.fakes.discord.world import TOKEN, at_path
from tests.fakes.slack import Channel, FakeSlack, User
from tests.platforms.slack.office import command

FOLLOW = {"preset": "headlines"}


@asynccontextmanager
async def running(folder, **settings):
    """A bot with an empty roster of sources, and the address of its pages."""
    (folder / "config" / "sources").mkdir(parents=True)
    bot = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "run", "--config", str(folder / "config"),
        env=environment(folder, CHIPWATCH_WEB__PORT="0", **settings), stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        assert bot.stderr is not None
        while line := (await asyncio.wait_for(bot.stderr.readline(), 60)).decode():
            if found := re.search(r"health at (http://\S+)/healthz", line):
                break
        assert found, line
        yield found[1]
        bot.send_signal(signal.SIGTERM)
        await asyncio.wait_for(bot.communicate(), 60)
    finally:
        if bot.returncode is None:
            bot.kill()


async def ready(address):
    async with aiohttp.ClientSession() as browser, browser.get(f"{address}/readyz") as answer:
        return answer.status, await answer.text()


async def until_named(address, words):
    """What /readyz says once it names something; the bound is against hanging only."""
    async with asyncio.timeout(60):
        while words not in (found := await ready(address))[1]:
            await asyncio.sleep(0.05)
    return found


async def test_a_token_that_discord_no_longer_takes_is_named(tmp_path):
    fake = FakeDiscord()
    await fake.start()
    fake.world.guild("100")
    fake.world.channel("200")
    names = {"TOKEN": TOKEN, "API_URL": fake.api_url, "GATEWAY_URL": fake.gateway_url}
    try:
        async with running(tmp_path, **{f"CHIPWATCH_DISCORD__{name}": value for name, value in names.items()}) as url:
            await asyncio.wait_for(fake.gateway.ready.wait(), 60)
            assert (await ready(url))[0] == 200
            body = {"message": "401: Unauthorized", "code": 0}
            fake.fault(at_path("POST", "/channels/200/messages"), times=9, status=401, body=body)
            await fake.command("chipwatch", "follow", FOLLOW, permissions=MANAGE_CHANNELS, wait=30)
            status, said = await until_named(url, "token")
            assert status == 503
            assert "Discord does not take the token" in said
            assert TOKEN not in said
    finally:
        await fake.stop()


async def test_a_token_that_slack_no_longer_takes_is_named(tmp_path):
    async with FakeSlack() as slack:
        slack.world.tokens["xapp-1"] = "T1"
        slack.world.add(Channel("C1"), User("UA", admin=True))
        names = {"BOT_TOKEN": "xoxb-1", "APP_TOKEN": "xapp-1", "API_URL": slack.api}
        async with running(tmp_path, **{f"CHIPWATCH_SLACK__{name}": value for name, value in names.items()}) as url:
            async with asyncio.timeout(60):
                while not slack.sockets:
                    await asyncio.sleep(0.05)
            assert (await ready(url))[0] == 200
            slack.world.plan("chat.postMessage", *["token_revoked"] * 9)
            payload, _ = command(slack, "follow preset:headlines", user_id="UA")
            await slack.envelope("slash_commands", payload)
            status, said = await until_named(url, "token")
            assert status == 503
            assert "Slack does not take the token" in said
            assert "xoxb-1" not in said
