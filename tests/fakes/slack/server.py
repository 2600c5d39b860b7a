"""The server: reads requests as Slack does, keeps its rates, answers by plan, and talks over web sockets."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import aiohttp
from aiohttp import WSMsgType, web

from tests.fakes.slack.methods import Methods, RefusedError
from tests.fakes.slack.world import ALL, NEEDS, Request, World

SECRET = "signing-secret"
JSON = {"chat.postMessage", "chat.update", "chat.postEphemeral", "conversations.open", "views.open", "views.push",
        "views.update", "views.publish"}  # fmt: skip
"""The methods that take JSON; others see nothing in it, as Slack's."""


class FakeSlack:
    """`async with FakeSlack() as slack`: `slack.api` is the base address of the Web API.

    `pace` is the seconds between two messages of a channel (0: no limit); `deaf` sockets answer pings and send nothing;
    `acks` are the acknowledgements by envelope with the seconds that they took.
    """

    def __init__(self, pace: float = 0.0) -> None:
        self.world = World()
        self.pace = pace
        self.deaf = False
        self.sockets: list[web.WebSocketResponse] = []
        self.opened = 0
        self.acks: dict[str, tuple[dict[str, Any], float]] = {}
        self.responses: dict[str, list[dict[str, Any]]] = {}
        self.latest: dict[str, float] = {}
        self.latency = 0.0
        self.limited = 0
        self._sent_at: dict[str, float] = {}
        self._methods = Methods(self.world, time.time)
        self._runner: web.AppRunner | None = None
        self._envelopes = 0

    async def __aenter__(self) -> FakeSlack:
        app = web.Application(client_max_size=16 * 1024 * 1024)
        app.router.add_post("/api/{method}", self._api)
        app.router.add_get("/ws/{ticket}", self._socket)
        app.router.add_post("/response/{id}", self._response)
        app.router.add_post("/upload/{id}", self._upload)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.base = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        self._methods.base = self.base
        return self

    async def __aexit__(self, *error: object) -> None:
        for socket in self.sockets:
            await socket.close()
        assert self._runner is not None
        await self._runner.cleanup()

    @property
    def api(self) -> str:
        """What `slack.api_url` is set to."""
        return f"{self.base}/api/"

    async def _api(self, request: web.Request) -> web.StreamResponse:
        world, method = self.world, request.match_info["method"]
        args, token = await _arguments(request)
        team = world.tokens.get(token, "T1" if token.startswith("xapp-") else "")
        world.requests.append(Request(method, args, token, team, asyncio.get_running_loop().time()))
        if self.latency:
            await asyncio.sleep(self.latency)
        plan = world.plans[method].popleft() if world.plans[method] else None
        if isinstance(plan, tuple):
            self.limited += 1
            return _limited(plan[1])
        if isinstance(plan, int):
            return web.Response(status=plan, text="no")
        if plan == "cut":
            return _cut(request)
        if plan is not None and plan != "lost":
            return web.json_response({"ok": False, "error": plan})
        if not team and method != "oauth.v2.access":
            return web.json_response({"ok": False, "error": "invalid_auth"})
        if (needed := NEEDS.get(method)) and needed not in world.scopes.get(token, ALL):
            return web.json_response({"ok": False, "error": "missing_scope", "needed": needed})
        if method == "chat.postMessage" and (wait := self._too_fast(str(args.get("channel")))):
            self.limited += 1
            return _limited(wait)
        try:
            answer = self._methods.call(method, args, token, team)
        except RefusedError as error:
            return web.json_response({"ok": False, "error": str(error)})
        headers = {"X-OAuth-Scopes": ",".join(sorted(world.scopes.get(token, ALL)))}
        return _cut(request) if plan == "lost" else web.json_response(answer, headers=headers)

    def _too_fast(self, channel: str) -> float:
        now = asyncio.get_running_loop().time()
        if self.pace and now - self._sent_at.get(channel, -self.pace) < self.pace:
            return self.pace
        self._sent_at[channel] = now
        return 0.0

    async def _socket(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(autoping=True)
        await socket.prepare(request)
        self.opened += 1
        self.sockets.append(socket)
        if not self.deaf:
            hello = {"type": "hello", "num_connections": 1, "connection_info": {"app_id": "A1"}, "debug_info": {}}
            await socket.send_json(hello)
        async for message in socket:
            if message.type is WSMsgType.TEXT:
                ack = json.loads(message.data)
                sent = self.latest.get(ack["envelope_id"], 0.0)
                self.acks[ack["envelope_id"]] = (ack.get("payload") or {}, asyncio.get_running_loop().time() - sent)
        self.sockets.remove(socket)
        return socket

    async def _response(self, request: web.Request) -> web.Response:
        found = self.responses.setdefault(request.match_info["id"], [])
        found.append(await request.json())
        if len(found) > 5:
            return web.json_response({"ok": False, "error": "used_url"}, status=404)
        return web.json_response({"ok": True})

    async def _upload(self, request: web.Request) -> web.Response:
        self.world.files[request.match_info["id"]] = await request.read()
        return web.Response(text="OK")

    async def envelope(self, kind: str, payload: Mapping[str, Any], id_: str = "", retry: int = 0) -> str:
        """Send an envelope over the newest socket; its id. `kind` is events_api, slash_commands or interactive."""
        self._envelopes += 1
        name = id_ or f"env-{self._envelopes}"
        self.latest[name] = asyncio.get_running_loop().time()
        envelope = {"envelope_id": name, "type": kind, "payload": dict(payload), "accepts_response_payload": True}
        if retry:
            envelope |= {"retry_attempt": retry, "retry_reason": "timeout"}
        await self.sockets[-1].send_json(envelope)
        return name

    async def disconnect(self, reason: str = "refresh_requested") -> None:
        """Ask the newest socket to connect anew, as Slack does every few hours."""
        await self.sockets[-1].send_json({"type": "disconnect", "reason": reason, "debug_info": {"host": "fake"}})

    def response_url(self, id_: str = "r1") -> str:
        """An address that answers to a command or a press may be posted to."""
        return f"{self.base}/response/{id_}"

    async def post(self, url: str, body: str, *, secret: str = SECRET, at: float | None = None, **headers: str) -> Any:
        """A signed request to the bot's own address; status and text. Form bodies are given as text."""
        stamp = str(int(time.time() if at is None else at))
        base = f"v0:{stamp}:{body}".encode()
        signature = "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()
        kind = "application/json" if body.startswith("{") else "application/x-www-form-urlencoded"
        told = {"Content-Type": kind, "X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": signature}
        told |= {name.replace("_", "-"): value for name, value in headers.items()}
        async with aiohttp.ClientSession() as session, session.post(url, data=body.encode(), headers=told) as answer:
            return answer.status, await answer.text()


def form(payload: Mapping[str, Any]) -> str:
    """An interactive payload, or a slash command, as the body of a request."""
    return urlencode({"payload": json.dumps(payload)} if "type" in payload else dict(payload))


async def _arguments(request: web.Request) -> tuple[dict[str, Any], str]:
    token = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if request.content_type == "application/json":
        return dict(await request.json()) if request.match_info["method"] in JSON else {}, token
    found: dict[str, Any] = {**request.query, **{k: str(v) for k, v in (await request.post()).items()}}
    for name in ("blocks", "view", "metadata", "files"):
        if isinstance(found.get(name), str):
            found[name] = json.loads(found[name])
    return found, found.pop("token", "") or token


def _limited(wait: float) -> web.Response:
    headers = {"Retry-After": str(max(1, round(wait)))}
    return web.json_response({"ok": False, "error": "ratelimited"}, status=429, headers=headers)


def _cut(request: web.Request) -> web.Response:
    assert request.transport is not None
    request.transport.abort()
    return web.Response()
