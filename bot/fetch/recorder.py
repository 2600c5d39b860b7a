"""Writes down what publishers answer while the bot runs, so that it can be played back."""

from __future__ import annotations

import asyncio
import hashlib
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import orjson

from bot.clock import iso
from bot.errors import ConfigError
from bot.fetch.address import Place, Query, taken_apart, without_secrets
from bot.fetch.exchange import Answer, Request, Transport, Validators
from bot.fetch.refusal import RefusalError

BODIES = "bodies"
_NOT_STORED = frozenset(
    {"set-cookie", "content-encoding", "content-length", "transfer-encoding", "connection", "keep-alive"}
)
"""Headers that do not describe the body as it is stored, or that hold secrets."""

Key = tuple[Place, Query]


@dataclass(frozen=True, slots=True)
class _Line:
    """What a line of the index says, apart from when."""

    url: str
    status: int
    headers: Mapping[str, str]
    body: str
    cut: bool = False

    def says_the_same(self, other: _Line) -> bool:
        moved = self.headers.get("location") != other.headers.get("location")
        return (self.status, self.body, self.cut) == (other.status, other.body, other.cut) and not moved

    def written(self, at: datetime) -> bytes:
        table = {
            "at": iso(at),
            "url": self.url,
            "status": self.status,
            "headers": dict(self.headers),
            "body": self.body,
        }
        return orjson.dumps(table | {"cut": True} if self.cut else table) + b"\n"


class Recorder:
    """A transport that hands everything on and writes it into a folder: `sources.toml`, `index.jsonl`, `bodies/`.

    Bodies are named by their content and written before the line that names them; a line is one write. A kill leaves a
    recording that can be read; half a line, from a power cut, is removed at the next start. An address is asked
    unconditionally until its body has been recorded, and written again only when status or body are new. When the disk
    refuses, recording ends, `trouble` hears why, and the answers go on. Raises ConfigError when the folder cannot be
    written at all.
    """

    def __init__(
        self, transport: Transport, folder: Path | str, sources_toml: str, trouble: Callable[[str], None] | None = None
    ) -> None:
        self._transport = transport
        self._folder = Path(folder)
        self._index = self._folder / "index.jsonl"
        self._trouble = trouble or _log
        self._last: dict[Key, _Line] = {}
        self._good: dict[Key, _Line] = {}
        self._writing = asyncio.Lock()
        self._ended = False
        try:
            (self._folder / BODIES).mkdir(parents=True, exist_ok=True)
            _put(self._folder / "sources.toml", sources_toml.encode())
            _mend_end(self._index)
        except OSError as error:
            where = error.filename or folder
            raise ConfigError(f"a recording cannot be written here: {error.strerror}", file=where) from error

    async def get(self, request: Request) -> Answer:
        """As the transport below, which is asked."""
        try:
            url = without_secrets(request.url, request.params)
            key = taken_apart(url)
        except ValueError:  # no address: the transport says so, and there is nothing to record
            return await self._transport.get(request)
        if not self._ended and key not in self._good:
            request = replace(request, validators=Validators())
        try:
            answer = await self._transport.get(request)
        except RefusalError as error:
            if not self._ended:
                headers = {name: value for name, value in error.headers.items() if name != "location"}
                await self._note(url, error.at, error.status, headers, b"")
            raise
        if not self._ended:
            await self._note_answer(url, answer)
        return answer

    async def close(self) -> None:
        """Close the transport below; everything recorded is on disk already."""
        await self._transport.close()

    async def _note_answer(self, url: str, answer: Answer) -> None:
        if answer.not_modified:
            await self._note_recovery(taken_apart(url), answer.at)
            return
        final = without_secrets(answer.url)
        if taken_apart(final) != taken_apart(url):  # all the hops of a redirect are one in a recording
            await self._note(url, answer.at, 302, {"location": final}, b"")
            url = final
        await self._note(url, answer.at, answer.status, answer.headers, answer.body, answer.cut)

    async def _note_recovery(self, key: Key, at: datetime) -> None:
        """A 304 after an outage: what was good before is the answer again."""
        if self._last[key].status >= 400 and (good := self._good.get(key)):
            await self._write(key, good, at, None)

    async def _note(
        self, url: str, at: datetime, status: int, headers: Mapping[str, str], body: bytes, cut: bool = False
    ) -> None:
        key = taken_apart(url)
        name = f"{BODIES}/{hashlib.blake2b(body, digest_size=12).hexdigest()}"
        kept = {header: value for header, value in headers.items() if header not in _NOT_STORED}
        line = _Line(url, status, kept, name, cut)
        last = self._last.get(key)
        if last is None or not line.says_the_same(last):
            await self._write(key, line, at, body)

    async def _write(self, key: Key, line: _Line, at: datetime, body: bytes | None) -> None:
        async with self._writing:
            try:
                await asyncio.to_thread(self._write_now, line, at, body)
            except OSError as error:
                self._ended = True
                self._trouble(f"recording into {self._folder} has ended: {error.strerror}")
                return
        self._last[key] = line
        if line.status < 400:
            self._good[key] = line

    def _write_now(self, line: _Line, at: datetime, body: bytes | None) -> None:
        path = self._folder / line.body
        if body is not None and not path.exists():
            _put(path, body)
        with self._index.open("ab", buffering=0) as index:
            before = index.tell()
            text = line.written(at)
            if index.write(text) != len(text):  # a full disk takes a part
                index.truncate(before)
                raise OSError(28, "No space left on device")
            os.fsync(index.fileno())


def _put(path: Path, content: bytes) -> None:
    """Write a file so that it is there whole or not at all."""
    half = path.with_name(f"{path.name}.half")
    with half.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    half.replace(path)


def _mend_end(index: Path) -> None:
    """Remove half a line at the end; end a whole one that lacks its line break."""
    if not index.exists():
        return
    with index.open("rb+") as file:
        content = file.read()
        if not content or content.endswith(b"\n"):
            return
        begin = content.rfind(b"\n") + 1
        try:
            orjson.loads(content[begin:])
        except orjson.JSONDecodeError:
            file.truncate(begin)
        else:
            file.write(b"\n")


def _log(what: str) -> None:
    from bot.logs import logger

    logger("record").error("recording_ended", detail=what)
