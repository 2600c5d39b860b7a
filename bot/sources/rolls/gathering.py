"""Rows become parties: one for each name on a list, with what all its rows say."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cache
from hashlib import blake2b
from typing import Any

from bot.knowledge.listed import footnotes_of
from bot.knowledge.names import name_key
from bot.model import Party
from bot.sources.rolls.rows import Row

UNNAMED_ROLL = "EL"
"""The Entity List's own file leaves the column empty in some rows."""

_LABEL = re.compile(r"\(([A-Z][A-Z-]{1,11})(?: List)?\)")
_BARE_LABEL = re.compile(r"[A-Z][A-Z-]{1,11}")
_US_DAY = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_AND = re.compile(r"^(?:and|or)\s+", re.IGNORECASE)
_LONGEST = 4000
_MOST_ALIASES = 400

_BUREAU = ("license_requirement", "license_policy", "federal_register_notice", "effective_date",
           "date_lifted_waived_expired")  # fmt: skip
_DENIED = ("license_requirement", "license_policy", "fr_citation", "effective_date", "expiration_date")
_CONSOLIDATED = ("license_requirement", "license_policy", "federal_register_notice", "start_date", "end_date")
_DAYS = frozenset(("start_date", "end_date", "effective_date", "date_lifted_waived_expired", "expiration_date"))

_LONG_NAMES = {"entity list": "EL", "denied persons list": "DPL", "unverified list": "UVL",
               "military end user": "MEU"}  # fmt: skip


def parties(rows: Iterable[Row]) -> tuple[dict[str, tuple[Party, ...]], dict[str, str], int]:
    """The parties by the short code of their list, the lists' names as printed, and how many rows named nobody.

    Address rows and ids do not count: a party is known by its list and its name.
    """
    found: dict[str, dict[str, _Gathered]] = {}
    labels: dict[str, str] = {}
    nobody = 0
    share: dict[str, str] = {}
    rolls: dict[object, str | None] = {}
    for row in rows:
        name = _text(row.get("name"))
        printed = row.get("source", row.get("source_list"))
        known = printed if isinstance(printed, str) else None
        if known not in rolls or known is None:
            rolls[known] = _roll(row, _text(printed))
        roll = rolls[known]
        if not name or roll is None:
            nobody += 1
            continue
        if roll not in labels:
            labels[roll] = _text(printed)
        of_roll = found.setdefault(roll, {})
        key = name_key(name)
        gathered = of_roll.get(key)
        if gathered is None:
            gathered = of_roll[key] = _Gathered(name)
        gathered.add(row, share)
    return (
        {roll: tuple(gathered.party(roll) for gathered in of_roll.values()) for roll, of_roll in found.items()},
        labels,
        nobody,
    )


def _roll(row: Row, label: str) -> str | None:
    """The short code of a row's list; None where the row names none that could be one."""
    if "source" not in row and "source_list" not in row:
        return "DPL" if "fr_citation" in row else None
    if not label:
        return UNNAMED_ROLL if "source_list" in row else None
    found = _LABEL.search(label)
    if found:
        return found[1]
    if _BARE_LABEL.fullmatch(label):
        return label
    lowered = label.casefold()
    return next((code for name, code in _LONG_NAMES.items() if name in lowered), None)


