"""From the layers (defaults, config/chipwatch.toml, environment) to the settings in effect, each with its origin."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Set
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from bot.errors import ConfigError
from bot.settings.tables import SETTINGS, TOPICS, Secret, Setting, Settings

if TYPE_CHECKING:
    from tomllib import TOMLDecodeError

FILE_NAME = "chipwatch.toml"
PREFIX = "CHIPWATCH_"
FROM_FILE = "_FILE"
HIDDEN = "(set, hidden)"

_TRUE, _FALSE = frozenset({"true", "1", "yes", "on"}), frozenset({"false", "0", "no", "off"})


@dataclass(frozen=True, slots=True)
class Row:
    """One setting in effect, fit to be printed: `value` is hidden where the setting is a secret that is set."""

    name: str
    value: Any
    origin: str


@dataclass(slots=True)
class _Layers:
    """The values so far, by table and key, and where each was read. A later layer goes before an earlier one."""

    values: dict[str, dict[str, Any]] = field(default_factory=lambda: {table: {} for table in TOPICS})
    origins: dict[str, str] = field(default_factory=dict)

    def put(self, setting: Setting, value: Any, origin: str) -> None:
        """Raises ValueError with what is wrong with the value."""
        self.values[setting.table][setting.key] = setting.accept(value)
        self.origins[setting.name] = origin


def default_config_dir() -> Path:
    """The configuration where none is named: `config/` here if it is one of Chipwatch's, else what is built in."""
    here = Path("config")
    return here if (here / FILE_NAME).is_file() else _built_in()  # any project may have a folder `config`


def sources_dir(config: Path | None) -> Path:
    """The folder of source tables: the configuration's own `sources/`, else the curated list."""
    own = (config or default_config_dir()) / "sources"
    return own if own.is_dir() else _built_in() / "sources"


def _built_in() -> Path:
    """In an installed wheel the copy inside the package, in a checkout the folder beside it."""
    package = Path(__file__).resolve().parent.parent
    inside = package / "config"
    return inside if inside.is_dir() else package.parent / "config"


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
    tables = {table: topic(**layers.values[table]) for table, topic in TOPICS.items()}
    return Settings(**tables, origins=layers.origins)


def effective(settings: Settings) -> list[Row]:
    """Every setting with its value and origin, in the order of the reference page; secrets are hidden."""
    return [Row(each.name, _shown(_value(settings, each)), settings.origin(each.name)) for each in _all()]


def secret_values(settings: Settings) -> list[str]:
    """The secrets that are set, in the clear: for the log, which must never print them. The password of a database
    is one, as it is written in `store.url` and as it is meant; of a list of keys each is one."""
    values = (_value(settings, each) for each in _all())
    found = [value.reveal() for value in values if isinstance(value, Secret) and value]
    found += [key.strip() for value in found if "," in value for key in value.split(",")]
    password = _password(settings.store.url)
    return list(dict.fromkeys([*found, *filter(None, (password, unquote(password)))]))


def _all() -> list[Setting]:
    return [setting for table in SETTINGS.values() for setting in table.values()]


def _value(settings: Settings, setting: Setting) -> Any:
    return getattr(getattr(settings, setting.table), setting.key)


def _shown(value: Any) -> Any:
    if isinstance(value, Secret):
        return HIDDEN if value else ""
    if isinstance(value, str) and (password := _password(value)):
        return value.replace(f":{password}@", f":{HIDDEN}@", 1)
    return list(value) if isinstance(value, tuple) else value


def _password(address: str) -> str:
    """The password in an address, as it is written; empty where there is none."""
    user, at, _ = address.partition("://")[2].rpartition("@")
    return user.partition(":")[2] if at else ""


def _read_file(file: Path, layers: _Layers) -> None:
    import tomllib

    text = _text(file)
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line, sentence = _place_and_sentence(error, text)
        raise ConfigError(f"is no TOML: {sentence}", file=file, line=line) from None
    except RecursionError:
        raise ConfigError("is nested too deeply", file=file) from None
    for table, values in tables.items():
        if table not in SETTINGS:
            message = f"there is no table [{table}]{_nearest_table(table, values)}"
        elif not isinstance(values, dict):
            message = f"{table} is a table: write [{table}] and its settings below"
        else:
            _take_table(table, values, file, text, layers)
            continue
        raise ConfigError(message, file=file, line=_line(text, table))


def _take_table(table: str, values: Mapping[str, Any], file: Path, text: str, layers: _Layers) -> None:
    for key, value in values.items():
        line = _line(text, table, key)
        if key not in SETTINGS[table]:
            raise ConfigError(f"there is no setting {table}.{key}{_nearest(table, key)}", file=file, line=line)
        try:
            layers.put(SETTINGS[table][key], value, f"{file}:{line}")
        except ValueError as error:
            raise ConfigError(f"{table}.{key} {error}", file=file, line=line) from None


