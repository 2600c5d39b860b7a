"""The gateway: HELLO, IDENTIFY, READY, heartbeats, RESUME, and whatever a test dispatches or breaks."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from typing import Any

import orjson
from aiohttp import WSMsgType, web

from tests.fakes.discord.world import OWN_ID, TOKEN, Json, World, me


class Gateway:
    """Every connection's frames are kept in `received`. `acknowledges` off: heartbeats are not answered; servers with
    `outages` are named and do not come."""

    def __init__(self, world: World, address: Callable[[], str]) -> None:
        self.world = world
        self.address = address
        self.received: list[Json] = []
        self.connections: list[web.WebSocketResponse] = []
        self.acknowledges = True
        self.heartbeat = 20.0
        self.refuse_with: int | None = None
        self.outages: set[str] = set()
        self.sequence = 0
        self.ready = asyncio.Event()
        self._missed: list[Json] = []

    @property
    def identifies(self) -> list[Json]:
        """The IDENTIFY frames."""
        return [frame["d"] for frame in self.received if frame["op"] == 2]

    @property
    def resumes(self) -> list[Json]:
        """The RESUME frames."""
        return [frame["d"] for frame in self.received if frame["op"] == 6]

    async def handle(self, request: web.Request) -> web.WebSocketResponse:
        """One connection."""
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self.connections.append(socket)
        await self._send(socket, {"op": 10, "d": {"heartbeat_interval": int(self.heartbeat * 1000)}})
        try:
            async for message in socket:
                if message.type in (WSMsgType.TEXT, WSMsgType.BINARY):
                    await self._heard(socket, orjson.loads(message.data))
        finally:
            with contextlib.suppress(ValueError):
                self.connections.remove(socket)
        return socket

    async def _heard(self, socket: web.WebSocketResponse, frame: Json) -> None:
        self.received.append(frame)
        match frame["op"]:
            case 1 if self.acknowledges:
                await self._send(socket, {"op": 11})
            case 2:
                await self._identify(socket, frame["d"])
            case 6:
                for missed in self._missed:
                    await self._send(socket, missed)
                self._missed.clear()
                await self._dispatch(socket, "RESUMED", {})
                self.ready.set()

    async def _identify(self, socket: web.WebSocketResponse, data: Json) -> None:
        if data["token"] != TOKEN or self.refuse_with:
            await socket.close(code=self.refuse_with or 4004)
            return
        guilds = [{"id": id_, "unavailable": True} for id_ in self.world.guilds]
        app = {"id": OWN_ID, "flags": 0}
        ready: Json = {"v": 10, "user": me(), "guilds": guilds, "session_id": "s1", "application": app}
        ready |= {"resume_gateway_url": self.address(), "shard": data.get("shard", [0, 1])}
        await self._dispatch(socket, "READY", ready)
        for id_ in [each for each in self.world.guilds if each not in self.outages]:
            await self._dispatch(socket, "GUILD_CREATE", self.world.full_guild(id_))
        self.ready.set()

    async def dispatch(self, event: str, data: Any) -> None:
        """Send an event on every connection; without one it waits for the RESUME."""
        if not self.connections:
            self.sequence += 1
            self._missed.append({"op": 0, "t": event, "s": self.sequence, "d": data})
        for socket in list(self.connections):
            await self._dispatch(socket, event, data)

    async def send(self, op: int, data: Any = None) -> None:
        """A frame without an event: 7 reconnect, 9 invalid session."""
        self.ready.clear()
        for socket in list(self.connections):
            await self._send(socket, {"op": op, "d": data})

    async def close(self, code: int) -> None:
        """Close every connection with a code."""
        self.ready.clear()
        for socket in list(self.connections):
            await socket.close(code=code)

    async def _dispatch(self, socket: web.WebSocketResponse, event: str, data: Any) -> None:
        self.sequence += 1
        await self._send(socket, {"op": 0, "t": event, "s": self.sequence, "d": data})

    async def _send(self, socket: web.WebSocketResponse, frame: Json) -> None:
        await socket.send_str(orjson.dumps({"t": None, "s": None, "d": None} | frame).decode())
