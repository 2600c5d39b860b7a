"""Unpacks a compressed body piece by piece, never further than asked, and knows whether it came to its end."""

from __future__ import annotations

import sys
import zlib
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from typing import Any, Protocol

from bot.errors import SourceError

ACCEPT_ENCODING = "gzip, br, zstd"
PIECE = 64 * 1024
"""Bytes unpacked at a time: what a bomb may cost before it is counted."""
MOST_MEMBERS = 1000
"""Concatenated members of one body; a publisher sends one."""
_GZIP_MAGIC = b"\x1f\x8b"
_ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"


class Inflater(Protocol):
    """One way of unpacking."""

    def feed(self, data: bytes) -> Iterator[bytes]:
        """What `data` unpacks to, in pieces of at most about `PIECE` bytes. Raises SourceError `bad_encoding`."""
        ...

    @property
    def finished(self) -> bool:
        """Whether the compressed body came to its own end, so that nothing is missing."""
        ...


def inflater(content_encoding: str) -> Inflater | None:
    """How to unpack what a Content-Encoding header names; None when nothing is packed.

    Raises SourceError `bad_encoding` for one that was not asked for, and for several at once.
    """
    names = [name for name in (part.strip().lower() for part in content_encoding.split(",")) if name]
    names = [name for name in names if name not in _PLAIN]
    if not names:
        return None
    if len(names) > 1 or names[0] not in _MAKERS:
        raise SourceError("bad_encoding", f"the body is packed as {content_encoding[:80]!r}, which was not asked for")
    return _MAKERS[names[0]]()


def _broken(name: str, error: object) -> SourceError:
    return SourceError("bad_encoding", f"the body says it is packed as {name} and cannot be unpacked: {error}")


class _Members(ABC):
    """Formats whose bodies may be several packed members in a row (gzip, zstd)."""

    name = ""
    magic = b""
    broken: tuple[type[Exception], ...] = ()

    def __init__(self) -> None:
        self._current: Any = self._new()
        self._begun = False
        self._members = 1
        self._ended = False
        self._head = b""

    @abstractmethod
    def _new(self) -> Any: ...

    @abstractmethod
    def _pieces(self, data: bytes) -> Iterator[bytes]: ...

    @property
    def finished(self) -> bool:
        return self._ended or (self._current.eof if self._begun else False)

    def feed(self, data: bytes) -> Iterator[bytes]:
        while data and not self._ended:
            if self._current.eof:
                data = self._next_member(data)
                continue
            self._begun = True
            try:
                yield from self._pieces(data)
            except self.broken as error:
                raise _broken(self.name, error) from error
            data = self._current.unused_data if self._current.eof else b""

    def _next_member(self, data: bytes) -> bytes:
        """Go on behind a member's end; padding and rubbish there are passed over, as gzip itself does."""
        self._head += data
        if len(self._head) < len(self.magic) and self.magic.startswith(self._head):
            return b""
        data, self._head = self._head, b""
        if not data.startswith(self.magic):
            self._ended = True
            return b""
        self._members += 1
        if self._members > MOST_MEMBERS:
            raise _broken(self.name, f"more than {MOST_MEMBERS} parts")
        self._current = self._new()
        return data


class _Gzip(_Members):
    name, magic, broken = "gzip", _GZIP_MAGIC, (zlib.error,)

    def _new(self) -> Any:
        return zlib.decompressobj(wbits=16 + zlib.MAX_WBITS)

    def _pieces(self, data: bytes) -> Iterator[bytes]:
        while True:
            piece = self._current.decompress(data, PIECE)
            if piece:
                yield piece
            data = self._current.unconsumed_tail
            # A full piece may leave output inside zlib although all input is taken.
            if self._current.eof or (not data and len(piece) < PIECE):
                return


class _Zstd(_Members):
    name, magic = "zstd", _ZSTD_MAGIC

    def _new(self) -> Any:
        if sys.version_info >= (3, 14):
            from compression import zstd
        else:
            from backports import zstd
        self.broken = (zstd.ZstdError,)
        # The window that browsers accept (RFC 9659); the format would allow a sender to demand gigabytes.
        return zstd.ZstdDecompressor(options={zstd.DecompressionParameter.window_log_max: 23})

    def _pieces(self, data: bytes) -> Iterator[bytes]:
        while True:
            piece = self._current.decompress(data, PIECE)
            data = b""
            if piece:
                yield piece
            if self._current.eof or self._current.needs_input:
                return


class _Brotli:
    def __init__(self) -> None:
        import brotli  # type: ignore[import-untyped]

        self._broken = brotli.error
        self._current: Any = brotli.Decompressor()

    @property
    def finished(self) -> bool:
        return bool(self._current.is_finished())

    def feed(self, data: bytes) -> Iterator[bytes]:
        if self._current.is_finished():
            return
        try:
            # `can_accept_more_data` and `is_finished` may be true while output is left: only silence ends it.
            while piece := self._current.process(data, output_buffer_limit=PIECE):
                data = b""
                yield piece
        except self._broken as error:
            raise _broken("brotli", error) from error


class _Deflate:
    """The `deflate` of RFC 9110 (with a zlib header) and of those who send it bare."""

    def __init__(self) -> None:
        self._current: Any = None

    @property
    def finished(self) -> bool:
        return self._current is not None and bool(self._current.eof)

    def feed(self, data: bytes) -> Iterator[bytes]:
        if self._current is None:
            has_header = bool(data) and data[0] & 0x0F == 8
            self._current = zlib.decompressobj(wbits=zlib.MAX_WBITS if has_header else -zlib.MAX_WBITS)
        try:
            while not self._current.eof:
                piece = self._current.decompress(data, PIECE)
                data = self._current.unconsumed_tail
                if piece:
                    yield piece
                if not data and len(piece) < PIECE:
                    return
        except zlib.error as error:
            raise _broken("deflate", error) from error


_PLAIN = frozenset({"identity", "none", "utf-8", "utf8", "binary", "8bit", "chunked"})
"""What servers write there without packing anything."""
_MAKERS: dict[str, Callable[[], Inflater]] = {
    "gzip": _Gzip,
    "x-gzip": _Gzip,
    "br": _Brotli,
    "zstd": _Zstd,
    "deflate": _Deflate,
}
