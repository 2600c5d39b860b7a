"""A bot on Slack for tests: real parts on a real store, against a Slack of our own."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from aiohttp import web

from bot.clock import Clock, SystemClock
from bot.commands.ask import Services
from bot.commands.desk import Desk
from bot.knowledge.library import Knowledge
from bot.pipeline.ledger.librarian import Librarian
from bot.platforms.slack.assembly import Connection
from bot.settings.tables import Secret, Settings, SlackSettings
from bot.store.engine import Store
from tests.fakes.slack import Channel, FakeSlack, User
from tests.fakes.slack.server import SECRET


class Heard:
    """What delivery would hear of where the bot stands."""

    def __init__(self) -> None:
        self.said: list[tuple[str, ...]] = []

    async def joined(
        self, platform: str, workspace: str, name: str, added_by: str = "", fallbacks: Sequence[str] = ()
    ) -> None:
        self.said.append(("joined", workspace, name))

    async def left(self, platform: str, workspace: str, reason: str = "removed") -> None:
        self.said.append(("left", workspace, reason))

    async def lost(self, platform: str, reach: str, id_: str, reason: str) -> int:
        self.said.append(("lost", reach, id_, reason))
        return 1

    async def regained(self, platform: str, reach: str, id_: str) -> int:
        self.said.append(("regained", reach, id_))
        return 1

    async def only(self, platform: str, standing: Collection[str], concerns: Callable[[str], bool]) -> None:
        self.said.append(("only", *sorted(standing)))

    async def look_again(self) -> int:
        return 0


class Office:
    """The bot, its Slack, and what it heard."""

    def __init__(
        self, slack: FakeSlack, connection: Connection, services: Services, heard: Heard, address: str
    ) -> None:
        self.slack = slack
        self.connection = connection
        self.services = services
        self.heard = heard
        self.address = address

    @property
    def store(self) -> Store:
        return self.services.store

    async def command(self, text: str, name: str = "/chipwatch", **more: Any) -> str:
        """A slash command over the socket; the id of its response address."""
        payload, answer = command(self.slack, text, name, **more)
        await self.slack.envelope("slash_commands", payload)
        return answer

    async def answered(self, answer: str, count: int = 1) -> list[dict[str, Any]]:
        """The answers at a response address, once there are so many."""
        await until(lambda: len(self.slack.responses.get(answer, ())) >= count)
        return self.slack.responses[answer]


_numbers = iter(range(1, 1_000_000))


def command(slack: FakeSlack, text: str, name: str = "/chipwatch", **more: Any) -> tuple[dict[str, Any], str]:
    """The payload of a slash command, as Slack sends it, and the id of its response address."""
    number = next(_numbers)
    payload = {
        "token": "x", "api_app_id": "A1", "team_id": "T1", "channel_id": "C1", "channel_name": "chip",
        "user_id": "U1", "user_name": "ada", "command": name, "text": text, "is_enterprise_install": "false",
        "response_url": slack.response_url(f"r{number}"), "trigger_id": f"{number}.1.x",
    }  # fmt: skip
    return payload | more, f"r{number}"


def press(slack: FakeSlack, action: Mapping[str, Any], **more: Any) -> tuple[dict[str, Any], str]:
    """The payload of something pressed on a message."""
    number = next(_numbers)
    payload = {
        "type": "block_actions", "team": {"id": "T1"}, "user": {"id": "U1", "name": "ada", "team_id": "T1"},
        "api_app_id": "A1", "container": {"type": "message", "message_ts": "5.5", "channel_id": "C1"},
        "trigger_id": f"{number}.1.x", "channel": {"id": "C1"}, "message": {"ts": "5.5", "blocks": []},
        "response_url": slack.response_url(f"r{number}"), "actions": [dict(action)], "is_enterprise_install": False,
    }  # fmt: skip
    return payload | more, f"r{number}"


def event(kind: str, id_: str = "", team: str = "T1", **more: Any) -> dict[str, Any]:
    """An event as it comes in an envelope or by HTTP."""
    return {
        "type": "event_callback", "team_id": team, "api_app_id": "A1", "event_id": id_ or f"Ev{next(_numbers)}",
        "event_time": 1, "authorizations": [{"team_id": team, "enterprise_id": None, "user_id": f"UBOT{team}",
                                             "is_bot": True, "is_enterprise_install": False}],
        "event": {"type": kind, **more},
    }  # fmt: skip


async def until(condition: Any, seconds: float = 10.0) -> None:
    """Wait until something is so; the bound is against hanging only."""
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.01)


SOCKET = SlackSettings(bot_token=Secret("xoxb-1"), app_token=Secret("xapp-1"), operators=("U9",))
HTTP = SlackSettings(bot_token=Secret("xoxb-1"), signing_secret=Secret(SECRET))


@asynccontextmanager
async def office(
    tmp_path: Path, knowledge: Knowledge, slack: SlackSettings = SOCKET, *, clock: Clock | None = None,
    world: FakeSlack, desk: Any = None, presence: Any = None,
):  # fmt: skip
    """A running bot; `presence` makes who is told where it stands from the store."""
    world.world.add(
        Channel("C1"), Channel("C2"), User("U1"), User("U2", locale="de-DE"), User("U9"), User("UA", admin=True)
    )
    world.world.tokens["xapp-1"] = "T1"
    settings = Settings(slack=replace(slack, api_url=world.api))
    settings = replace(settings, store=replace(settings.store, url=f"sqlite:///{tmp_path}/bot.db"))
    store = await Store.open(settings.store.url)
    services = Services(store, clock or SystemClock(), settings, Librarian(shipped=knowledge))
    heard = Heard() if presence is None else presence(store)
    connection = Connection(settings, services, desk or Desk(), heard)
    services.platforms = {"slack": connection.platform}
    application = web.Application(client_max_size=16 * 1024)
    connection.mount(application)
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        await connection.open()
        yield Office(world, connection, services, heard, f"http://127.0.0.1:{runner.addresses[0][1]}")
    finally:
        await connection.close()
        await runner.cleanup()
        await connection.shut()
        await store.close()


def words(payload: Mapping[str, Any]) -> str:
    """Everything that a payload says."""
    return json.dumps(payload, ensure_ascii=False)
