"""On which line of a TOML file each key stands. tomllib tells only values, and a mistake needs a line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping

Path = tuple[str | int, ...]
"""`("fetch", "deadline")`; the tables of an array carry their number: `("source", 0, "url")`."""

_TOKEN = re.compile(
    r"""
      (?P<skip>[ \t\r]+|\#[^\n]*)
    | (?P<newline>\n)
    | (?P<string>
        \"{3}(?:[^"\\]|\\.|\"{1,2}(?!\"))*\"{3,5}
      | '{3}(?:[^']|'{1,2}(?!'))*'{3,5}
      | \"(?:[^"\\\n]|\\.)*\"
      | '[^'\n]*'
      )
    | (?P<mark>[\[\]{}=,.])
    | (?P<bare>[^\s"'\[\]{}=,.\#]+)
    """,
    re.VERBOSE | re.DOTALL,
)
_END = ("end", "", 0)


def places(text: str) -> dict[Path, int]:
    """The line of every key and table in a valid TOML text; a table has the line where it is first named.

    Understands dotted and quoted keys, inline tables, arrays of tables and multi-line values. A text that tomllib
    refuses gives the keys up to where it stops making sense.
    """
    return _Reader(text).read()


def line_of(found: Mapping[Path, int], path: Path) -> int | None:
    """The line of a path, or of the nearest table around it."""
    for length in range(len(path), 0, -1):
        if path[:length] in found:
            return found[path[:length]]
    return None


class _Reader:
    """One pass over the tokens."""

    def __init__(self, text: str) -> None:
        self.tokens = _tokens(text)
        self.kind, self.word, self.line = next(self.tokens, _END)
        self.found: dict[Path, int] = {}
        self.arrays: dict[Path, int] = {}

    def read(self) -> dict[Path, int]:
        table: Path = ()
        while self.kind != "end":
            if self.word == "[" and self.kind == "mark":
                table = self._header()
            elif self.kind in ("bare", "string"):
                self._pair(table)
            else:
                self._step()
        return self.found

    def _step(self) -> None:
        self.kind, self.word, self.line = next(self.tokens, _END)

    def _header(self) -> Path:
        self._step()
        many = self.word == "[" and self.kind == "mark"
        if many:
            self._step()
        line = self.line
        keys = self._keys()
        path = self._numbered(keys[:-1]) + tuple(keys[-1:])
        if many:
            self.found.setdefault(path, line)
            self.arrays[path] = self.arrays.get(path, -1) + 1
            path = (*path, self.arrays[path])
        elif path in self.arrays:
            path = (*path, self.arrays[path])
        self._note(path, line)
        self._skip_line()
        return path

    def _numbered(self, keys: list[str]) -> Path:
        """The path of a header with the number of the newest table put in where an array of tables is meant."""
        path: Path = ()
        for key in keys:
            path = (*path, key)
            if path in self.arrays:
                path = (*path, self.arrays[path])
        return path

    def _pair(self, table: Path) -> None:
        line = self.line
        path = table + tuple(self._keys())
        self._note(path, line)
        if self.word == "=":
            self._step()
            self._value(path)

    def _keys(self) -> list[str]:
        """The parts of a dotted key; stops at whatever follows it."""
        keys: list[str] = []
        while self.kind in ("bare", "string"):
            keys.append(_unquoted(self.word) if self.kind == "string" else self.word)
            self._step()
            if self.word != "." or self.kind != "mark":
                break
            self._step()
        return keys

    def _value(self, path: Path) -> None:
        """Pass over a value. Brackets are counted, not recursed into: a text may nest as deep as it likes."""
        depth: list[tuple[str, Path, int]] = []
        while self.kind != "end":
            if self.kind == "newline" and not depth:
                return
            inner = depth[-1] if depth else None
            if self.kind == "mark" and self.word in "[{":
                here = path if inner is None else (*inner[1], inner[2]) if inner[0] == "[" else path
                depth.append((self.word, here, 0))
                self._step()
            elif self.kind == "mark" and self.word in "]}" and inner is not None:
                depth.pop()
                path = inner[1]
                self._step()
            elif inner is not None and inner[0] == "{" and self.kind in ("bare", "string"):
                line = self.line
                path = inner[1] + tuple(self._keys())
                self._note(path, line)
                if self.word == "=":
                    self._step()
                self._scalar()
            elif self.word == "," and inner is not None:
                depth[-1] = (inner[0], inner[1], inner[2] + 1)
                self._step()
            else:
                self._step()

    def _scalar(self) -> None:
        """Pass over the tokens of a value in an inline table, unless it begins a bracket."""
        while self.kind in ("bare", "string") or (self.kind == "mark" and self.word == "."):
            self._step()

    def _note(self, path: Path, line: int) -> None:
        for length in range(1, len(path) + 1):
            self.found.setdefault(path[:length], line)

    def _skip_line(self) -> None:
        while self.kind not in ("newline", "end"):
            self._step()


def _tokens(text: str) -> Iterator[tuple[str, str, int]]:
    at, line = 0, 1
    while found := _TOKEN.match(text, at):
        kind, word = found.lastgroup or "", found.group()
        if kind != "skip":
            yield kind, word, line
        line += word.count("\n")
        at = found.end()


def _unquoted(word: str) -> str:
    try:
        return next(iter(tomllib.loads(f"{word} = 0")))
    except tomllib.TOMLDecodeError:
        return word
