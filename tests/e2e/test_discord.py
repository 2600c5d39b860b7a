"""`chipwatch run` with a token: it connects, answers, and stops when it is told to."""

import asyncio
import os
import signal
import sys

import pytest

from bot.platforms.discord import rights
from tests.fakes.discord import FakeDiscord
from tests.fakes.discord.world import OWN_ID, TOKEN


@pytest.fixture
async def fake():
    server = FakeDiscord()
    await server.start()
    server.world.guild("100")
    server.world.channel("200")
    yield server
    await server.stop()


def environment(fake, folder):
    return os.environ | {
        "CHIPWATCH_DISCORD__TOKEN": TOKEN,
        "CHIPWATCH_DISCORD__API_URL": fake.api_url,
        "CHIPWATCH_DISCORD__GATEWAY_URL": fake.gateway_url,
        "CHIPWATCH_STORE__URL": f"sqlite:///{folder}/run.db",
        "CHIPWATCH_WEB__PORT": "0",
    }


async def chipwatch(fake, tmp_path, *words):
    (tmp_path / "config" / "sources").mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "bot", *words, "--config", str(tmp_path / "config")]
    return await asyncio.create_subprocess_exec(
        *command, env=environment(fake, tmp_path), stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )


async def test_a_running_bot_answers_on_discord_and_stops_cleanly(fake, tmp_path):
    bot = await chipwatch(fake, tmp_path, "run")
    await asyncio.wait_for(fake.gateway.ready.wait(), 60)
    said = await fake.command("chip", "status", {"chip": "H20", "destination": "China"}, wait=30)
    assert said.json["type"] in (4, 5)
    bot.send_signal(signal.SIGTERM)
    _, errors = await asyncio.wait_for(bot.communicate(), 60)
    assert bot.returncode == 0, errors.decode()
    assert "Discord is left out" not in errors.decode()
    assert TOKEN not in errors.decode()


async def test_a_refused_token_ends_the_start_with_the_setting_to_mend(fake, tmp_path):
    fake.gateway.refuse_with = 4004
    bot = await chipwatch(fake, tmp_path, "run")
    _, errors = await asyncio.wait_for(bot.communicate(), 60)
    assert bot.returncode == 2
    assert "discord.token" in errors.decode()


async def test_the_invitation_is_printed_for_the_token(fake, tmp_path):
    out, _ = await (await chipwatch(fake, tmp_path, "invite")).communicate()
    assert out.decode().strip() == rights.invitation(OWN_ID)
