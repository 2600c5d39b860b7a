"""Suggestions while somebody types: chips by any alias, places, stories, sources."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator
from heapq import nsmallest

from bot.cards.card import Option
from bot.cards.cutting import clean
from bot.cards.names import place_name
from bot.commands.ask import Ask
from bot.commands.declaration import Kind, Parameter
from bot.commands.describing import choice_label
from bot.knowledge.spelling import plain
from bot.locale.catalogue import catalogue
from bot.pipeline.reading import retrieval

MOST = 25
LONGEST_LABEL = 100
STORE_S = 0.8
"""Seconds that the store may take; a suggestion that comes later is of no use."""
FIRST_CHIPS = (
    "H20",
    "H200",
    "H100",
    "B200",
    "B300",
    "B30A",
    "RTX PRO 6000D",
    "RTX 5090",
    "MI308X",
    "MI325X",
    "A100",
    "A800",
    "H800",
)
MAKERS_IN_CHINESE = {"英伟达": "Nvidia", "輝達": "Nvidia", "英特尔": "Intel", "华为": "Huawei", "華為": "Huawei"}
FIRST_PLACES = ("CN", "HK", "TW", "SG", "MY", "AE", "SA", "IN", "KR", "JP", "VN", "DE", "NL", "RU", "QA", "MO")


async def options(ask: Ask, parameter: Parameter, typed: str) -> tuple[Option, ...]:
    """At most 25 suggestions for what has been typed so far."""
    typed = clean(typed, LONGEST_LABEL)
    match parameter.kind:
        case Kind.CHIP:
            return _options(_chips(ask, typed))
        case Kind.PLACE:
            return _options(_places(ask, typed))
        case Kind.SOURCE:
            known = ((id_, source.label) for id_, source in ask.services.sources.items())
            return _options(_alike(typed, known))
        case Kind.STORY:
            async with asyncio.timeout(STORE_S):
                found = await ask.store.read(lambda conn: retrieval.titled(conn, typed, MOST))
            return _options((story, title) for story, title in found)
        case Kind.CHOICE:
            return _options(_alike(typed, ((c, choice_label(ask.language, c)) for c in parameter.choices)))
    return ()


def _options(found: Iterable[tuple[str, str]]) -> tuple[Option, ...]:
    made: dict[str, Option] = {}
    for value, label in found:
        if len(made) == MOST:
            break
        if 0 < len(value) <= LONGEST_LABEL:
            made.setdefault(value, Option(value, clean(label, LONGEST_LABEL) or value))
    return tuple(made.values())


def _chips(ask: Ask, typed: str) -> Iterator[tuple[str, str]]:
    chips, wanted = ask.knowledge.chips, plain(typed)
    if not wanted:
        names: Iterable[str] = (name for name in FIRST_CHIPS if name in chips)
    else:
        names = _of_maker(ask, wanted) or _ranked(wanted, chips.spellings) or chips.suggestions(typed)
    for name in names:
        chip = chips[name]
        yield name, f"{chip.vendor} {name}" if chip.vendor and not name.startswith(chip.vendor) else name


def _of_maker(ask: Ask, wanted: str) -> list[str]:
    """The chips of a maker whose name has been typed, whole or in part, and what follows it ("nvidia h2", 英伟达)."""
    chips = ask.knowledge.chips
    makers = {plain(chip.vendor): chip.vendor for chip in chips.values() if chip.vendor}
    makers |= {spelling: maker for spelling, maker in MAKERS_IN_CHINESE.items() if maker in makers.values()}
    for spelling, maker in makers.items():
        if (len(wanted) > 2 and spelling.startswith(wanted)) or wanted.startswith(spelling):
            rest = wanted[len(spelling) :]
            own = [name for name, chip in chips.items() if chip.vendor == maker]
            return [name for name in (*FIRST_CHIPS, *own) if name in own and rest in plain(name)]
    return []


def _places(ask: Ask, typed: str) -> Iterator[tuple[str, str]]:
    countries, wanted, say = ask.knowledge.countries, plain(typed), catalogue(ask.language)
    if not wanted:
        codes: Iterable[str] = FIRST_PLACES
    else:
        exact = countries.exact(typed)
        codes = dict.fromkeys([*([exact] if exact else []), *_ranked(wanted, countries.spellings)])
    for code in codes:
        yield code, place_name(say, code)


def _ranked(wanted: str, spellings: Iterable[str] | dict[str, str]) -> list[str]:
    """The names whose spellings hold what was typed: those that begin with it first, the shorter first."""
    known = dict(spellings.items()) if isinstance(spellings, dict) else dict(spellings)  # type: ignore[arg-type]
    hits = [(not s.startswith(wanted), len(s), s) for s in known if wanted in s]
    return list(dict.fromkeys(known[s] for _, _, s in nsmallest(MOST * 4, hits)))


def _alike(typed: str, known: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    wanted = typed.casefold()
    for value, label in known:
        if wanted in value.casefold() or wanted in label.casefold():
            yield value, label
