"""The words that typed lines and free questions are read by: other names of verbs and parameters, nations, routes."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from types import MappingProxyType


@cache
def words(table: str) -> Mapping[str, tuple[str, ...]]:
    """A table of `words.toml`: lists of casefolded words by name."""
    text = (resources.files("bot.commands") / "words.toml").read_text(encoding="utf-8")
    return MappingProxyType(
        {name: tuple(word.casefold() for word in row) for name, row in tomllib.loads(text)[table].items()}
    )


@cache
def meaning(table: str) -> Mapping[str, str]:
    """The same the other way round: what a word stands for; names stand for themselves."""
    found = {name.casefold(): name for name in words(table)}
    for name, others in words(table).items():
        for other in others:
            found.setdefault(other, name)
    return MappingProxyType(found)