class _Gathered:
    """What the rows of one party say, each thing once, in the order of the rows."""

    __slots__ = ("aliases", "countries", "name", "notice", "places", "policy", "requirement", "since", "until")

    def __init__(self, name: str) -> None:
        self.name = name
        self.aliases: dict[str, None] = {}
        self.countries: dict[str, None] = {}
        self.requirement: dict[str, None] = {}
        self.policy: dict[str, None] = {}
        self.notice: dict[str, None] = {}
        self.since: dict[str, None] = {}
        self.until: dict[str, None] = {}
        self.places: set[str] = set()

    def add(self, row: Row, share: dict[str, str]) -> None:
        for alias in _aliases(row.get("alt_names", row.get("alternate_name"))):
            if len(self.aliases) < _MOST_ALIASES and alias != self.name:
                self.aliases[alias] = None
        for country, place in _places(row):
            if country:
                self.countries[_code(country)] = None
            if place:
                self.places.add(place)
        for kept, column in zip(self._kept(), _columns(row), strict=True):
            value = row.get(column)
            if not value:
                continue
            text = share.get(value) if isinstance(value, str) else None
            if text is None:
                text = _text(value)
                if column in _DAYS:
                    text = _day(text)
                if isinstance(value, str):
                    share[value] = text
            if text:
                kept[text] = None

    def _kept(self) -> tuple[dict[str, None], ...]:
        return self.requirement, self.policy, self.notice, self.since, self.until

    def party(self, roll: str) -> Party:
        requirement = _joined(self.requirement)
        return Party(
            roll=roll,
            name=self.name,
            aliases=tuple(self.aliases),
            countries=tuple(self.countries),
            requirement=requirement,
            policy=_joined(self.policy),
            footnotes=footnotes_of(requirement),
            notice=_joined(self.notice),
            since=_joined(self.since),
            until=_joined(self.until),
            places=_digest(self.places) if self.places else "",
        )


def _digest(places: set[str]) -> str:
    text = "\n".join(sorted(places)) if len(places) > 1 else next(iter(places))
    return blake2b(text.encode("utf-8", "replace"), digest_size=8).hexdigest()


def _joined(values: Mapping[str, None]) -> str:
    return next(iter(values)) if len(values) == 1 else "; ".join(values)


def _columns(row: Row) -> tuple[str, ...]:
    """What this format calls requirement, policy, notice, first and last day."""
    return _BUREAU if "source_list" in row else _DENIED if "fr_citation" in row else _CONSOLIDATED


def _text(value: Any) -> str:
    """A value as one line; lists joined; null and other things as nothing."""
    if not value:
        return ""
    if isinstance(value, str):
        return " ".join(value.split())[:_LONGEST]
    if isinstance(value, list):
        return "; ".join(text for text in map(_text, value) if text)[:_LONGEST]
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""


def _aliases(value: Any) -> Iterator[str]:
    """Other names: a list, or one cell with semicolons ("Farid; and Engineer Idris"); null and [] alike are none."""
    parts = value if isinstance(value, list) else value.split(";") if isinstance(value, str) else ()
    for part in parts:
        if isinstance(part, str) and (text := _AND.sub("", " ".join(part.split())[:_LONGEST])):
            yield text


def _places(row: Row) -> Iterator[tuple[str, str]]:
    """The country and the digest-ready text of each address."""
    addresses = row.get("addresses")
    if isinstance(addresses, list):
        for address in addresses:
            if isinstance(address, dict):
                parts = [address.get(name) for name in ("address", "city", "state", "postal_code", "country")]
                yield _text(parts[-1]), _plain([part for part in parts if isinstance(part, str)])
    elif isinstance(addresses, str):
        for address in addresses.split(";"):
            tail = address.rpartition(",")[2].strip()
            yield tail if len(tail) == 2 and tail.isupper() and "," in address else "", _plain([address])
    else:
        columns = ("address", "street_address", "city", "state_province", "state", "postal_code", "country")
        yield _text(row.get("country")), _plain([_text(row.get(name)) for name in columns])
        return
    if country := _text(row.get("country")):
        yield country, ""


def _plain(parts: Iterable[str]) -> str:
    return " ".join(" ".join(parts).lower().replace(",", " ").split())


def _day(text: str) -> str:
    """A date as ISO 8601 where the cell holds just one; anything else as printed."""
    if _ISO_DAY.fullmatch(text):
        return text
    found = _US_DAY.fullmatch(text)
    if not found:
        return text
    try:
        return date(int(found[3]), int(found[1]), int(found[2])).isoformat()
    except ValueError:
        return text


@cache
def _spellings() -> Mapping[str, str]:
    from bot.knowledge.names import country_spellings

    return country_spellings()


def _code(country: str) -> str:
    """The ISO code of a country in any spelling ("U.A.E.", "China "), or the words as printed."""
    if len(country) == 2 and country.isupper():
        return country
    return _spellings().get(name_key(country).replace(".", ""), country[:60])
