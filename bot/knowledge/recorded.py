"""Events that a maintainer records at run time: read from TOML, proofread, and refused with the line that is wrong."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from bot.errors import ConfigError, UserError
from bot.knowledge.chips import Chips
from bot.knowledge.entry import EntryError, event_from
from bot.knowledge.event import Effect, Event
from bot.knowledge.ledger import MARKER_3A090, Ledger
from bot.knowledge.proofreading import check

MAX_BYTES = 256 * 1024
MAX_EVENTS = 100

_HEADER = re.compile(r"^\s*\[\[\s*event\s*\]\]")
_STRINGS = re.compile(r'"""(?:\\.|[^\\])*?"""|"(?:\\.|[^"\\\n])*+"|\'[^\'\n]*+\'|#[^\n]*+', re.DOTALL)
_DEEP_KEY = re.compile(r"(?:\.[ \t]*+[\w-]++[ \t]*+){32}")
_AT_LINE = re.compile(r"\(at line (\d+), column \d+\)$")


def chip_names(chips: Chips) -> Callable[[str], str | None]:
    """A look-up that gives the canonical name of a chip in any spelling, of a family, or of `@3A090`; else None."""

    def canonical(name: str) -> str | None:
        if name == MARKER_3A090 or name in chips:
            return name
        if family := chips.family(name):
            return family.name
        try:
            return chips.find(name).name
        except UserError:
            return None

    return canonical


def read_events(text: str, file: Path | str = "event.toml", *, limited: bool = True) -> tuple[Event, ...]:
    """The events in TOML tables `[[event]]`; at most 100 in 256 KiB where `limited`.

    Raises ConfigError with file and line for text that is no TOML, for too much of it, and for a field that is missing,
    unknown or of the wrong kind. Nothing is compared with the ledger yet: that does `examine`.
    """
    if limited and len(text.encode("utf-8", "surrogatepass")) > MAX_BYTES:
        raise ConfigError(f"more than {MAX_BYTES // 1024} KiB; record fewer events at once", file=file)
    whole = _parsed(text, file)
    tables = whole.pop("event", None)
    if whole:
        raise ConfigError(f"{next(iter(whole))!r} stands outside an [[event]] table", file=file, line=1)
    if not isinstance(tables, list) or not tables or not all(isinstance(table, dict) for table in tables):
        raise ConfigError("no [[event]] table is here", file=file)
    if limited and len(tables) > MAX_EVENTS:
        raise ConfigError(f"more than {MAX_EVENTS} events; record fewer at once", file=file)
    events = []
    for number, table in enumerate(tables):
        try:
            events.append(event_from(table))
        except EntryError as error:
            raise ConfigError(str(error), file=file, line=_line_of(text, number, error.field)) from None
    return tuple(events)


def _parsed(text: str, file: Path | str) -> dict[str, Any]:
    """The text as TOML. The parser takes quadratic time over keys with many dots, and recurses over brackets."""
    if _DEEP_KEY.search(_STRINGS.sub("s", text)):
        raise ConfigError("not TOML that anyone would write: a key with 32 dots", file=file)
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        at = _AT_LINE.search(str(error))
        raise ConfigError(f"not TOML: {error}", file=file, line=int(at[1]) if at else None) from None
    except RecursionError:
        raise ConfigError("not TOML that anyone would write: nested too deeply", file=file) from None


def examine(
    text: str, ledger: Ledger, canonical: Callable[[str], str | None], file: Path | str = "event.toml"
) -> tuple[Event, ...]:
    """The events in a text, with canonical chip names, when they may be laid over the ledger.

    `canonical` gives the short name of a chip or family in any spelling (`chip_names`). Raises ConfigError, with every
    problem in its message and the line of the first, when the text cannot be read, an event has no citation, a chip or
    status is unknown, a link leads nowhere, or an effect takes the place of one that still holds without a link to it.
    """
    events = tuple(_with_names(event, canonical) for event in read_events(text, file))
    problems = check(events, lambda name: canonical(name) is not None, ledger.events)
    if problems:
        first = problems[0]
        number = next((n for n, event in enumerate(events) if event.id == first.event), 0)
        message = "; ".join(str(problem) for problem in problems[:10])
        raise ConfigError(message, file=file, line=_line_of(text, number, first.field))
    return events


def _with_names(event: Event, canonical: Callable[[str], str | None]) -> Event:
    def named(names: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(canonical(name) or name for name in names))

    def effect(given: Effect) -> Effect:
        return replace(given, chips=named(given.chips))

    return replace(event, chips=named(event.chips), effects=tuple(effect(given) for given in event.effects))


def _line_of(text: str, number: int, field: str) -> int | None:
    """The line of a field in the event with that number, or of the event's head; lines count from 1."""
    seen = -1
    head = None
    for line, words in enumerate(text.splitlines(), start=1):
        if _HEADER.match(words):
            seen += 1
            if seen > number:
                break
            head = line
        elif seen == number and words.strip().partition("=")[0].strip().strip("[] ").removeprefix("event.") == field:
            return line
    return head
