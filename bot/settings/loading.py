"""From the layers (defaults, config/chipwatch.toml, environment) to the settings in effect, each with its origin."""

from __future__ import annotations

import difflib
import json
import re
import tomllib
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import SecretStr, ValidationError
from pydantic.fields import FieldInfo

from bot.errors import ConfigError
from bot.settings.places import line_of, places
from bot.settings.tables import Settings, Topic

FILE_NAME = "chipwatch.toml"
PREFIX = "CHIPWATCH_"
FROM_FILE = "_FILE"
HIDDEN = "(set, hidden)"

_TABLES: dict[str, type[Topic]] = {name: info.annotation for name, info in Settings.model_fields.items()}  # type: ignore[misc]
_TRUE, _FALSE = frozenset({"true", "1", "yes", "on"}), frozenset({"false", "0", "no", "off"})


@dataclass(frozen=True, slots=True)
class Row:
    """One setting in effect, fit to be printed: `value` is hidden where the setting is a secret that is set."""

    name: str
    value: Any
    origin: str


@dataclass(slots=True)
class _Layers:
    """The values so far, by table and key, and where each was read."""

    values: dict[str, dict[str, Any]] = field(default_factory=dict)
    origins: dict[str, str] = field(default_factory=dict)
    lines: dict[str, tuple[Path, int | None]] = field(default_factory=dict)

    def put(self, table: str, key: str, value: Any, origin: str) -> None:
        # TOML and JSON know lists only; the settings are frozen to the bottom
        self.values.setdefault(table, {})[key] = tuple(value) if isinstance(value, list) else value
        self.origins[f"{table}.{key}"] = origin


def default_config_dir() -> Path:
    """The configuration where none is named: `config/` here if it is one of Chipwatch's, else what is built in.

    The built-in one carries the curated sources: in a checkout the folder beside the package, in an installed wheel
    the copy inside it.
    """
    here = Path("config")
    if (here / FILE_NAME).is_file():  # any project may have a folder `config`
        return here
    package = Path(__file__).resolve().parent.parent
    inside = package / "config"
    return inside if inside.is_dir() else package.parent / "config"


def sources_dir(config: Path | None) -> Path:
    """The folder of source tables: the configuration's own `sources/`, else the curated list."""
    own = (config or default_config_dir()) / "sources"
    if own.is_dir():
        return own
    package = Path(__file__).resolve().parent.parent
    inside = package / "config"
    return (inside if inside.is_dir() else package.parent / "config") / "sources"


def load(config_dir: Path | None, environ: Mapping[str, str]) -> Settings:
    """The settings in effect: defaults, then `chipwatch.toml` in `config_dir`, then the environment.

    Raises ConfigError with file and line (or the variable), what is wrong and the nearest right name.
    """
    if config_dir is not None and not config_dir.is_dir():
        raise ConfigError("is no folder; --config takes the one that chipwatch.toml lies in", file=config_dir)
    layers = _Layers()
    file = (config_dir or default_config_dir()) / FILE_NAME
    if file.exists():
        _read_file(file, layers)
    _read_environment(environ, layers)
    try:
        settings = Settings.model_validate(layers.values)
    except ValidationError as error:
        raise _explained(error, layers) from None
    settings._origins.update(layers.origins)  # noqa: SLF001  # nobody else may write it
    return settings


def effective(settings: Settings) -> list[Row]:
    """Every setting with its value and origin, in the order of the reference page; secrets are hidden."""
    rows = []
    for table, topic in _TABLES.items():
        for key in topic.model_fields:
            value = getattr(getattr(settings, table), key)
            if isinstance(value, SecretStr):
                value = HIDDEN if value else ""
            name = f"{table}.{key}"
            rows.append(Row(name, list(value) if isinstance(value, tuple) else value, settings.origin(name)))
    return rows


def secret_values(settings: Settings) -> list[str]:
    """The secrets that are set, in the clear: for the log, which must never print them."""
    values = (getattr(getattr(settings, table), key) for table, topic in _TABLES.items() for key in topic.model_fields)
    return [value.get_secret_value() for value in values if isinstance(value, SecretStr) and value]


def _read_file(file: Path, layers: _Layers) -> None:
    text = _text(file)
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"is no TOML: {_without_place(error)}", file=file, line=_line_in(error, text)) from None
    except RecursionError:
        raise ConfigError("is nested too deeply", file=file) from None
    found = places(text.replace("\r\n", "\n"))
    for table, values in tables.items():
        line = line_of(found, (table,))
        if table not in _TABLES:
            raise ConfigError(f"there is no table [{table}]{_nearest_table(table, values)}", file=file, line=line)
        if not isinstance(values, dict):
            raise ConfigError(f"{table} is a table: write [{table}] and its settings below", file=file, line=line)
        for key, value in values.items():
            line = line_of(found, (table, key))
            if key not in _TABLES[table].model_fields:
                raise ConfigError(f"there is no setting {table}.{key}{_nearest(table, key)}", file=file, line=line)
            layers.put(table, key, value, f"{file}:{line}")
            layers.lines[f"{table}.{key}"] = (file, line)


