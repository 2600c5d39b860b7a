"""The fake's one server: REST under /api/v10 and the gateway under /gateway. Every request is kept."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from typing import Any

import orjson
from aiohttp import web

from bot.platforms.discord.rights import READ_MESSAGE_HISTORY, permissions_in
from tests.fakes.discord.gateway import Gateway
from tests.fakes.discord.interactions import interaction, typed
from tests.fakes.discord.limits import Limits
from tests.fakes.discord.world import (
    ANNOUNCEMENT,
    DM,
    EVERYTHING,
    FORUM,
    OWN_ID,
    PUBLIC_THREAD,
    TOKEN,
    Fault,
    Json,
    Request,
    Upload,
    World,
    me,
)

PREFIX = "/api/v10"
Answer = tuple[int, Any]
Handler = Callable[..., Answer]


def refusal(status: int, code: int, message: str = "refused") -> Answer:
    """An error as the API words it."""
    return status, {"message": message, "code": code}


class FakeDiscord:
    """`start` it, point the adapter at `api_url`, look at `world.requests`."""

    def __init__(self, *, limits: Limits | None = None) -> None:
        self.world = World()
        self.limits = limits or Limits()
        self.gateway = Gateway(self.world, lambda: self.gateway_url)
        self.callbacks: dict[str, asyncio.Future[Request]] = {}
        self.port = 0
        self._runner: web.AppRunner | None = None
        self._arrived = asyncio.Condition()

    @property
    def api_url(self) -> str:
        return f"http://127.0.0.1:{self.port}{PREFIX}"

    @property
    def gateway_url(self) -> str:
        return f"ws://127.0.0.1:{self.port}/gateway/"

    async def start(self) -> None:
        app = web.Application(client_max_size=30 * 1024 * 1024)
        app.router.add_get("/gateway/", self.gateway.handle)
        app.router.add_route("*", PREFIX + "/{path:.*}", self._rest)
        app.router.add_get("/attachments/{id}/{name}", self._file)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self.port).start()
        self.port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        await self.gateway.close(1001)
        if self._runner is not None:
            await self._runner.cleanup()

    def fault(self, match: Callable[[Request], bool], **what: Any) -> Fault:
        """Let something go wrong."""
        made = Fault(match, **what)
        self.world.faults.append(made)
        return made

    def upload(self, name: str, content: bytes, **changed: Any) -> Upload:
        """A file that somebody puts into a command; `changed` is what is described otherwise than it is."""
        id_ = next(self.world.ids)
        self.world.files[id_] = content
        url = f"http://127.0.0.1:{self.port}/attachments/{id_}/{name}"
        made = {"id": id_, "filename": name, "size": len(content), "url": url, "proxy_url": url, "ephemeral": True}
        return Upload(made | {"content_type": "text/plain; charset=utf-8"} | changed)

    async def _file(self, request: web.Request) -> web.Response:
        """What lies in the store of files; the token has no business there."""
        self.world.fetched.append(request.path)
        if "Authorization" in request.headers:
            return web.Response(status=400)
        content = self.world.files.get(request.match_info["id"])
        return web.Response(status=404) if content is None else web.Response(body=content)

    async def until(self, found: Callable[[], Any], seconds: float = 10.0) -> Any:
        """Wait until something holds, looking after each request."""
        async with asyncio.timeout(seconds), self._arrived:
            await self._arrived.wait_for(found)
        return found()

    async def _rest(self, request: web.Request) -> web.StreamResponse:
        from tests.fakes.discord.world import now

        path = request.path.removeprefix(PREFIX)
        body, files = await _body(request)
        authorised = request.headers.get("Authorization") == f"Bot {TOKEN}"
        record = Request(request.method, path, body, now(), dict(request.query), files, authorised)
        self.world.requests.append(record)
        fault = next((f for f in self.world.faults if f.times > 0 and f.match(record)), None)
        if fault is not None:
            fault.times -= 1
            await asyncio.sleep(fault.delay)
            if fault.lost:
                self._effect(record)
            if fault.reset or fault.lost:
                if request.transport is not None:
                    request.transport.abort()
                await self._tell()
                return web.Response(status=499)
            if fault.status:
                record.status = fault.status
                await self._tell()
                return _response(fault.status, fault.body, fault.headers)
        headers, slowed = self.limits.take(record.method, path)
        record.status, answer = (429, slowed) if slowed is not None else self._effect(record)
        await self._tell()
        return _response(record.status, answer, headers)

    async def _tell(self) -> None:
        async with self._arrived:
            self._arrived.notify_all()

    def _effect(self, record: Request) -> Answer:
        """What the request does, and its answer."""
        open_to_all = record.path.startswith(("/interactions/", "/webhooks/"))
        if not record.authorised and not open_to_all:
            return refusal(401, 0, "401: Unauthorized")
        for method, pattern, handler in ROUTES:
            found = pattern.fullmatch(record.path) if method == record.method else None
            if found is not None:
                return handler(self, record, *found.groups())
        return refusal(404, 0, "404: Not Found")

    # What each route does

    def own_user(self, record: Request) -> Answer:
        return 200, me()

    def bot_gateway(self, record: Request) -> Answer:
        limit = {"total": 1000, "remaining": 999, "reset_after": 1000, "max_concurrency": 1}
        return 200, {"url": self.gateway_url, "shards": 1, "session_start_limit": limit}

    def application(self, record: Request) -> Answer:
        app = {"id": OWN_ID, "name": "Chipwatch", "icon": None, "description": "", "bot_public": True, "flags": 0}
        return 200, app | {"bot_require_code_grant": False, "verify_key": "", "summary": "", "owner": me()}

    def create(self, record: Request, channel: str) -> Answer:
        if channel in self.world.denied:
            return refusal(*self.world.denied[channel])
        known = self.world.channels.get(channel)
        if known is None:
            return refusal(404, 10003, "Unknown Channel")
        if known["type"] == FORUM:
            return refusal(400, 50008, "Cannot send messages in a non-text channel")
        return 200, self.world.post(channel, record.json)

    def update(self, record: Request, channel: str, message: str) -> Answer:
        found = self.world.messages.get(channel, {}).get(message)
        if channel in self.world.denied:
            return refusal(*self.world.denied[channel])
        if found is None:
            return refusal(404, 10008, "Unknown Message")
        fresh = self.world.stored(message, channel, record.json)
        self.world.messages[channel][message] = fresh | {"edits": found["edits"] + 1}
        return 200, self.world.messages[channel][message]

    def one(self, record: Request, channel: str, message: str) -> Answer:
        found = self.world.messages.get(channel, {}).get(message)
        return (200, found) if found else refusal(404, 10008, "Unknown Message")

    def history(self, record: Request, channel: str) -> Answer:
        known = self.world.channels.get(channel)
        if known is None:
            return refusal(404, 10003, "Unknown Channel")
        if known["type"] == FORUM:
            return refusal(400, 50024, "Cannot execute action on this channel type")
        if not self._held(known) & READ_MESSAGE_HISTORY:
            return 200, []
        limit = int(record.query.get("limit", "50"))
        said = sorted(self.world.messages.get(channel, {}).values(), key=lambda each: int(each["id"]))
        if "after" in record.query:  # the first that follow, though the newest of them comes first
            said = [each for each in said if int(each["id"]) > int(record.query["after"])][:limit]
        elif "before" in record.query:
            said = [each for each in said if int(each["id"]) < int(record.query["before"])]
        return 200, said[-limit:][::-1]

    def _held(self, channel: Json) -> int:
        """What the bot may do in a channel; a thread has no rights of its own."""
        guild = self.world.guilds.get(channel.get("guild_id") or "")
        if guild is None:
            return EVERYTHING
        place = self.world.channels.get(channel.get("parent_id") or "", channel)
        return permissions_in(place, guild, self.world.member(), OWN_ID)

    def crosspost(self, record: Request, channel: str, message: str) -> Answer:
        if self.world.channels.get(channel, {}).get("type") != ANNOUNCEMENT:
            return refusal(400, 50024, "Cannot execute action on this channel type")
        if message in self.world.crossposted:
            return refusal(400, 40033, "This message has already been crossposted")
        self.world.crossposted[message] = 1
        return 200, self.world.messages[channel][message]

    def thread_of_message(self, record: Request, channel: str, message: str) -> Answer:
        return 201, self._thread(message, channel, record.json)

    def thread(self, record: Request, channel: str) -> Answer:
        known = self.world.channels.get(channel)
        if known is None:
            return refusal(404, 10003, "Unknown Channel")
        if known["flags"] & 16 and not record.json.get("applied_tags"):
            return refusal(400, 40067, "A tag is required to create a forum post in this channel")
        id_ = next(self.world.ids)
        made = self._thread(id_, channel, record.json)
        self.world.messages[id_][id_] = self.world.stored(id_, id_, record.json["message"])
        return 201, made | {"message": self.world.messages[id_][id_]}

    def _thread(self, id_: str, channel: str, body: Json) -> Json:
        meta = {
            "archived": False,
            "auto_archive_duration": 1440,
            "locked": False,
            "archive_timestamp": self.world.moment().isoformat(),
        }
        guild = self.world.channels[channel]["guild_id"]
        more: Json = {"name": body["name"], "parent_id": channel, "owner_id": OWN_ID, "thread_metadata": meta}
        more |= {"message_count": 0, "member_count": 1, "applied_tags": body.get("applied_tags", [])}
        return self.world.channel(id_, guild, PUBLIC_THREAD, **more)

    def active_threads(self, record: Request, guild: str) -> Answer:
        mine = [c for c in self._threads() if c["guild_id"] == guild and not c["thread_metadata"]["archived"]]
        return 200, {"threads": mine[::-1], "members": []}

    def archived_threads(self, record: Request, channel: str) -> Answer:
        if not self._held(self.world.channels[channel]) & READ_MESSAGE_HISTORY:
            return refusal(403, 50013, "Missing Permissions")
        limit, before = int(record.query.get("limit", "50")), record.query.get("before", "9999")
        mine = [c for c in self._threads() if c["parent_id"] == channel and c["thread_metadata"]["archived"]]
        mine.sort(key=lambda each: str(each["thread_metadata"]["archive_timestamp"]), reverse=True)
        mine = [each for each in mine if each["thread_metadata"]["archive_timestamp"] < before]
        return 200, {"threads": mine[:limit], "members": [], "has_more": len(mine) > limit}

    def _threads(self) -> list[Json]:
        return [c for c in self.world.channels.values() if c["type"] == PUBLIC_THREAD]

    def get_channel(self, record: Request, channel: str) -> Answer:
        found = self.world.channels.get(channel)
        return (200, found) if found else refusal(404, 10003, "Unknown Channel")

    def patch_channel(self, record: Request, channel: str) -> Answer:
        found = self.world.channels[channel]
        found["thread_metadata"] |= {k: v for k, v in record.json.items() if k in ("archived", "locked")}
        self.world.denied.pop(channel, None)
        return 200, found

    def get_guild(self, record: Request, guild: str) -> Answer:
        found = self.world.guilds.get(guild)
        return (200, found) if found else refusal(404, 10004, "Unknown Guild")

    def get_member(self, record: Request, guild: str, user: str) -> Answer:
        return (200, self.world.member()) if guild in self.world.guilds else refusal(404, 10004, "Unknown Guild")

    def open_dm(self, record: Request) -> Answer:
        user = str(record.json["recipient_id"])
        if user in self.world.denied:
            return refusal(*self.world.denied[user])
        made = self.world.channel(f"5{user[1:]}", "", DM)
        return 200, made | {"recipients": [{"id": user, "username": "reader", "discriminator": "0", "avatar": None}]}

    def get_commands(self, record: Request, *place: str) -> Answer:
        return 200, self.world.commands.get("/".join(place[1:]), [])

    def put_commands(self, record: Request, *place: str) -> Answer:
        stored = [
            {"id": next(self.world.ids), "application_id": place[0], "version": "1", "default_member_permissions": None}
            | each
            for each in record.json
        ]
        self.world.commands["/".join(place[1:])] = stored
        return 200, stored

    def callback(self, record: Request, id_: str, token: str) -> Answer:
        if id_ in self.world.answers:
            return refusal(400, 40060, "Interaction has already been acknowledged.")
        if id_ not in self.callbacks:
            return refusal(404, 10062, "Unknown interaction")
        self.world.answers[id_] = record.json
        self.callbacks[id_].set_result(record)
        private = bool((record.json.get("data") or {}).get("flags", 0) & 64)
        if record.json["type"] == 5:
            self.world.promised[token] = private
        elif record.json["type"] == 6:
            self.world.updating.add(token)
        elif record.json["type"] == 4:
            self.world.shown.append((not private, record.json["data"]))
        message = self.world.stored(next(self.world.ids), "0", record.json.get("data") or {})
        return 200, {
            "interaction": {"id": id_, "type": 2},
            "resource": {"type": record.json["type"], "message": message},
        }

    def follow_up(self, record: Request, app: str, token: str) -> Answer:
        """A message of its own, unless one is promised still: then it takes its place, and is seen by whom that was."""
        private = self.world.promised.pop(token, bool(record.json["flags"] & 64))
        self.world.shown.append((not private, record.json))
        return 200, self.world.stored(next(self.world.ids), "0", record.json)

    def original(self, record: Request, app: str, token: str, message: str) -> Answer:
        """Fills what is promised; under a card that was pressed it takes that card's place."""
        if token in self.world.updating:
            self.world.replaced.append(record.json)
        else:
            self.world.shown.append((not self.world.promised.pop(token, False), record.json))
        return 200, self.world.stored(next(self.world.ids), "0", record.json)

    # What a person does

    async def interact(self, kind: int, data: Json, *, wait: float = 10.0, **more: Any) -> Request:
        """Somebody types a command (2), presses (3), types on (4) or sends a form (5); the callback that answers it."""
        id_ = next(self.world.ids)
        self.callbacks[id_] = asyncio.get_running_loop().create_future()
        await self.gateway.dispatch("INTERACTION_CREATE", interaction(id_, kind, data, **more))
        return await asyncio.wait_for(self.callbacks[id_], wait)

    async def command(self, group: str, verb: str, options: dict[str, Any], **more: Any) -> Request:
        """Somebody types `/group verb option:value`."""
        return await self.interact(2, typed(group, verb, options), **more)

    async def press(self, custom_id: str, message: Json | None = None, **more: Any) -> Request:
        """Somebody presses a button of a message."""
        button = {"type": 2, "style": 2, "label": "x", "custom_id": custom_id}
        shown = message or self.world.stored(
            "77", "200", {"flags": 1 << 15, "components": [{"type": 1, "components": [button]}]}
        )
        return await self.interact(3, {"component_type": 2, "custom_id": custom_id}, message=shown, **more)


