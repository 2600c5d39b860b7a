"""The library as it is, in memory: commands as they are registered, presses on real messages, servers that come and go.

Pace, buckets and nonces are the wire's own tests; here members have roles and rights, and messages have buttons.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import discord as library
import simcord

from bot.cards.card import Button
from bot.clock import SystemClock
from bot.commands.ask import Services
from bot.commands.custom_id import pack
from bot.commands.desk import Desk
from bot.pipeline.ledger.librarian import Librarian
from bot.platforms.discord import tree
from bot.platforms.discord.client import Client
from bot.platforms.discord.door import DiscordDoor
from bot.platforms.discord.pace import Pace
from bot.platforms.discord.platform import Discord
from bot.platforms.discord.wire import Wire
from bot.settings import Settings
from bot.store.engine import Store
from tests.fakes.discord.presence import Reported
from tests.platforms.discord.test_platform import CARD, alert


class Stage:
    """A server with a channel, a member, and the bot in it."""

    def __init__(self, env, discord):
        self.env, self.discord = env, discord
        self.guild = env.create_guild()
        self.channel = self.guild.create_text_channel("chip-news")
        self.member = self.guild.add_member(env.create_user("reader"))


@asynccontextmanager
async def stage(folder, knowledge) -> AsyncIterator[Stage]:
    """A bot with its door in a simulated Discord; no fixture, since the simulated time belongs to one task."""
    store = await Store.open(f"sqlite:///{folder}/memory.db", scratch=True)
    clock = SystemClock()
    wire = Wire("token", clock, Pace(clock))
    client = Client(wire, "in memory", shard_count=1)
    services = Services(store, clock, Settings(), Librarian(shipped=knowledge))
    DiscordDoor(client, wire, Desk(), services, Reported(lambda where, what: None))
    async with simcord.run(client) as env:
        await tree.register(wire, tree.commands())
        yield Stage(env, Discord(wire, pack, clock=clock))
    await store.close()


async def test_a_command_is_answered_privately_and_its_buttons_work(tmp_path, knowledge):
    async with stage(tmp_path, knowledge) as on:
        result = await on.member.slash(on.channel, "chip status", chip="H20", destination="China")
        assert result.ephemeral
        assert "H20" in repr(result.response.components)
        pressed = await on.member.click(result.response, custom_id=first_button(result.response))
        assert pressed.acknowledged


async def test_a_button_of_an_alert_answers_whoever_presses(tmp_path, knowledge):
    press = Button("Status", "status", (("chip", "H20"), ("destination", "CN")))
    async with stage(tmp_path, knowledge) as on:
        await on.discord.send(alert(str(on.channel.id), card=replace(CARD, buttons=(press,))))
        result = await on.member.click(on.channel.last_message, label="Status")
        assert result.ephemeral
        assert "H20" in repr(result.response.components)


async def test_a_manager_is_known_by_his_right(tmp_path, knowledge):
    async with stage(tmp_path, knowledge) as on:
        managers = on.guild.create_role("Managers", permissions=library.Permissions(manage_channels=True))
        manager = on.guild.add_member(on.env.create_user("manager"), roles=[managers])
        result = await manager.slash(on.channel, "chipwatch list")
        assert "for those who manage" not in repr(result.response.components)


def first_button(message):
    """The id of the first button of a message."""
    pending = list(message.components)
    while pending:
        each = pending.pop(0)
        if each.get("custom_id"):
            return each["custom_id"]
        pending += each.get("components", [])
    raise AssertionError(f"no button in {message.components}")
