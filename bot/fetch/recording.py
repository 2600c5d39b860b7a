"""Answers that publishers gave once: a folder with `sources.toml`, `index.jsonl` and `bodies/`.

Played back they are a transport like the network, on a clock of their own; `bot.fetch.recorder` writes them.
"""

from __future__ import annotations

import os
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import urljoin

import orjson

from bot.clock import Clock, as_utc
from bot.errors import ConfigError, SourceError
from bot.fetch.address import Place, Query, is_address, taken_apart, without_secrets
from bot.fetch.exchange import Answer, Request
from bot.fetch.freshness import fresh_for, http_date
from bot.fetch.refusal import brings_nothing, refusal

INDEX = "index.jsonl"
MOST_REDIRECTS = 5
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_KNOWN_REQUESTS = 16384


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the index: what was answered, when (UTC), and the file of the body, or None for an empty one."""

    at: datetime
    line: int
    url: str
    status: int
    headers: Mapping[str, str]
    body: Path | None
    cut: bool = False


class _Series:
    """The answers to one recorded address, in the order in which they hold."""

    __slots__ = ("_entries", "_times", "query")

    def __init__(self, query: Query, entries: list[Entry]) -> None:
        self.query = query
        self._entries = sorted(entries, key=lambda entry: (entry.at, entry.line))
        self._times = [entry.at for entry in self._entries]

    def newest(self, moment: datetime) -> Entry | None:
        index = bisect_right(self._times, moment)
        return self._entries[index - 1] if index else None


class Recording:
    """A recording, read and checked. `folder` is where it lies; `instants` are its distinct moments in order (UTC)."""

    def __init__(self, folder: Path, entries: list[Entry]) -> None:
        self.folder = folder
        self.instants: tuple[datetime, ...] = tuple(sorted({entry.at for entry in entries}))
        grouped: dict[Place, dict[Query, list[Entry]]] = {}
        for entry in entries:
            place, query = taken_apart(entry.url)
            grouped.setdefault(place, {}).setdefault(query, []).append(entry)
        self._places = {
            place: sorted((_Series(query, found) for query, found in queries.items()), key=lambda s: -len(s.query))
            for place, queries in grouped.items()
        }
        self._matching: dict[tuple[str, tuple[tuple[str, str], ...]], list[_Series]] = {}

    @classmethod
    def open(cls, folder: Path | str) -> Recording:
        """Read and check a recording.

        Raises ConfigError naming file, line and remedy for a folder that is none, a line that cannot be understood, a
        body that is missing or lies elsewhere, and for a recording without any answer.
        """
        folder = Path(folder)
        index = folder / INDEX
        try:
            raw = index.read_bytes()
        except FileNotFoundError:
            what = "is not a recording: it has no index.jsonl" if folder.is_dir() else "is not there"
            raise ConfigError(f"{what}; name a folder that `chipwatch run --record` wrote", file=folder) from None
        except OSError as error:
            raise ConfigError(f"cannot be read: {error.strerror}", file=index) from error
        bodies = _Bodies(folder)
        entries = [
            _entry(line, number, index, bodies) for number, line in enumerate(raw.splitlines(), 1) if line.strip()
        ]
        if not entries:
            raise ConfigError("holds no answer; record some with `chipwatch run --record`", file=index)
        return cls(folder, entries)

    def find(self, request: Request, moment: datetime) -> Entry | None:
        """The line that answers a request at a moment: of the most specific address that has one by then the newest."""
        best: Entry | None = None
        most = -1
        for series in self._series(request):
            if len(series.query) < most:
                break
            entry = series.newest(moment)
            if entry is not None and (best is None or (entry.at, entry.line) > (best.at, best.line)):
                best, most = entry, len(series.query)
        return best

    def chain(self, request: Request, moment: datetime) -> Iterator[Entry]:
        """The recorded redirects of a request and its answer, in order; nothing more where one leads nowhere."""
        entry = self.find(request, moment)
        for _ in range(MOST_REDIRECTS + 1):
            if entry is None:
                return
            yield entry
            location = entry.headers.get("location")
            if entry.status not in _REDIRECTS or not location:
                return
            entry = self._next(entry.url, location, moment)

    def answers_at(self, request: Request, instant: datetime) -> bool:
        """Whether what a request gets at `instant` was recorded exactly then: a replay polls its source at it."""
        return any(entry.at == instant for entry in self.chain(request, instant))

    def _next(self, url: str, location: str, moment: datetime) -> Entry | None:
        try:
            return self.find(Request(urljoin(url, location)), moment)
        except ValueError:
            return None

    def _series(self, request: Request) -> list[_Series]:
        key = (request.url, request.params)
        known = self._matching.get(key)
        if known is None:
            try:
                place, query = taken_apart(request.url, request.params)
            except ValueError:  # no address at all: nothing can have been recorded for it
                return []
            known = [series for series in self._places.get(place, ()) if series.query <= query]
            if len(self._matching) >= _KNOWN_REQUESTS:
                self._matching.clear()
            self._matching[key] = known
        return known


class RecordedTransport:
    """Answers from a recording, as they stood at the clock's present."""

    def __init__(self, recording: Recording, clock: Clock) -> None:
        self._recording = recording
        self._clock = clock

    async def get(self, request: Request) -> Answer:
        """As `Transport.get`; what is not in the recording is `http_404`. Raises ConfigError when a body is gone."""
        now = self._clock.now()
        chain = list(self._recording.chain(request, now))
        if not chain:
            raise refusal(404, {}, now)
        entry = chain[-1]
        if entry.status in _REDIRECTS and len(chain) > MOST_REDIRECTS:
            raise SourceError("too_many_redirects", f"more than {MOST_REDIRECTS} redirects from {request.url}")
        if entry.status in _REDIRECTS and entry.headers.get("location"):
            raise refusal(404, {}, now)
        if brings_nothing(entry.status, request.validators):
            raise refusal(entry.status, entry.headers, now)
        url = entry.url if len(chain) > 1 else without_secrets(request.url, request.params)
        if entry.status == 304 or _unchanged(request, entry):
            return Answer(url, 304, entry.headers, b"", now, fresh_for(entry.headers, now))
        body = _read(entry)
        if len(body) > request.max_bytes:
            raise SourceError("too_large", f"{request.url} has {len(body):,} bytes, more than {request.max_bytes:,}")
        return Answer(url, entry.status, entry.headers, body, now, fresh_for(entry.headers, now), entry.cut)

    async def close(self) -> None:
        """A recording keeps nothing open."""


