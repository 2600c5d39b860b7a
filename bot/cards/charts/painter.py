"""The painter: PNG from specifications, made in a child process that is started on demand and put away when idle.

The drawing library holds a JavaScript engine and a font renderer; in a process of its own neither its memory nor a
fault or an endless picture touches the bot.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from typing import Any
from unicodedata import category

from bot.cards.charts.painting import LENGTH
from bot.errors import ChipwatchError

SCALE = 2.0
"""Pixels of the PNG for a logical pixel."""

LARGEST = 16 * 1024 * 1024
"""Bytes of an answer that are believed; a larger one ends the child."""


class PictureError(ChipwatchError):
    """A picture could not be made: `timeout`, `refused` (the specification), or `died` (the child), with the detail."""

    def __init__(self, name: str, detail: str = "") -> None:
        super().__init__(f"{name}: {detail}" if detail else name)
        self.name = name
        self.detail = detail


class Painter:
    """Makes one picture at a time in one child process.

    `deadline` are the seconds for a picture, the start of the child included; a child that misses it is killed and the
    next picture starts another. After `idle` seconds without a picture the child is ended.
    """

    def __init__(self, *, deadline: float = 15.0, idle: float = 120.0, scale: float = SCALE) -> None:
        self._deadline = deadline
        self._idle = idle
        self._scale = scale
        self._turn = asyncio.Lock()
        self._child: asyncio.subprocess.Process | None = None
        self._rest: asyncio.TimerHandle | None = None
        self._farewell: asyncio.Task[None] | None = None

    async def paint(self, spec: Mapping[str, Any]) -> bytes:
        """The picture of a Vega-Lite specification as PNG. Raises PictureError."""
        request = _request(spec, self._scale)
        async with self._turn:
            self._awake()
            try:
                async with asyncio.timeout(self._deadline):
                    answer = await self._ask(request)
            except TimeoutError:
                await self._kill()
                raise PictureError("timeout", f"no picture within {self._deadline:g} s") from None
            except (OSError, asyncio.IncompleteReadError) as error:
                await self._kill()
                raise PictureError("died", str(error)) from error
            except BaseException:
                # Cancelled in the middle of an answer: its rest would be taken for the next one.
                await self._kill()
                raise
            self._rest = asyncio.get_running_loop().call_later(self._idle, self._retire)
        return _png(answer)

    async def close(self) -> None:
        """End the child process; the painter can be used again."""
        self._awake()
        async with self._turn:
            await self._kill()

    @property
    def pid(self) -> int | None:
        """The child's process id while it lives."""
        return self._child.pid if self._child and self._child.returncode is None else None

    async def _ask(self, request: bytes) -> bytes:
        if self._child is None or self._child.returncode is not None:
            self._child = await asyncio.create_subprocess_exec(
                *COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=_environment()
            )
        stdin, stdout = self._child.stdin, self._child.stdout
        if stdin is None or stdout is None:
            raise OSError("the child has no pipes")
        stdin.write(request)
        await stdin.drain()
        (length,) = LENGTH.unpack(await stdout.readexactly(LENGTH.size))
        if length > LARGEST:
            raise OSError(f"an answer of {length} bytes")
        return await stdout.readexactly(length)

    async def _kill(self) -> None:
        child, self._child = self._child, None
        if child is None or child.returncode is not None:
            return
        with contextlib.suppress(ProcessLookupError):
            child.kill()
        await asyncio.shield(child.communicate())  # reads the pipes to their end: they are closed then

    def _retire(self) -> None:
        self._rest = None
        self._farewell = asyncio.get_running_loop().create_task(self.close())

    def _awake(self) -> None:
        if self._rest is not None:
            self._rest.cancel()
            self._rest = None


def paint_now(spec: Mapping[str, Any], *, deadline: float = 30.0, scale: float = SCALE) -> bytes:
    """One picture as PNG, for commands without an event loop: starts the child, waits, ends it. Raises PictureError."""
    try:
        done = subprocess.run(  # noqa: S603  # our own interpreter and module
            COMMAND, input=_request(spec, scale), capture_output=True, timeout=deadline, env=_environment(), check=False
        )
    except subprocess.TimeoutExpired:
        raise PictureError("timeout", f"no picture within {deadline:g} s") from None
    if len(done.stdout) < LENGTH.size:
        raise PictureError("died", done.stderr.decode(errors="replace")[-500:])
    return _png(done.stdout[LENGTH.size :])


COMMAND = (sys.executable, "-m", "bot.cards.charts.painting")


def _request(spec: Mapping[str, Any], scale: float) -> bytes:
    body = json.dumps({"spec": _printable(spec), "scale": scale}).encode()
    return LENGTH.pack(len(body)) + body


def _printable(value: Any) -> Any:
    """A JSON value whose texts hold no control characters and no halves of characters: either ends the engine."""
    if isinstance(value, str):
        return (
            value
            if value.isprintable()
            else "".join(letter for letter in value if category(letter) not in ("Cc", "Cs"))
        )
    if isinstance(value, Mapping):
        return {str(key): _printable(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_printable(inner) for inner in value]
    return value


def _png(answer: bytes) -> bytes:
    if answer[:1] != b"\x01":
        raise PictureError("refused", answer[1:].decode(errors="replace"))
    return answer[1:]


def _environment() -> dict[str, str]:
    """What the child needs of the environment: no tokens, no settings."""
    kept = ("PATH", "HOME", "TMPDIR", "LANG", "SYSTEMROOT", "PYTHONPATH", "VIRTUAL_ENV")
    environment = {name: os.environ[name] for name in kept if name in os.environ}
    return environment | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
