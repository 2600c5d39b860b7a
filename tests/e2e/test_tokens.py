"""`chipwatch doctor` asks the platforms whether the tokens are good, and names what to mend."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.platforms.slack.manifest import SCOPES
from bot.platforms.tokens import asked
from bot.settings import Settings
from bot.settings.tables import DiscordSettings, Secret, SlackSettings
from tests.fakes.discord import FakeDiscord
from tests.fakes.discord.world import TOKEN
from tests.fakes.slack import FakeSlack


@pytest.fixture
async def discord():
    server = FakeDiscord()
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
async def slack():
    async with FakeSlack() as server:
        server.world.tokens["xapp-1"] = "T1"
        yield server


def by_name(found):
    return {name: (well, detail, remedy) for name, well, detail, remedy in found}


def on_slack(slack, token="xoxb-1", app_token="xapp-1"):
    return Settings(slack=SlackSettings(bot_token=Secret(token), app_token=Secret(app_token), api_url=slack.api))


async def test_good_tokens_are_said_to_be_so(discord, slack):
    settings = replace(on_slack(slack), discord=DiscordSettings(Secret(TOKEN), discord.api_url, ""))
    found = by_name(await asked(settings))
    assert set(found) == {"discord", "discord gateway", "slack", "slack scopes", "slack socket"}
    assert [name for name, (well, _, _) in found.items() if not well] == []
    assert TOKEN not in str(found)


async def test_a_dead_token_names_what_to_set(discord, slack):
    dead = DiscordSettings(Secret("dead"), discord.api_url, "")
    settings = replace(on_slack(slack, "xoxb-9", "nonsense"), discord=dead)
    found = by_name(await asked(settings))
    assert found["discord"][0] is False
    assert "discord.token" in found["discord"][2]
    assert found["slack"] == (False, "Slack says invalid_auth", "install the app anew and set slack.bot_token")


async def test_a_scope_that_is_missing_is_named(slack):
    wanted = set(SCOPES)
    slack.world.scopes["xoxb-1"] = frozenset(wanted - {"chat:write"})
    well, detail, remedy = by_name(await asked(on_slack(slack)))["slack scopes"]
    assert (well, detail) == (False, "missing: chat:write")
    assert "manifest" in remedy


async def test_a_platform_that_cannot_be_reached_is_no_dead_token():
    settings = Settings(discord=DiscordSettings(Secret(TOKEN), "http://127.0.0.1:1/api/v10", ""))
    well, detail, _ = by_name(await asked(settings))["discord"]
    assert not well
    assert "cannot be reached" in detail
