"""Channels that a command names are the server's own, and are shown by their names."""

import pytest

from bot.locale.rich import Span
from bot.platforms.discord.markup import markdown
from bot.platforms.discord.rights import MANAGE_CHANNELS, SEND_MESSAGES
from bot.store import workspaces
from tests.platforms.discord.house import answered, words


async def asked(fake, command, **given):
    return words(await answered(fake, await fake.command("chipwatch", command, given, permissions=MANAGE_CHANNELS)))


async def test_notices_go_to_a_channel_of_the_server_where_the_bot_may_post(opened, fake, store):
    assert "#channel-201" in await asked(fake, "settings", notices="201")
    space = await store.read(lambda conn: workspaces.one(conn, "discord", "100"))
    assert space.notices_channel == "201"
    deny = {"id": "100", "type": 0, "deny": str(SEND_MESSAGES), "allow": "0"}
    fake.world.channels["201"]["permission_overwrites"] = [deny]
    assert "✗ Problems cannot be reported in" in await asked(fake, "doctor")


@pytest.mark.parametrize(("command", "option"), [("settings", "notices"), ("doctor", "channel")])
async def test_a_channel_of_another_server_is_refused(opened, fake, store, command, option):
    fake.world.guild("900")
    fake.world.channel("901", "900")
    assert "not known as one of this server" in await asked(fake, command, **{option: "901"})
    assert "not known as one of this server" in await asked(fake, command, **{option: "999"})


async def test_a_list_shows_channels_as_discord_shows_them(opened, fake):
    await asked(fake, "follow", preset="headlines", channel="201")
    assert "<#201>" in await asked(fake, "list")
    assert markdown((Span("#x", channel="1> @everyone"),), 80) == "\\#x"