def _unchanged(request: Request, entry: Entry) -> bool:
    """Whether the request knows this very answer. An ETag decides alone where both sides have one (RFC 9110)."""
    if entry.cut:
        return False
    asked, tag = request.validators, entry.headers.get("etag")
    if asked.etag is not None and tag is not None:
        return asked.etag.removeprefix("W/") == tag.removeprefix("W/")
    modified = entry.headers.get("last-modified")
    if asked.last_modified is None or modified is None:
        return False
    known, stands = http_date(asked.last_modified), http_date(modified)
    return asked.last_modified == modified or (known is not None and stands is not None and stands <= known)


def _read(entry: Entry) -> bytes:
    if entry.body is None:
        return b""
    try:
        return entry.body.read_bytes()
    except OSError as error:
        raise ConfigError(f"the body cannot be read: {error.strerror}", file=entry.body) from error


class _Bodies:
    """The files of a recording, listed once a folder; none may lie outside it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._root = Path(os.path.realpath(folder))
        self._listed: dict[Path, frozenset[str]] = {}

    def path(self, name: str) -> Path | None:
        """The file that the index names, or None when it is not there. Raises ValueError when it leaves the folder."""
        relative = PurePosixPath(name)
        if relative.is_absolute() or ".." in relative.parts or "\\" in name or "\0" in name or not relative.parts:
            raise ValueError
        path = self._folder / relative
        if path.name not in self._files(path.parent):
            return None
        return path

    def _files(self, parent: Path) -> frozenset[str]:
        known = self._listed.get(parent)
        if known is None:
            known = frozenset(self._inside(parent))
            self._listed[parent] = known
        return known

    def _inside(self, parent: Path) -> Iterator[str]:
        try:
            with os.scandir(parent) as found:
                for file in found:
                    target = Path(os.path.realpath(file.path)) if file.is_symlink() else None
                    if file.is_file() and (target is None or target.is_relative_to(self._root)):
                        yield file.name
        except OSError:
            return
        if not Path(os.path.realpath(parent)).is_relative_to(self._root):
            raise ValueError


def _entry(line: bytes, number: int, index: Path, bodies: _Bodies) -> Entry:
    """One line, understood. Raises ConfigError."""

    def wrong(what: str) -> ConfigError:
        return ConfigError(f"{what}; mend or delete this line", file=index, line=number)

    try:
        table: Any = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        raise wrong(f"is not JSON ({error.msg})") from error
    if not isinstance(table, dict):
        raise wrong("is not a JSON object")
    try:
        at = as_utc(datetime.fromisoformat(table["at"]))
    except (KeyError, TypeError, ValueError, OverflowError):
        raise wrong("`at` is not a time in ISO 8601") from None
    url, status, headers, name = table.get("url"), table.get("status"), table.get("headers", {}), table.get("body")
    if not isinstance(url, str) or not is_address(url):
        raise wrong("`url` is not an address that begins with http:// or https://")
    if not isinstance(status, int) or isinstance(status, bool) or not 200 <= status <= 599:
        raise wrong("`status` is not an HTTP status from 200 to 599")
    if not isinstance(headers, dict) or not all(isinstance(value, str) for value in headers.values()):
        raise wrong("`headers` is not a table of texts")
    lowered = {key.lower(): value for key, value in headers.items()}
    return Entry(at, number, url, status, lowered, _body_of(name, status, wrong, bodies), table.get("cut") is True)


def _body_of(name: Any, status: int, wrong: Any, bodies: _Bodies) -> Path | None:
    if name is None and status >= 300:
        return None
    if not isinstance(name, str) or not name:
        raise wrong("`body` names no file")
    try:
        path = bodies.path(name)
    except ValueError:
        raise wrong(f"`body` {name!r} lies outside the recording") from None
    if path is None:
        raise wrong(f"the body {name!r} is missing: copy it into the recording,")
    return path
