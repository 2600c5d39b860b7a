"""The lists of sources: TOML files of `[[source]]` tables, read with the place of every mistake."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from enum import Enum
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from bot.errors import ConfigError
from bot.sources.base import Source, TableError, nearest, source_from

DATA_GOV_HOSTS = frozenset(("api.congress.gov", "api.govinfo.gov", "api.regulations.gov"))
"""The services that take a key of api.data.gov (api.data.gov/docs/developer-manual)."""

_HEADER = re.compile(r"\s*\[\[\s*source\s*\]\]")
_AT_LINE = re.compile(r"\(at line (\d+), column \d+\)")


def load_sources(folder: Path) -> list[Source]:
    """The sources of all `*.toml` files of a folder, files by name, tables in their order; disabled ones too.

    Raises ConfigError with file and line: no such folder, no TOML, an unknown table, kind or key (naming the nearest
    right one), a wrong value, an id that stands twice (naming both places).
    """
    if not folder.is_dir():
        raise ConfigError("there is no such folder of sources", file=folder)
    return _load(sorted(folder.glob("*.toml")))


def sources_of_recording(path: Path) -> list[Source]:
    """The sources of one file, or of a recording's `sources.toml`. Raises ConfigError as `load_sources` does."""
    file = path / "sources.toml" if path.is_dir() else path
    if not file.is_file():
        raise ConfigError("there is no such list of sources", file=file)
    return _load([file])


def sources_of_text(text: str, name: str = "source") -> list[Source]:
    """The sources of a text. Raises ConfigError as `load_sources` does; `name` stands for the file."""
    return [source for _, source in _sources_of(text.lstrip("\ufeff"), Path(name))]


def with_key(sources: Iterable[Source], data_gov: str) -> list[Source]:
    """The sources, those that want a key of api.data.gov and name none of their own with this one."""
    return [
        source.model_copy(update={"api_key": SecretStr(data_gov)}) if data_gov and _wants_key(source) else source
        for source in sources
    ]


def _wants_key(source: Source) -> bool:
    """Whether a source has no key and asks a service of api.data.gov: nobody else is to be told it."""
    from urllib.parse import urlsplit

    if "api_key" not in type(source).model_fields or getattr(source, "api_key", None):
        return False
    address = next((request.url for request in source.requests()), "")
    parts = urlsplit(address)
    return parts.scheme == "https" and parts.hostname in DATA_GOV_HOSTS


def as_toml(sources: Iterable[Source]) -> str:
    """A list of sources as TOML that `sources_of_recording` reads back: what is set, defaults and keys left out."""
    tables = []
    for source in sources:
        values = {"id": source.id, "kind": source.kind}
        stated = source.model_dump(exclude_defaults=True).items()
        values |= {name: value for name, value in stated if name != "id" and not isinstance(value, SecretStr)}
        lines = [f"{name} = {_toml_value(value)}" for name, value in values.items() if value is not None]
        tables.append("\n".join(("[[source]]", *lines)))
    return "\n\n".join(tables) + "\n"


def _load(files: Iterable[Path]) -> list[Source]:
    sources: list[Source] = []
    places: dict[str, str] = {}
    for file in files:
        for line, source in _sources_in(file):
            if source.id in places:
                raise ConfigError(f"the id {source.id!r} stands at {places[source.id]} already", file=file, line=line)
            places[source.id] = f"{file}:{line}"
            sources.append(source)
    return sources


def _sources_in(file: Path) -> list[tuple[int, Source]]:
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"cannot be read: {error}", file=file) from error
    return _sources_of(text, file)


def _sources_of(text: str, file: Path) -> list[tuple[int, Source]]:
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = _AT_LINE.search(str(error))
        raise ConfigError(f"is no TOML: {error}", file=file, line=int(found[1]) if found else None) from error
    lines = text.splitlines()
    for name in data:
        if name != "source":
            message = f"`{name}` is not known here{nearest(name, ['source'])}"
            raise ConfigError(message, file=file, line=_line_of(lines, name, 0))
    tables = data.get("source", [])
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise ConfigError("sources are written as [[source]] tables", file=file, line=_line_of(lines, "source", 0))
    starts = [number for number, line in enumerate(lines) if _HEADER.match(line)]
    return [(_start(starts, n) + 1, _source(table, file, lines, _start(starts, n))) for n, table in enumerate(tables)]


def _start(starts: Sequence[int], number: int) -> int:
    return starts[number] if number < len(starts) else 0


def _source(table: dict[str, Any], file: Path, lines: Sequence[str], start: int) -> Source:
    try:
        return source_from(table)
    except TableError as error:
        line = _line_of(lines, error.key, start) if error.key else start + 1
        raise ConfigError(error.message, file=file, line=line) from error


def _line_of(lines: Sequence[str], key: str, start: int) -> int:
    """The line (from 1) on which a key or a table of that name stands, from a line on; that line where it does not."""
    wanted = re.compile(rf"\s*(?:\[+\s*)?[\"']?{re.escape(key)}[\"']?\s*(?:=|\]|\.)")
    for number in range(start, len(lines)):
        if number > start and _HEADER.match(lines[number]):
            break
        if wanted.match(lines[number]):
            return number + 1
    return start + 1


def _toml_value(value: Any) -> str:
    """A value of a source table in TOML: texts, numbers, truth values, days and lists of these."""
    if isinstance(value, Enum):
        value = value.value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(int(value)) if isinstance(value, float) and value.is_integer() else repr(value)
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return f"[{', '.join(_toml_value(item) for item in value)}]"
    return '"' + "".join(_ESCAPES.get(sign, sign) for sign in str(value)) + '"'


_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"} | {
    chr(code): f"\\u{code:04x}" for code in (*range(9), 11, 12, *range(14, 32), 127)
}