def _line(text: str, *path: str) -> int | None:
    from bot.settings.places import line_of, places

    return line_of(places(text.replace("\r\n", "\n")), path)


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


def _place_and_sentence(error: TOMLDecodeError, text: str) -> tuple[int, str]:
    """The line that tomllib names, or the last one, and what it says besides."""
    import re

    said = re.fullmatch(r"(.*?)(?: \(at (?:line (\d+), column \d+|end of document)\))?", str(error), re.DOTALL)
    assert said is not None
    line = int(said[2]) if said[2] else text.rstrip().count("\n") + 1
    return line, said[1][:1].lower() + said[1][1:]


def _read_environment(environ: Mapping[str, str], layers: _Layers) -> None:
    ours = sorted(name for name in environ if name.startswith(PREFIX))  # a table comes before its settings
    if not ours:
        return
    known = {f"{PREFIX}{each.table}__{each.key}".upper(): each for each in _all()}
    tables = {f"{PREFIX}{table}".upper(): table for table in SETTINGS}
    for variable in ours:
        name, text = _named(variable, environ, known.keys() | tables.keys())
        if name in tables:
            values = _table_from_text(tables[name], text, variable)
        elif name in known:
            values = {known[name]: _from_text(known[name], text, variable)}
        else:
            raise ConfigError(f"{variable}: there is no such setting{_nearest_variable(variable, known)}")
        for setting, value in values.items():
            try:
                layers.put(setting, value, variable)
            except ValueError as error:
                raise ConfigError(f"{variable}: {setting.name} {error}") from None


def _named(variable: str, environ: Mapping[str, str], names: Set[str]) -> tuple[str, str]:
    """What a variable names and its text, which `..._FILE` reads from a file."""
    name = variable.removesuffix(FROM_FILE)
    if variable in names or name not in names:
        return variable, environ[variable]
    if name in environ:
        raise ConfigError(f"{variable}: {name} is set too; keep one of them")
    return name, _text(Path(environ[variable])).rstrip("\r\n")


def _table_from_text(table: str, text: str, variable: str) -> dict[Setting, Any]:
    """A whole table of settings as JSON."""
    values = _json(text)
    if not isinstance(values, dict):
        raise ConfigError(f"{variable}: is a table; write it as JSON, or set {variable}__<KEY> for single settings")
    for key in values:
        if key not in SETTINGS[table]:
            raise ConfigError(f"{variable}: there is no setting {table}.{key}{_nearest(table, key)}")
    return {SETTINGS[table][key]: value for key, value in values.items()}


def _from_text(setting: Setting, text: str, variable: str) -> Any:
    """The value that a variable's text stands for; a text that stands for none is left for the types to refuse."""
    match setting.default:
        case tuple():
            value = _json(text)
            if not isinstance(value, list):
                raise ConfigError(f'{variable}: is a list; write it as JSON, for example ["127.0.0.1"]')
            return value
        case bool():
            return text.lower() in _TRUE if text.lower() in _TRUE | _FALSE else text
        case int() | float():
            try:
                return type(setting.default)(text)
            except ValueError:
                return text
    return text


def _json(text: str) -> Any:
    """None for a text that is no JSON."""
    import json

    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _nearest_variable(variable: str, known: Collection[str]) -> str:
    import difflib

    names = [name.removeprefix(PREFIX) for name in known]  # what all have in common makes nothing alike
    close = difflib.get_close_matches(variable.removeprefix(PREFIX), names, n=1, cutoff=0.6)
    return f"; did you mean {PREFIX}{close[0]}?" if close else "; `chipwatch config show` lists the settings"


def _nearest_table(table: str, values: Any) -> str:
    """The nearest right table, by its name, or by a setting that somebody left outside of every table."""
    if not isinstance(values, dict):
        for name, settings in SETTINGS.items():
            if table in settings:
                return f"; did you mean {table} in [{name}]?"
    return _suggestion(table, list(SETTINGS), "[{}]")


def _nearest(table: str, key: str) -> str:
    """The nearest right setting: in the same table, or the same key in another one."""
    import difflib

    own = list(SETTINGS[table])
    if not difflib.get_close_matches(key, own, n=1, cutoff=0.5):
        for name, settings in SETTINGS.items():
            if key in settings:
                return f"; did you mean {name}.{key}?"
    return _suggestion(key, own, f"{table}.{{}}")


def _suggestion(word: str, words: list[str], form: str) -> str:
    import difflib

    close = difflib.get_close_matches(word, words, n=1, cutoff=0.5)
    if close:
        return f"; did you mean {form.format(close[0])}?"
    return f"; there are {', '.join(form.format(each) for each in words)}"
