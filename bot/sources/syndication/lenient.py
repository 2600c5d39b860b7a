"""The last resort for feeds that are not well-formed: feedparser, in a process of its own with a deadline.

feedparser needs seconds for some hostile documents, so it never runs where the bot runs. One process is started when
the first such feed comes, kept, and killed when it does not answer in time; it ends by itself with its parent.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import selectors
import struct
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import IO, Any

from bot.clock import Moment
from bot.errors import SourceError
from bot.sources.plain_text import looks_like_markup, summary_of, title_of
from bot.sources.syndication.dates import moment_from
from bot.sources.syndication.entry import Entry, Syndicate, ttl_of

SECONDS = 3.0
SECONDS_A_MEGABYTE = 2.0
LARGEST_ANSWER = 64 * 1024 * 1024
_KEPT_ENVIRONMENT = ("PATH", "LANG", "LC_ALL", "PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "SYSTEMROOT", "TEMP", "TMP")


def read(text: str, *, one_id_one_entry: bool = False) -> Syndicate:
    """What feedparser finds in a text, as entries. Safe to call from several threads.

    Raises SourceError `parse_timeout` when it needs more than about 3 s (and 2 s a megabyte), `not_well_formed` when it
    fails, `empty_document` when it finds nothing.
    """
    body = text.encode("utf-8", "replace")
    found = _reader.read(body, SECONDS + SECONDS_A_MEGABYTE * len(body) / 1e6)
    if "error" in found:
        raise SourceError("not_well_formed", f"the feed is damaged beyond reading ({found['error']})")
    if not found["entries"]:
        raise SourceError("empty_document", "the feed is damaged and no entry was found in it")
    feed = Syndicate(
        link=found["link"],
        bases=(found["base"],) if found["base"] else (),
        language=found["language"],
        ttl=ttl_of(found["ttl"], found["period"], found["frequency"]),
        one_id_one_entry=one_id_one_entry,
        warnings=["mended"],
    )
    feed.entries = [entry for entry in map(_entry, found["entries"]) if not entry.is_blank]
    return feed


def close() -> None:
    """End the process, if there is one; the next damaged feed starts another."""
    _reader.close()


def _entry(found: dict[str, Any]) -> Entry:
    title, summary = found["title"], found["summary"]
    html_title = "html" in found["title_form"] and looks_like_markup(title)
    return Entry(
        id=found["id"].strip(),
        link=found["link"].strip(),
        origin=found["origin"].strip(),
        bases=(found["base"],) if found["base"] else (),
        title=title_of(title, markup=html_title or looks_like_markup(title)) if title else "",
        summary=summary_of(summary, markup=looks_like_markup(summary[:20_000])),
        published=_first(found["published"]) or (None if found["published"] else _first(found["updated"])),
        updated=_first(found["updated"]),
        language=found["language"],
        author=title_of(found["author"], markup=False),
        categories=tuple(title_of(name, markup=False) for name in found["categories"] if name.strip()),
    )


def _first(texts: list[str]) -> Moment | None:
    return next((moment for text in texts if (moment := moment_from(text)) is not None), None)


class _Reader:
    """The process and the one conversation with it at a time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None

    def read(self, body: bytes, seconds: float) -> dict[str, Any]:
        with self._lock:
            frame = struct.pack("!II", len(body), int(seconds)) + body
            for attempt in (1, 2):
                process = self._started()
                answer = self._converse(process, frame, time.monotonic() + seconds)
                if answer is not None:
                    found: dict[str, Any] = json.loads(answer)
                    return found
                self._end()
                if attempt == 2:
                    break
            raise SourceError("not_well_formed", "the feed is damaged beyond reading (its reader died)")

    def close(self) -> None:
        with self._lock:
            self._end()

    def _started(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self._end()
            script = Path(__file__).with_name("lenient_worker.py")
            environment = {name: os.environ[name] for name in _KEPT_ENVIRONMENT if name in os.environ}
            self._process = subprocess.Popen(  # noqa: S603 - our own script, no shell
                [sys.executable, "-P", str(script)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=environment,
                bufsize=0,
            )
        return self._process

    def _converse(self, process: subprocess.Popen[bytes], frame: bytes, until: float) -> bytes | None:
        """The answer to a frame, or None when the process died. Raises SourceError `parse_timeout` and kills it."""
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            _write(process.stdin, frame, until)
            head = _read_exactly(process.stdout, 4, until)
            length = struct.unpack("!I", head)[0] if head else 0
            if head is None or length > LARGEST_ANSWER:
                return None
            return _read_exactly(process.stdout, length, until)
        except TimeoutError:  # an OSError too, so it comes first
            self._end()
            raise SourceError("parse_timeout", "the feed is damaged and takes too long to read") from None
        except OSError:
            return None

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        with contextlib.suppress(OSError):
            process.kill()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        process.wait()


def _write(pipe: IO[bytes], frame: bytes, until: float) -> None:
    """All of a frame, without ever waiting past `until`."""
    descriptor, view = pipe.fileno(), memoryview(frame)
    os.set_blocking(descriptor, False)
    with selectors.DefaultSelector() as ready:
        ready.register(descriptor, selectors.EVENT_WRITE)
        while view:
            if not ready.select(max(until - time.monotonic(), 0)):
                raise TimeoutError
            view = view[os.write(descriptor, view[:65_536]) :]


def _read_exactly(pipe: IO[bytes], length: int, until: float) -> bytes | None:
    """So many bytes, or None where the pipe ends before."""
    descriptor, parts = pipe.fileno(), bytearray()
    with selectors.DefaultSelector() as ready:
        ready.register(descriptor, selectors.EVENT_READ)
        while len(parts) < length:
            if not ready.select(max(until - time.monotonic(), 0)):
                raise TimeoutError
            part = os.read(descriptor, min(length - len(parts), 1 << 20))
            if not part:
                return None
            parts += part
    return bytes(parts)


_reader = _Reader()
atexit.register(close)
