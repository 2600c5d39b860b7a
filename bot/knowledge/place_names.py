"""How countries are written in news: the names of `countries.toml` as patterns of the vocabulary."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from bot.knowledge.countries import HOME
from bot.knowledge.folding import CJK_FROM

SHORT = 5
"""Letters up to which a Latin name minds its case and takes no ending: Oman and Niger are parts of other words."""


def place_patterns(
    countries: Mapping[str, Any], doubted: Mapping[str, Collection[str]], care: Mapping[str, Collection[str]]
) -> Iterator[tuple[str, str]]:
    """Each country's code with each pattern that names it, in the signs of `entities.toml`.

    `doubted` are the patterns by code that are looked for apart, since they mean something else as often: those names
    are left out, as are `care["left_out"]`. Names of `care["as_written"]` mind their case like short ones. The United
    States and their territories have none: what goes there is not exported; the vocabulary has its own words for them.
    """
    apart = {pattern.strip("=*") for patterns in doubted.values() for pattern in patterns} | set(care["left_out"])
    for code, names in countries["names"].items():
        if code in HOME:
            continue
        written = (*names, *countries["aliases"].get(code, ()))
        for name in dict.fromkeys((*written, *(name.replace(" & ", " and ") for name in written))):
            if name not in apart:
                yield from ((code, pattern) for pattern in _patterns(name, name in care["as_written"]))


def _patterns(name: str, as_written: bool) -> Iterator[str]:
    if name[0] >= CJK_FROM or " " in name:
        yield name
    elif name.isupper():
        yield f"={name}"
    elif as_written or len(name) <= SHORT:
        yield f"={name}"
        yield f"={name.upper()}"
    else:
        yield f"{name}*"