def _text(file: Path) -> str:
    try:
        raw = file.read_bytes()
    except OSError as error:
        raise ConfigError(f"cannot be read: {error.strerror}", file=file) from error
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise ConfigError("is not UTF-8; save it as UTF-8", file=file, line=line) from None


def _line_in(error: tomllib.TOMLDecodeError, text: str) -> int:
    place = re.search(r"at line (\d+)", str(error))
    return int(place.group(1)) if place else text.rstrip().count("\n") + 1


def _without_place(error: tomllib.TOMLDecodeError) -> str:
    sentence = re.sub(r" \(at [^)]*\)$", "", str(error))
    return sentence[:1].lower() + sentence[1:]


def _read_environment(environ: Mapping[str, str], layers: _Layers) -> None:
    known = {f"{PREFIX}{table}__{key}".upper(): (table, key) for table, t in _TABLES.items() for key in t.model_fields}
    tables = {f"{PREFIX}{table}".upper(): table for table in _TABLES}
    for variable in sorted(name for name in environ if name.startswith(PREFIX)):  # a table comes before its settings
        name, text = _named(variable, environ, known.keys() | tables.keys())
        if name in tables:
            values = _table_from_text(tables[name], text, variable)
        elif name in known:
            table, key = known[name]
            values = {key: _from_text(_TABLES[table].model_fields[key], text, variable)}
        else:
            close = difflib.get_close_matches(variable, known, n=1, cutoff=0.6)
            hint = f"; did you mean {close[0]}?" if close else "; `chipwatch config show` lists the settings"
            raise ConfigError(f"{variable}: there is no such setting{hint}")
        table = tables[name] if name in tables else known[name][0]
        for key, value in values.items():
            layers.put(table, key, value, variable)
            layers.lines.pop(f"{table}.{key}", None)


def _named(variable: str, environ: Mapping[str, str], names: Set[str]) -> tuple[str, str]:
    """What a variable names and its text, which `..._FILE` reads from a file."""
    name = variable.removesuffix(FROM_FILE)
    if variable in names or name not in names:
        return variable, environ[variable]
    if name in environ:
        raise ConfigError(f"{variable}: {name} is set too; keep one of them")
    return name, _text(Path(environ[variable])).rstrip("\r\n")


def _table_from_text(table: str, text: str, variable: str) -> dict[str, Any]:
    """A whole table of settings as JSON."""
    try:
        values = json.loads(text)
    except ValueError:
        values = None
    if not isinstance(values, dict):
        raise ConfigError(f"{variable}: is a table; write it as JSON, or set {variable}__<KEY> for single settings")
    for key in values:
        if key not in _TABLES[table].model_fields:
            raise ConfigError(f"{variable}: there is no setting {table}.{key}{_nearest(table, key)}")
    return values


def _from_text(info: FieldInfo, text: str, variable: str) -> Any:
    """The value that a variable's text stands for; a text that stands for none is left for the types to refuse."""
    wanted = type(info.default)
    if wanted is tuple:
        try:
            value = json.loads(text)
        except ValueError:
            value = None
        if not isinstance(value, list):
            raise ConfigError(f'{variable}: is a list; write it as JSON, for example ["127.0.0.1"]')
        return value
    if wanted is bool and text.lower() in _TRUE | _FALSE:
        return text.lower() in _TRUE
    if wanted in (int, float):
        try:
            return wanted(text)
        except ValueError:
            return text
    return text


def _explained(error: ValidationError, layers: _Layers) -> ConfigError:
    """The first mistake, with the place where its value was written."""
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    name = ".".join(str(part) for part in first["loc"][:2])
    message = first["msg"].removeprefix("Value error, ")
    message = message[:1].lower() + message[1:]
    if name in layers.lines:
        file, line = layers.lines[name]
        return ConfigError(f"{name}: {message}", file=file, line=line)
    return ConfigError(f"{layers.origins.get(name, name)}: {message}")


def _nearest_table(table: str, values: Any) -> str:
    """The nearest right table, by its name, or by a setting that somebody left outside of every table."""
    if not isinstance(values, dict):
        for name, topic in _TABLES.items():
            if table in topic.model_fields:
                return f"; did you mean {table} in [{name}]?"
    return _suggestion(table, _TABLES, "[{}]")


def _nearest(table: str, key: str) -> str:
    """The nearest right setting: in the same table, or the same key in another one."""
    own = _TABLES[table].model_fields
    if not difflib.get_close_matches(key, own, n=1, cutoff=0.5):
        for name, topic in _TABLES.items():
            if key in topic.model_fields:
                return f"; did you mean {name}.{key}?"
    return _suggestion(key, own, f"{table}.{{}}")


def _suggestion(word: str, words: Iterable[str], form: str) -> str:
    words = list(words)
    close = difflib.get_close_matches(word, words, n=1, cutoff=0.5)
    if close:
        return f"; did you mean {form.format(close[0])}?"
    return f"; there are {', '.join(form.format(each) for each in words)}"
