"""The chips: what each can do, and how to find one by any of its spellings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Any

from bot.errors import UserError
from bot.knowledge.event import Citation
from bot.knowledge.performance import Performance, performance
from bot.knowledge.spelling import nearest, plain, without_parentheses

_PREFIX = re.compile(
    r"^(?:nvidias?|geforce|tesla|amds?|radeon|instinct|intels?|habana|huaweis?|googles?|amazons?|aws|kichip|ki|"
    r"英伟达|輝達|英偉達|华为|華為|超威|超微|英特尔|英特爾|谷歌|亚马逊|特供版|的)(?=.)"
)
_SUFFIX = re.compile(
    r"(?<=.)(?:chips?|gpus?|tensorcore|graphics|kichips?|beschleuniger|grafikkarten?|grafikprozessor(?:en)?|accelerators?|"
    r"ai|cards?|sxm[2-5]?|oam|pc[il]e|(?:40)?(?:16|24|32|40|48|64|80|84|94|96|128|141|144|180|186|192|256|288)gb|"
    r"芯片|晶片|显卡|顯卡|加速卡|加速器)$"
)


@dataclass(frozen=True, slots=True)
class Chip:
    """A chip, or the class of stand-alone memory (`kind` is `chip` or `memory`).

    `origin` is where it is designed and made for: `US`, or `CN` for chips with no US export status of their own.
    `follows` names the chip whose letters and licences also hold for this version. `us_sale` is `yes`, `doubtful`, `no`
    or None (not recorded): sale in the US on 15 January 2026. Figures: dense TOPS, mm2, GB/s.
    """

    name: str
    vendor: str
    family: str
    origin: str
    aliases: Mapping[str, tuple[str, ...]]
    systems: tuple[str, ...]
    dense_tops: Mapping[str, float]
    figures: Performance
    sources: tuple[Citation, ...]
    confidence: str
    kind: str = "chip"
    full_name: str = ""
    follows: str | None = None
    released: str | None = None
    die_area_mm2: float | None = None
    die_area_estimated: bool = False
    memory: str = ""
    bandwidth_gb_s: float | None = None
    interconnect_gb_s: float | None = None
    data_centre: bool = True
    for_china: bool = False
    us_sale: str | None = None
    note: str = ""

    @property
    def names_in_events(self) -> tuple[str, ...]:
        """The names under which the ledger may speak of it."""
        return (self.name, self.follows) if self.follows else (self.name,)

    @property
    def first_sold(self) -> date | None:
        """The first day of the period given as its release, None where none is known."""
        if not self.released:
            return None
        return date.fromisoformat((self.released + "-01-01")[:10])


@dataclass(frozen=True, slots=True)
class Family:
    """A generation or product line, with the chips that belong to it."""

    name: str
    aliases: tuple[str, ...]
    members: tuple[str, ...] = field(default=())


class Chips(Mapping[str, Chip]):
    """Every chip by its short name, in the order of the data; `find` takes any spelling."""

    def __init__(self, chips: Iterable[Chip], families: Iterable[Family]) -> None:
        self._by_name = {chip.name: chip for chip in chips}
        self._spellings: dict[str, str] = {}
        self._systems: set[str] = set()
        for chip in self._by_name.values():
            spellings = (chip.name, *(alias for aliases in chip.aliases.values() for alias in aliases))
            for spelling in spellings:
                self._spellings.setdefault(plain(spelling), chip.name)
            for system in chip.systems:
                self._spellings.setdefault(plain(system), chip.name)
                self._systems.add(plain(system))
        self.families = {f.name: f for f in families}
        self._family_of = {plain(s): f.name for f in self.families.values() for s in (f.name, *f.aliases)}

    def __getitem__(self, name: str) -> Chip:
        return self._by_name[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_name)

    def __len__(self) -> int:
        return len(self._by_name)

    def _spelling_of(self, text: str) -> str | None:
        """The known spelling that `text` is, with makers' names and words such as "chip" taken off where needed."""
        return next((form for form in _forms(text) if form in self._spellings), None)

    def exact(self, text: str) -> str | None:
        """The short name of the chip that `text` names; None instead of an error for anything else."""
        spelling = self._spelling_of(text)
        return self._spellings[spelling] if spelling else None

    @property
    def spellings(self) -> Mapping[str, str]:
        """Every known spelling in `plain` form, with the short name that it stands for."""
        return self._spellings

    def is_system(self, text: str) -> bool:
        """Whether `text` names a server or rack that follows its chip (DGX H100, GB200 NVL72)."""
        return self._spelling_of(text) in self._systems

    def family(self, text: str) -> Family | None:
        """The family that `text` names, if it names one and not a chip."""
        if self._spelling_of(text):
            return None
        name = next((self._family_of[form] for form in _forms(text) if form in self._family_of), None)
        return self.families[name] if name else None

    def find(self, text: str) -> Chip:
        """The chip that `text` names, in any spelling.

        Raises UserError: `errors.water` (chip, suggestion) for H2O; `errors.chip_family` (family, chips) for a whole
        family; else `errors.unknown_chip` (chip, suggestions, suggestion), or `errors.laptop_chip` (chip, suggestion).
        """
        spelling = self._spelling_of(text)
        if spelling:
            return self._by_name[self._spellings[spelling]]
        if plain(text) in ("h2o", "nvidiah2o", "wasser", "water", "水"):
            raise UserError("errors.water", chip=text, suggestion="H20")
        if family := self.family(text):
            raise UserError("errors.chip_family", family=family.name, chips=", ".join(family.members))
        if "laptop" in plain(text) or "mobile" in plain(text):
            desktop = self._spelling_of(re.sub(r"(?i)laptop|mobile|notebook|\bgpu\b", "", text[:120]))
            raise UserError("errors.laptop_chip", chip=text, suggestion=self._spellings.get(desktop or "", ""))
        names = self.suggestions(text)
        raise UserError("errors.unknown_chip", chip=text, suggestions=names, suggestion=", ".join(names))

    def suggestions(self, text: str) -> tuple[str, ...]:
        """Up to three chips that `text` may have meant: letters read as digits first (H1OO), then near spellings."""
        form = _SUFFIX.sub("", _PREFIX.sub("", plain(text)))
        digits = form.translate(str.maketrans("oil", "011"))
        found = [self._spellings[digits]] if digits in self._spellings else []
        found += [self._spellings[s] for s in nearest(form, self._spellings)]
        return tuple(dict.fromkeys(found))[:3]


