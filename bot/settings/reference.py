"""Writes what the tables say: config/chipwatch.toml (every setting, commented out) and docs/settings.md.

`make reference` runs it; a test fails when either file is not what it would write.
"""

from __future__ import annotations

import json
import sys
import typing
from pathlib import Path
from typing import Any

from pydantic import SecretStr
from pydantic.fields import FieldInfo

from bot.settings.loading import FROM_FILE, PREFIX
from bot.settings.tables import Settings, Topic

EXAMPLE_HEAD = """\
# Every setting of Chipwatch with its default. Take the mark away from a line to change it.
# The environment goes before this file: CHIPWATCH_<TABLE>__<KEY>, lists as JSON; with _FILE at the end the value is
# read from the file named. Secrets are best kept out of this file. `make reference` writes it anew.
"""
PAGE_HEAD = """\
# Settings

Written by `make reference` from `bot/settings/tables.py`; do not edit.

A setting comes from the first of these that names it: the environment, `chipwatch.toml` in the folder given by
`--config` (default: `config/`), the default below. `chipwatch config show` prints what is in effect and where it came
from, `chipwatch config check` finds mistakes. An unknown name, in the file or the environment, stops the start with
its place and the nearest right name.

In the environment a setting is called `CHIPWATCH_<TABLE>__<KEY>`, with two underscores between table and key; a list is
written as JSON, and so is a whole table, `CHIPWATCH_<TABLE>`. With `_FILE` added to the name, the value is read from
the file that the variable names: `CHIPWATCH_DISCORD__TOKEN_FILE=/run/secrets/discord`.
"""


def example() -> str:
    """The example file: valid TOML that sets nothing."""
    parts = [EXAMPLE_HEAD]
    for table, topic in _topics():
        lines = [f"[{table}]  # {_first_line(topic)}"]
        for key, info in topic.model_fields.items():
            lines += [f"# {info.description}{_choices(info)}", f"#{key} = {_toml(info.default)}"]
        parts.append("\n".join(lines) + "\n")
    return "\n".join(parts)


def page() -> str:
    """The reference page in Markdown."""
    parts = [PAGE_HEAD]
    for table, topic in _topics():
        lines = [f"## {table}", "", _first_line(topic), "", "| setting | default | what it does |", "|---|---|---|"]
        for key, info in topic.model_fields.items():
            default = "none" if info.default in ("", ()) or isinstance(info.default, SecretStr) else _toml(info.default)
            shown = default if default == "none" else f"`{default}`"
            secret = " Secret: never shown or logged." if isinstance(info.default, SecretStr) else ""
            lines.append(f"| `{table}.{key}` | {shown} | {info.description}{_choices(info)}{secret} |")
        parts.append("\n".join(lines) + "\n")
    lines = [f"## Variables of the environment\n\nEach of them also with `{FROM_FILE}`.\n"]
    lines += [f"- `{PREFIX}{t}__{k}`".upper() for t, topic in _topics() for k in topic.model_fields]
    parts.append("\n".join(lines) + "\n")
    return "\n".join(parts)


def _topics() -> list[tuple[str, type[Topic]]]:
    return [(name, typing.cast("type[Topic]", info.annotation)) for name, info in Settings.model_fields.items()]


def _first_line(topic: type[Topic]) -> str:
    return (topic.__doc__ or "").splitlines()[0]


def _choices(info: FieldInfo) -> str:
    if typing.get_origin(info.annotation) is not typing.Literal:
        return ""
    return f" One of {', '.join(map(str, typing.get_args(info.annotation)))}."


def _toml(value: Any) -> str:
    """A default as TOML writes it."""
    match value:
        case SecretStr():
            return '""'
        case bool() | str():
            return json.dumps(value)
        case tuple():
            return json.dumps(list(value))
        case int() | float():
            return repr(value)
        case _:
            raise TypeError(f"no TOML for {value!r}")


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(example(), encoding="utf-8")
    Path(sys.argv[2]).write_text(page(), encoding="utf-8")
