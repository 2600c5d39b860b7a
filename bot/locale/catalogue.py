"""The catalogues: every message by its key, in English, German and Chinese. Nothing that people read stands in code.

A language is a folder of TOML files; the file's name begins the key: `law.toml` with `[status]` and `unchanged = "..."`
holds `law.status.unchanged`. A table with `one` and `other` is one message with a plural, chosen by the value `n`.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from bot.locale.form import Form
from bot.locale.message import Message, fill, message_of
from bot.locale.rich import Rich, plain

LANGUAGES = ("en", "de", "zh")
"""Every language that ships, the fallback first."""


class Catalogue:
    """The messages of one language. `texts` holds them as written; what a language lacks is taken from English."""

    def __init__(self, language: str, tables: Mapping[str, Any], fallback: Catalogue | None = None) -> None:
        tables = dict(tables)
        self.language = language
        self.form = Form.of(language, tables.pop("form"))
        about = tables.pop("about")
        self.native_read: bool = about["native_read"]
        self.texts: Mapping[str, str] = dict(flattened(tables))
        self._fallback = fallback
        self._messages: dict[str, Message] = {}

    def has(self, key: str) -> bool:
        """Whether there is such a message, here or in English."""
        return (
            key in self.texts
            or f"{key}.other" in self.texts
            or (self._fallback is not None and self._fallback.has(key))
        )

    def owns(self, key: str) -> bool:
        """Whether this language itself has such a message: for words that no other language can lend, like articles."""
        return key in self.texts

    def say(self, key: str, **values: object) -> Rich:
        """A message with its values. Raises KeyError for an unknown key, or a placeholder without a value."""
        message = self._messages.get(key)
        if message is None:
            message = self.message(key, values)
        return fill(message, values, self.form.write)

    def text(self, key: str, **values: object) -> str:
        """A message as plain words, without its styles. Raises as `say` does."""
        return plain(self.say(key, **values))

    def first(self, *keys: str) -> str:
        """The first of several keys that there is, from the most special to the general. Raises KeyError for none."""
        for key in keys:
            if self.has(key):
                return key
        raise KeyError(keys[-1])

    def message(self, key: str, values: Mapping[str, object]) -> Message:
        """The message of a key, of a plural the form that goes with `values["n"]`. Raises KeyError as `say` does."""
        if f"{key}.other" in self.texts:
            category = self.form.plural(values.get("n"))
            chosen = f"{key}.{category}"
            return self._read(chosen if chosen in self.texts else f"{key}.other")
        if key in self.texts:
            return self._read(key)
        if self._fallback is not None:
            return self._fallback.message(key, values)
        raise KeyError(key)

    def _read(self, key: str) -> Message:
        """The message of a key that is no plural, read once; a plural's forms are kept under their full keys."""
        if key not in self._messages:
            self._messages[key] = message_of(self.texts[key])
        return self._messages[key]


def flattened(table: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, str]]:
    """The messages of nested tables by their dotted keys."""
    for name, value in table.items():
        if isinstance(value, str):
            yield before + name, value
        else:
            yield from flattened(value, f"{before}{name}.")


@cache
def catalogue(language: str) -> Catalogue:
    """The catalogue of a language (`de`, `zh-Hans`, `en_GB`): the nearest that ships, English where there is none."""
    wanted = language.lower().replace("_", "-").partition("-")[0]
    if wanted != language or wanted not in LANGUAGES:
        return catalogue(wanted if wanted in LANGUAGES else LANGUAGES[0])
    fallback = catalogue(LANGUAGES[0]) if wanted != LANGUAGES[0] else None
    return Catalogue(wanted, tables_of(wanted), fallback)


def tables_of(language: str) -> dict[str, Any]:
    """Every file of a language, by name."""
    files = sorted((Path(__file__).parent / language).glob("*.toml"))
    return {file.stem: tomllib.loads(file.read_text(encoding="utf-8")) for file in files}


def reader_language(environment: Mapping[str, str] | None = None) -> str:
    """The language of whoever sits at the terminal: Chipwatch's own setting, else what the system's variables say."""
    settings = os.environ if environment is None else environment
    for name in ("CHIPWATCH_BOT__LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        wanted = settings.get(name, "").partition("_")[0].partition(".")[0].lower()
        if wanted:
            return wanted if wanted in LANGUAGES else LANGUAGES[0]
    return LANGUAGES[0]
