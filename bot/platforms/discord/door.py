"""The door: people come in by commands, buttons, lists and forms; servers by adding the bot and taking it away."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Coroutine, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

import aiohttp
import discord

from bot.cards.problem import problem_card
from bot.commands import registry
from bot.commands.ask import Ask, Services
from bot.commands.custom_id import pack, unpack
from bot.commands.declaration import Command, Kind
from bot.commands.desk import Desk
from bot.commands.reply import Reply
from bot.commands.rights import demand
from bot.delivery.platform import PresenceKeeper
from bot.errors import ConfigError, DeliveryError, StoreError, UserError
from bot.platforms.discord import tree
from bot.platforms.discord.answering import AnsweredElsewhereError, answer, choices, notice, pass_over
from bot.platforms.discord.asking import Interaction, ask_of, message_text, typed_of
from bot.platforms.discord.client import Client
from bot.platforms.discord.files import with_files
from bot.platforms.discord.forms import filled_in
from bot.platforms.discord.render import OF
from bot.platforms.discord.servers import Servers
from bot.platforms.discord.wire import Wire
from bot.store import seen

READY_S = 30.0
"""Seconds that the start waits for the gateway; a slow one goes on in the background."""
CLOSE_S = 5.0
SAME_PRESS = timedelta(seconds=2)
"""A second press of the same button by the same person within this time is a double click."""
CLAIM_S = 2.0
"""Seconds that the store may take to say whether another process answers already."""
FIRST_PAUSE_S, LONGEST_PAUSE_S = 2.0, 300.0
_GAVE_UP = {
    4004: "Discord does not take the token (4004): set discord.token to the one that the developer portal shows",
    4010: "Discord says the shard is wrong (4010)",
    4011: "Discord wants more shards (4011): restart, they are counted at the start",
    4012: "Discord no longer speaks this version of its gateway (4012): update Chipwatch",
    4013: "Discord does not know the intents (4013)",
    4014: "Discord does not allow the intents (4014): in the developer portal, none of the privileged ones is needed",
}
"""Close codes after which connecting again is no use, and what to do."""


class DiscordDoor:
    """`report` hears of what operators should know: where, and what."""

    def __init__(
        self,
        client: Client,
        wire: Wire,
        desk: Desk,
        services: Services,
        presence: PresenceKeeper,
        *,
        report: Callable[[str, str], None] = lambda where, what: None,
    ) -> None:
        self.client = client
        self._wire = wire
        self._desk = desk
        self._services = services
        self._report = report
        self._operator_guild = services.settings.discord.operator_guild
        self._presence = presence
        self._answering: set[asyncio.Task[None]] = set()
        self._pressed: dict[tuple[str, str], tuple[tuple[str, ...], datetime]] = {}
        self._seen: dict[int, None] = {}
        self._running: asyncio.Task[None] | None = None
        self._servers = Servers(client, presence)
        client.add_dynamic_items(_pressed_item(self))
        client.on_interaction = self.on_interaction  # type: ignore[attr-defined]  # how the library finds a listener
        self._servers.listen()

    async def open(self) -> None:
        """Log in, register the commands, connect. Raises ConfigError for a token that is refused."""
        try:
            await self._wire.login()
            await self._presence.regained("discord", "platform", "")  # an earlier token may have died
            await self._register()
        except DeliveryError as error:
            if error.lost == "platform":
                raise ConfigError(f"{error.reason}; set discord.token (CHIPWATCH_DISCORD__TOKEN)") from error
            self._report("discord", f"not reachable yet: {error.reason}")
        self._running = asyncio.create_task(self._run(), name="discord-gateway")
        ready = asyncio.create_task(self.client.ready.wait())
        await asyncio.wait({ready, self._running}, timeout=READY_S, return_when=asyncio.FIRST_COMPLETED)
        ready.cancel()
        if self._running.done():
            self._running.result()

    async def close(self) -> None:
        """Finish what is being answered, then leave the gateway."""
        if self._answering:
            await asyncio.wait(set(self._answering), timeout=CLOSE_S)
        await self.client.close()
        if self._running is not None:
            self._running.cancel()
            with contextlib.suppress(asyncio.CancelledError, Exception):
                await self._running

    async def _register(self) -> None:
        """See to the commands; nothing is sent where nothing changed."""
        if await tree.register(self._wire, tree.commands()):
            self._report("discord", "commands registered")
        if self._operator_guild:
            await tree.register(self._wire, tree.operators_commands(), self._operator_guild)

    async def _run(self) -> None:
        """Stay connected. Raises ConfigError for what only an operator can mend."""
        pause = FIRST_PAUSE_S
        while not self.client.is_closed():
            try:
                await self._wire.login()
                await self.client.connect(reconnect=True)
                return
            except discord.PrivilegedIntentsRequired as error:
                raise await self._lost(4014) from error
            except discord.ConnectionClosed as error:
                if error.code in _GAVE_UP:
                    raise await self._lost(error.code) from error
            except Exception as error:  # whatever it is, a bot that stays away for good helps nobody
                if isinstance(error, DeliveryError) and error.lost == "platform":
                    raise await self._lost(4004) from error
                self._report("discord", f"gateway: {type(error).__name__} {error}"[:300])
            await self._services.clock.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE_S)

    async def _lost(self, code: int) -> ConfigError:
        reason = _GAVE_UP[code]
        self._report("discord", reason)
        if code == 4004:
            self._wire.end(reason)
        await self._presence.lost("discord", "platform", "", reason)
        return ConfigError(reason)

    async def on_interaction(self, interaction: Interaction) -> None:
        """Typed commands, menus, completion and forms; presses come by the dynamic item."""
        if interaction.id in self._seen:
            return
        self._seen[interaction.id] = None
        if len(self._seen) > 2000:
            del self._seen[next(iter(self._seen))]
        match interaction.type:
            case discord.InteractionType.application_command:
                self._start(self._command(interaction))
            case discord.InteractionType.autocomplete:
                self._start(self._complete(interaction))
            case discord.InteractionType.modal_submit:
                self._start(self._submitted(interaction))

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._answering.add(task)
        task.add_done_callback(self._answering.discard)

    async def _command(self, interaction: Interaction) -> None:
        data: Mapping[str, Any] = dict(interaction.data or {})
        if data.get("type", 1) != 1:
            ask = self._ask(interaction)
            await self._answer(interaction, self._desk.of_message(ask, message_text(data)))
            return
        typed = typed_of(data)
        await self._run_command(interaction, typed.path, typed.arguments, data)

    async def _submitted(self, interaction: Interaction) -> None:
        data: Mapping[str, Any] = dict(interaction.data or {})
        carried = unpack(str(data.get("custom_id", "")))
        if carried is None:
            await self._refuse(interaction)
            return
        path, values = carried
        await self._run_command(interaction, path, values | dict(filled_in(list(data.get("components") or ()))))

    async def pressed(self, interaction: Interaction) -> None:
        """A button or a list. Foreign and forged ones are refused; a double click changes nothing twice."""
        data: Mapping[str, Any] = dict(interaction.data or {})
        custom_id = str(data.get("custom_id", ""))
        name, _, packed = custom_id.partition(OF) if not custom_id.startswith("cw:") else ("", "", custom_id)
        carried = unpack(packed)
        if carried is None:
            await self._refuse(interaction)
            return
        path, values = carried
        arguments: dict[str, Any] = dict(values)
        if name:
            arguments[name] = tuple(str(value) for value in data.get("values") or ())
        if self._is_double(interaction, (custom_id, *(str(value) for value in data.get("values") or ()))):
            await self._quietly(pass_over(interaction))
            return
        await self._run_command(interaction, path, arguments)

    def _is_double(self, interaction: Interaction, press: tuple[str, ...]) -> bool:
        """Whether the person's last press under this message was the very same, a moment ago. Another one between the
        two, or another choice in the same list, makes it one of its own."""
        now = self._services.clock.now()
        self._pressed = {each: last for each, last in self._pressed.items() if now - last[1] < SAME_PRESS}
        where = (str(interaction.user.id), str(interaction.message.id if interaction.message else ""))
        double = where in self._pressed and self._pressed[where][0] == press
        self._pressed[where] = (press, now)
        return double

    async def _run_command(
        self,
        interaction: Interaction,
        path: str,
        arguments: Mapping[str, Any],
        data: Mapping[str, Any] = MappingProxyType({}),
    ) -> None:
        command = registry.find(path)
        ask = self._ask(interaction)
        if command is not None and any(each.kind is Kind.FILE for each in command.parameters):
            work = self._with_files(ask, command, arguments, data)
        else:
            work = self._desk.answer(ask, path, arguments)
        await self._answer(interaction, work)

    async def _with_files(
        self, ask: Ask, command: Command, arguments: Mapping[str, Any], data: Mapping[str, Any]
    ) -> Reply:
        """The desk's answer; files are fetched only for those who may use the command."""
        try:
            await demand(ask, command)
            given = await with_files(data, command, arguments, self._services.settings.discord.api_url)
        except UserError as error:
            return Reply.of(problem_card(error, ask.language), private=True)
        return await self._desk.answer(ask, command.path, given)

    async def _answer(self, interaction: Interaction, work: Coroutine[Any, Any, Reply]) -> None:
        claimed = self._claimed(interaction, work)
        await answer(interaction, claimed, pack, language=self._language(interaction), report=self._report)

    async def _claimed(self, interaction: Interaction, work: Coroutine[Any, Any, Reply]) -> Reply:
        """Do the work, unless another process with the same token, which hears the same, has begun it. A store that
        does not answer keeps nobody from what needs none."""
        now = self._services.clock.now()
        first = True
        with contextlib.suppress(StoreError, TimeoutError):
            async with asyncio.timeout(CLAIM_S):
                first = await self._services.store.write(
                    lambda conn: seen.first_time(conn, "discord", str(interaction.id), now)
                )
        if not first:
            work.close()
            raise AnsweredElsewhereError
        return await work

    async def _complete(self, interaction: Interaction) -> None:
        typed = typed_of(dict(interaction.data or {}))
        ask = self._ask(interaction)
        found: tuple[Any, ...] = ()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(1.0):
                written = str(typed.arguments.get(typed.focused) or "")
                found = await self._desk.complete(ask, typed.path, typed.focused, written)
        await self._quietly(choices(interaction, [(option.label, option.value) for option in found]))

    async def _refuse(self, interaction: Interaction) -> None:
        language = self._language(interaction)

        async def refusal() -> Reply:
            return notice("discord.foreign", language)

        await self._answer(interaction, refusal())

    async def _quietly(self, work: Coroutine[Any, Any, None]) -> None:
        with contextlib.suppress(discord.HTTPException, aiohttp.ClientError, OSError):
            await work

    def _ask(self, interaction: Interaction) -> Ask:
        return ask_of(interaction, self._services, operator_guild=self._operator_guild)

    def _language(self, interaction: Interaction) -> str:
        return ask_of(interaction, self._services).language


def _pressed_item(door: DiscordDoor) -> type[discord.ui.DynamicItem[Any]]:
    """Every button and list of every message ever sent, after a restart too: what it does stands in its custom id."""

    class Pressed(discord.ui.DynamicItem[discord.ui.Item[Any]], template=r"(?s:.+)"):
        @classmethod
        async def from_custom_id(cls, interaction: Interaction, item: Any, match: Any, /) -> Pressed:
            return cls(item)

        async def callback(self, interaction: Interaction) -> None:
            await door.pressed(interaction)

    return Pressed
