"""The sentences of an answer, in English, by key. Cards take the same keys and values from the catalogues instead."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib import resources

from bot.knowledge.countries import Country


@cache
def english() -> Mapping[str, str]:
    """Every sentence by its key, such as `reason.nac`; read once from the package's data."""
    text = (resources.files("bot.knowledge") / "data" / "wording.toml").read_text(encoding="utf-8")
    tables = tomllib.loads(text)
    return {f"{group}.{name}": sentence for group, rows in tables.items() for name, sentence in rows.items()}


@dataclass(frozen=True, slots=True)
class Said:
    """One sentence: its key, the values of its placeholders (dates, numbers, codes as they are), its English text."""

    key: str
    values: Mapping[str, object] = field(default_factory=dict)
    text: str = ""


def say(key: str, **values: object) -> Said:
    """The sentence of a key. Countries become their name, numbers get separators, dates are written out.

    Raises KeyError for an unknown key or a placeholder without a value.
    """
    shown = {name: written(value) for name, value in values.items()}
    return Said(key, values, english()[key].format_map(shown))


def written(value: object) -> str:
    """A value as English prose: 2,368; 2.91; 9 April 2025; Malaysia."""
    if isinstance(value, Country):
        return value.en
    if isinstance(value, date):
        return f"{value.day} {value:%B %Y}"
    if isinstance(value, float) and not value.is_integer():
        return f"{value:,.2f}".rstrip("0").rstrip(".") if value < 1000 else f"{value:,.1f}"
    if isinstance(value, (int, float)):
        return f"{int(value):,}"
    return "unknown" if value is None else str(value)