def _forms(text: str) -> list[str]:
    """The spellings to look for, the fullest first: each step takes a maker's name or a word such as "chip" off."""
    forms = list(dict.fromkeys((plain(text), plain(without_parentheses(text)))))
    for form in forms:
        for shorter in (_PREFIX.sub("", form), _SUFFIX.sub("", form)):
            if shorter not in forms:
                forms.append(shorter)
    return forms


def _citation(row: Mapping[str, Any]) -> Citation:
    return Citation(row["title"], row["url"], row.get("date"))


def chip_from(row: Mapping[str, Any]) -> Chip:
    """A chip from its TOML table. Raises KeyError on a missing field and TypeError on an unknown one."""
    plain_row = dict(row)
    aliases = {language: tuple(plain_row.pop(language, ())) for language in ("en", "de", "zh")}
    dense = {precision: float(tops) for precision, tops in plain_row.pop("dense_tops", {}).items()}
    figures = performance(
        dense,
        plain_row.get("die_area_mm2"),
        die_estimated=plain_row.get("die_area_estimated", False),
        link=plain_row.get("interconnect_gb_s"),
        dram_bandwidth=plain_row.get("bandwidth_gb_s"),
        data_centre=plain_row["data_centre"],
    )
    return Chip(
        aliases=MappingProxyType(aliases),
        systems=tuple(plain_row.pop("systems", ())),
        dense_tops=MappingProxyType(dense),
        figures=figures,
        sources=tuple(_citation(source) for source in plain_row.pop("sources")),
        **plain_row,
    )


def chips_from(tables: Iterable[Mapping[str, Any]]) -> Chips:
    """The catalogue from the parsed TOML files: tables `[[chip]]` and `[[family]]`."""
    chips: list[Chip] = []
    families: list[Mapping[str, Any]] = []
    for table in tables:
        chips += [chip_from(row) for row in table.get("chip", ())]
        families += table.get("family", ())
    return Chips(
        chips,
        (
            Family(row["name"], tuple(row["aliases"]), tuple(chip.name for chip in chips if chip.family == row["name"]))
            for row in families
        ),
    )
