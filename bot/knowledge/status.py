"""The answer to "may this chip go there?": one status a layer, with since, until, reason, citations and conditions."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.knowledge.chips import Chip
from bot.knowledge.countries import Country
from bot.knowledge.criteria import Paragraph
from bot.knowledge.event import Citation
from bot.knowledge.provision import HBM_2024, LEDGER_BEGINS, RULE_2022, RULE_2023, Standpoint
from bot.knowledge.question import Decision, readings
from bot.knowledge.statuses import StatusName
from bot.knowledge.wording import Said

_ACT = re.compile(r"\d+ FR \d+|15 CFR (?:part )?[\d.]+")


@dataclass(frozen=True, slots=True)
class Segment:
    """An interval [begins, until) with one decision; `until` is None while it is open."""

    begins: date
    until: date | None
    decision: Decision | None


def segments(decide: Callable[[date], Decision | None], days: Iterable[date]) -> tuple[Segment, ...]:
    """The intervals of a layer: `decide` is asked on every day that may change something, equal neighbours merge."""
    borders = [LEDGER_BEGINS, *sorted({day for day in days if day > LEDGER_BEGINS})]
    kept: list[tuple[date, Decision | None]] = []
    for day in borders:
        decision = decide(day)
        before = kept[-1][1] if kept else None
        same = decision.identity == before.identity if decision and before else decision is before
        if not kept or not same:
            kept.append((day, decision))
    ends: list[date | None] = [day for day, _ in kept[1:]]
    return tuple(Segment(day, until, decision) for (day, decision), until in zip(kept, [*ends, None], strict=True))


def segment_on(found: Sequence[Segment], day: date) -> Segment:
    """The interval that a day lies in."""
    return found[bisect_right([segment.begins for segment in found], day) - 1]


@dataclass(frozen=True, slots=True)
class LayerStatus:
    """The status of one layer. `until` is exclusive and None while open; `outcomes` are named for `undetermined`.

    `binds_from` is the day from which the act that decides binds: later than `since` where it took another's place.
    """

    name: StatusName
    since: date
    until: date | None
    reason: Said
    citations: tuple[Citation, ...]
    confidence: str
    public_from: date
    binds_from: date
    outcomes: tuple[tuple[Said, StatusName], ...] = ()

    @property
    def basis(self) -> str:
        """The act that decides as it is cited ("91 FR 1684", "15 CFR 746.8"), empty where it is no published rule."""
        for citation in self.citations[:1]:
            if found := _ACT.match(citation.title):
                return found.group()
        return ""

    def json(self) -> dict[str, Any]:
        """The layer as the command line prints it."""
        return {
            "status": str(self.name),
            "since": self.since.isoformat(),
            "until": self.until.isoformat() if self.until else None,
            "reason": self.reason.text,
            "citations": [citation_json(c) for c in self.citations],
            "confidence": self.confidence,
        }


def citation_json(citation: Citation) -> dict[str, Any]:
    """A citation with its date, null where that is not known."""
    return {
        "title": citation.title,
        "url": citation.url,
        "date": citation.date.isoformat() if citation.date else None,
    }


@dataclass(frozen=True, slots=True)
class Classified:
    """Where the figures put a chip on a day: the rule in force, and the paragraph (None: outside; `open`: unclear)."""

    rule: str | None
    paragraph: Paragraph | None
    tpp: float | None
    pd: float | None
    open: bool = False

    def json(self) -> dict[str, Any]:
        """As the command line prints it; an open paragraph reads `undetermined`."""
        return {
            "rule": self.rule,
            "paragraph": "undetermined" if self.open else str(self.paragraph) if self.paragraph else None,
            "tpp": number(self.tpp),
            "pd": None if self.pd is None else round(self.pd, 2),
        }


def number(value: float | None) -> float | int | None:
    """A figure without a needless fraction: 2368, not 2368.0."""
    if value is None:
        return None
    rounded = round(value, 4)
    return int(rounded) if rounded.is_integer() else rounded


def classified(chip: Chip, view: Standpoint) -> Classified:
    """The classification of a chip's published figures by the rule in force on a day."""
    figures = chip.figures
    if chip.kind == "memory":
        held = view.holds(HBM_2024)
        return Classified("3A090.c (2024)" if held else None, Paragraph.C if held else None, None, None)
    if view.holds(RULE_2023):
        found: Mapping[Any, None] = dict.fromkeys(reading.paragraph for reading in readings(chip))
        rule = "3A090 (2023)"
    elif view.holds(RULE_2022):
        found = dict.fromkeys(Paragraph.RULE_2022 if reading.rule_2022 else None for reading in readings(chip))
        rule = "3A090 (2022)"
    else:
        return Classified(None, None, figures.tpp, figures.pd)
    paragraphs = tuple(found)
    if len(paragraphs) == 1:
        return Classified(rule, paragraphs[0], figures.tpp, figures.pd)
    return Classified(rule, None, figures.tpp, figures.pd, open=True)


@dataclass(frozen=True, slots=True)
class Branch:
    """What an answer would be if something that was not said held: the condition, and the status then."""

    condition: Said
    status: StatusName

    def json(self) -> dict[str, str]:
        """As the command line prints it."""
        return {"if": self.condition.text, "status": str(self.status)}


@dataclass(frozen=True, slots=True)
class Status:
    """The whole answer. `buyer_hq`, `shipped_from` are ISO codes; what was not asked is None."""

    chip: Chip
    destination: Country
    on: date
    us_export: LayerStatus | None
    destination_side: LayerStatus | None
    classification: Classified
    conditions: tuple[Said, ...]
    notes: tuple[Said, ...]
    branches: tuple[Branch, ...]
    ledger_as_of: date
    known_on: date | None = None
    buyer_hq: str | None = None
    shipped_from: str | None = None
    end_user: str | None = None

    def json(self, reported_since: Sequence[Mapping[str, Any]] = ()) -> dict[str, Any]:
        """The answer as the command line prints it; `reported_since` comes from the store."""
        answer: dict[str, Any] = {
            "chip": self.chip.name,
            "destination": self.destination.code,
            "on": self.on.isoformat(),
        }
        asked = {
            "known_on": self.known_on.isoformat() if self.known_on else None,
            "buyer_hq": self.buyer_hq,
            "from": self.shipped_from,
            "end_user": self.end_user,
        }
        answer |= {name: value for name, value in asked.items() if value is not None}
        answer |= {
            "layers": {
                "us_export": self.us_export.json() if self.us_export else None,
                "destination_side": self.destination_side.json() if self.destination_side else None,
            },
            "classification": self.classification.json(),
            "conditions": [said.text for said in self.conditions],
            "notes": [said.text for said in self.notes],
            "reported_since": list(reported_since),
            "ledger_as_of": self.ledger_as_of.isoformat(),
        }
        if self.branches:
            answer["branches"] = [branch.json() for branch in self.branches]
        return answer
