"""The console's channel on disk: one JSON line for each message, written before it is shown and never changed.

After a crash the journal tells what was posted. A line that a crash cut short was never acknowledged: it is taken back
when the file is opened. Several processes may use one file; a lock keeps their lines apart.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import orjson

try:
    import fcntl
except ImportError:  # Windows has no such lock; there the journal is one process's own
    fcntl = None  # type: ignore[assignment]


class Journal:
    """An append-only file. All methods block on the disk; OSError goes to the caller."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self._read_up_to = 0
        self._messages: dict[tuple[str, str], str] = {}

    def append(self, line: Mapping[str, Any]) -> None:
        """Write a line so that it survives a power cut. On failure nothing of it stays."""
        with self._opened() as descriptor:
            self._take_in(descriptor)
            end = os.lseek(descriptor, 0, os.SEEK_END)
            try:
                _write_all(descriptor, orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE))
                os.fsync(descriptor)
            except OSError:
                os.ftruncate(descriptor, end)
                raise
            self._take_in(descriptor)

    def find(self, channel: str, key: str) -> str | None:
        """The message that a delivery left in a channel, None where there is none."""
        if (channel, key) not in self._messages and self.file.exists():
            with self._opened() as descriptor:
                self._take_in(descriptor)
        return self._messages.get((channel, key))

    @contextmanager
    def _opened(self) -> Iterator[int]:
        self.file.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self.file, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            if fcntl is not None:
                fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield descriptor
        finally:
            os.close(descriptor)

    def _take_in(self, descriptor: int) -> None:
        """Read what was written since the last look, and take back a line that a crash cut short."""
        size = os.fstat(descriptor).st_size
        if size < self._read_up_to:
            self._read_up_to = 0
            self._messages.clear()
        if size == self._read_up_to:
            return
        os.lseek(descriptor, self._read_up_to, os.SEEK_SET)
        tail = _read_all(descriptor, size - self._read_up_to)
        whole = tail.rfind(b"\n") + 1
        for line in tail[:whole].splitlines():
            self._note(line)
        if whole < len(tail):
            os.ftruncate(descriptor, self._read_up_to + whole)
        self._read_up_to += whole

    def _note(self, line: bytes) -> None:
        """Remember a line; one that is damaged in the middle of the file is passed over."""
        try:
            record = orjson.loads(line)
            self._messages[record["channel"], record["key"]] = record["message"]
        except (orjson.JSONDecodeError, KeyError, TypeError):
            return


def _write_all(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


def _read_all(descriptor: int, size: int) -> bytes:
    parts = []
    while size > 0 and (part := os.read(descriptor, size)):
        parts.append(part)
        size -= len(part)
    return b"".join(parts)
