"""Writes what the tables say: config/chipwatch.toml (every setting, commented out) and docs/settings.md.

`make reference` runs it; a test fails when either file is not what it would write.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from bot.settings.loading import FROM_FILE, PREFIX
from bot.settings.tables import SETTINGS, TOPICS, Secret, Setting

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
    for table, settings in SETTINGS.items():
        lines = [f"[{table}]  # {TOPICS[table].__doc__}"]
        for each in settings.values():
            lines += [f"# {_help(each)}", f"#{each.key} = {_toml(each.default)}"]
        parts.append("\n".join(lines) + "\n")
    return "\n".join(parts)


def page() -> str:
    """The reference page in Markdown."""
    parts = [PAGE_HEAD]
    for table, settings in SETTINGS.items():
        lines = [
            f"## {table}",
            "",
            str(TOPICS[table].__doc__),
            "",
            "| setting | default | what it does |",
            "|---|---|---|",
        ]
        for each in settings.values():
            shown = f"`{_toml(each.default)}`" if each.default else "none"
            secret = " Secret: never shown or logged." if each.secret else ""
            lines.append(f"| `{each.name}` | {shown} | {_help(each)}{secret} |")
        parts.append("\n".join(lines) + "\n")
    lines = [f"## Variables of the environment\n\nEach of them also with `{FROM_FILE}`.\n"]
    lines += [f"- `{PREFIX}{table}__{key}`".upper() for table, settings in SETTINGS.items() for key in settings]
    parts.append("\n".join(lines) + "\n")
    return "\n".join(parts)


def _help(setting: Setting) -> str:
    return setting.help + (f" One of {', '.join(setting.choices)}." if setting.choices else "")


def _toml(value: Any) -> str:
    """A default as TOML writes it."""
    match value:
        case Secret():
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
