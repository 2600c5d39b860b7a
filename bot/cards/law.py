"""The Law line: what the ledger and the rules say on the day of an alert. Nothing that is only said gets in here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import date, timedelta
from typing import Any

from bot.cards.cutting import clean
from bot.cards.names import chip_list, place_list, to_places
from bot.locale.catalogue import Catalogue
from bot.locale.rich import Rich, Span

MOST_LINES = 3
BASIS_LIMIT = 90
RECENT = timedelta(days=7)
"""So long before a story an act may have caused it."""


@dataclass(frozen=True, slots=True)
class LawLine:
    """The law for one chip and destination at the moment of an alert: structured, so that every language can say it.

    `status` is a name of domain status (`licence_required_case_by_case`) of either layer, in force since `since`.
    `basis` names the binding act as it is cited ("91 FR 1684") and `basis_date` the day from which it binds; where a
    letter binds, `maker` is who got it and `basis` may be empty. `changed` says that an act recorded with this story
    changed the status; `ledger_as_of` is the day up to which the ledger is kept.
    """

    chip: str
    destination: str
    status: str
    since: date | None = None
    basis: str = ""
    basis_date: date | None = None
    maker: str = ""
    changed: bool = False
    ledger_as_of: date | None = None

    @classmethod
    def of(cls, record: Mapping[str, Any]) -> LawLine:
        """From JSON values, those of `record` or of an older version: unknown keys are ignored."""
        known = {field.name for field in fields(cls)}
        values = {name: value for name, value in record.items() if name in known and value is not None}
        for name in ("since", "basis_date", "ledger_as_of"):
            if isinstance(values.get(name), str):
                values[name] = date.fromisoformat(values[name][:10])
        return cls(**values)

    def record(self) -> dict[str, Any]:
        """As JSON values."""
        return {name: value.isoformat() if isinstance(value, date) else value for name, value in asdict(self).items()}


def law_sentences(say: Catalogue, lines: Sequence[LawLine], *, still: bool = True) -> Rich:
    """The law in one sentence for each status, chips and places of one status together, changes first; empty for no
    lines.

    `still` says of what has not changed that it goes on ("still need").
    """
    spans: list[Span] = []
    for line, chips, places in _together(lines)[:MOST_LINES]:
        spans += [*_sentence(say, line, chips, places, still=still and not line.changed), Span(say.text("law.gap"))]
    return tuple(spans[:-1])


def _together(lines: Sequence[LawLine]) -> list[tuple[LawLine, tuple[str, ...], tuple[str, ...]]]:
    """Lines that say the same: for each place its chips, then places of the same chips."""
    chips: dict[LawLine, list[str]] = {}
    for line in sorted(lines, key=lambda line: not line.changed):
        chips.setdefault(replace(line, chip="", ledger_as_of=None), []).append(line.chip)
    places: dict[tuple[LawLine, tuple[str, ...]], list[str]] = {}
    for line, names in chips.items():
        same = (replace(line, destination=""), tuple(dict.fromkeys(names)))
        places.setdefault(same, []).append(line.destination)
    return [(line, names, tuple(codes)) for (line, names), codes in places.items()]


def _sentence(say: Catalogue, line: LawLine, chips: Sequence[str], places: Sequence[str], *, still: bool) -> Rich:
    key = say.first(f"law.status.{line.status}", "law.status.other")
    says = say.say(
        key,
        chips=chip_list(say, chips),
        to=to_places(say, places),
        place=place_list(say, places),
        status=clean(line.status, BASIS_LIMIT),
        still=say.text("law.still") if still else "",
    )
    return say.say("law.with_basis", sentence=says, basis=_basis(say, line))


def _basis(say: Catalogue, line: LawLine) -> str:
    day = line.basis_date or line.since
    if line.maker and "_by_letter_" in line.status:
        return say.text("law.letter", maker=clean(line.maker, BASIS_LIMIT), day=day or "")
    if line.basis:
        return say.text("law.act", act=clean(line.basis, BASIS_LIMIT), day=day or "")
    return say.text("law.since", day=day) if day else ""


def unchanged_since(lines: Sequence[LawLine], by: date) -> date | None:
    """The day since which nothing had changed when a story began (`by`); None where that is not known, or where an act
    came into being in the days before: then nothing may be called unchanged."""
    days = [line.basis_date or line.since for line in lines]
    if not lines or any(line.changed or day is None for line, day in zip(lines, days, strict=True)):
        return None
    latest = max(day for day in days if day is not None)
    return latest if by - latest > RECENT else None