async def _body(request: web.Request) -> tuple[Any, dict[str, bytes]]:
    if request.content_type == "multipart/form-data":
        form = await request.post()
        files = {part.filename: part.file.read() for part in form.values() if isinstance(part, web.FileField)}
        return orjson.loads(str(form["payload_json"])), files
    raw = await request.read()
    return (orjson.loads(raw) if raw else None), {}


def _response(status: int, answer: Any, headers: dict[str, str]) -> web.Response:
    """JSON with exactly the type that clients look for."""
    if isinstance(answer, str):
        return web.Response(status=status, text=answer, headers=headers)
    return web.Response(
        status=status, body=orjson.dumps(answer), headers={"Content-Type": "application/json", **headers}
    )


def _route(method: str, path: str, handler: Handler) -> tuple[str, re.Pattern[str], Handler]:
    return method, re.compile(path.replace("*", "([^/]+)")), handler


F = FakeDiscord
ROUTES = [
    _route("GET", "/users/@me", F.own_user),
    _route("GET", "/gateway/bot", F.bot_gateway),
    _route("GET", "/oauth2/applications/@me", F.application),
    _route("GET", "/applications/@me", F.application),
    _route("POST", "/channels/*/messages", F.create),
    _route("GET", "/channels/*/messages", F.history),
    _route("GET", "/channels/*/messages/*", F.one),
    _route("PATCH", "/channels/*/messages/*", F.update),
    _route("POST", "/channels/*/messages/*/crosspost", F.crosspost),
    _route("POST", "/channels/*/messages/*/threads", F.thread_of_message),
    _route("POST", "/channels/*/threads", F.thread),
    _route("GET", "/channels/*/threads/archived/public", F.archived_threads),
    _route("GET", "/channels/*", F.get_channel),
    _route("PATCH", "/channels/*", F.patch_channel),
    _route("GET", "/guilds/*/threads/active", F.active_threads),
    _route("GET", "/guilds/*", F.get_guild),
    _route("GET", "/guilds/*/members/*", F.get_member),
    _route("POST", "/users/@me/channels", F.open_dm),
    _route("GET", "/applications/*/commands", F.get_commands),
    _route("PUT", "/applications/*/commands", F.put_commands),
    _route("GET", "/applications/*/guilds/*/commands", F.get_commands),
    _route("PUT", "/applications/*/guilds/*/commands", F.put_commands),
    _route("POST", "/interactions/*/*/callback", F.callback),
    _route("POST", "/webhooks/*/*", F.follow_up),
    _route("PATCH", "/webhooks/*/*/messages/*", F.original),
]
