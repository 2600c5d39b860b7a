"""What is asked, and what one piece of law answers to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from bot.knowledge.chips import Chip
from bot.knowledge.country_groups import CountryGroups
from bot.knowledge.criteria import (
    Paragraph,
    meets_rule_of_2022,
    paragraphs_of_2023,
    within_january_window,
)
from bot.knowledge.event import Citation, Effect, Event
from bot.knowledge.performance import Performance
from bot.knowledge.provision import Provision
from bot.knowledge.statuses import StatusName

_CONFIDENCE = {"confirmed": 2, "single_source": 1, "uncertain": 0}


@dataclass(frozen=True, slots=True)
class Question:
    """May this chip go there? `destination`, `buyer_hq` and `shipped_from` are ISO codes.

    `buyer_hq` is the seat of the buyer or of its ultimate parent; `shipped_from` is None for the United States.
    `letters` are the ledger's effects on the export layer for this chip and destination, `measures` those of the
    destination, both in order of their first day.
    """

    chip: Chip
    destination: str
    groups: CountryGroups
    buyer_hq: str | None = None
    shipped_from: str | None = None
    end_user: str | None = None
    letters: tuple[tuple[Event, Effect], ...] = ()
    measures: tuple[tuple[Event, Effect], ...] = ()

    @property
    def inside_one_country(self) -> bool:
        """Whether the goods change hands inside the destination; China and Hong Kong are one."""
        merged = {"HK": "CN"}
        origin = self.shipped_from
        return origin is not None and merged.get(origin, origin) == merged.get(self.destination, self.destination)


@dataclass(frozen=True, slots=True)
class Reading:
    """One way in which a chip's figures can be read; more than one is possible where a figure is open."""

    paragraph: Paragraph | None
    rule_2022: bool
    in_window: bool


def readings(chip: Chip) -> tuple[Reading, ...]:
    """Every reading of a chip's figures: one where all that decides is published, the strictest paragraph first."""
    return _readings(chip.figures)


@lru_cache(maxsize=256)
def _readings(figures: Performance) -> tuple[Reading, ...]:
    return tuple(
        Reading(paragraph, old, window)
        for paragraph in paragraphs_of_2023(figures)
        for old in meets_rule_of_2022(figures)
        for window in within_january_window(figures)
    )


LEVEL_3A090 = "@3A090"
"""How the ledger names every chip of US origin that meets 3A090.a or .b."""


def is_at_3a090(chip: Chip) -> bool:
    """Whether a chip of US origin meets 3A090.a or .b on every reading of its published figures."""
    if chip.origin != "US" or chip.kind != "chip" or not chip.figures.published:
        return False
    return all(reading.paragraph for reading in readings(chip))


Values = tuple[tuple[str, object], ...]


@dataclass(frozen=True, slots=True)
class Decision:
    """A status and what it stands on; the first of `stands_on` decides. `reason` is a key of the wording.

    `begun_by` is what the status began with, where something else has come to decide it since.
    `outcomes` names, for `undetermined`, what the status would be: pairs of a wording key and a status.
    """

    status: StatusName
    reason: str
    stands_on: tuple[Provision, ...]
    values: Values = ()
    citations: tuple[Citation, ...] = ()
    confidence: str = "confirmed"
    outcomes: tuple[tuple[str, StatusName], ...] = ()
    begun_by: Provision | None = None

    @property
    def first(self) -> Provision:
        """What the status began with."""
        return self.begun_by or self.stands_on[0]

    @property
    def begins(self) -> date:
        """The first day on which what the status began with is in force."""
        return self.first.begins

    @property
    def identity(self) -> tuple[object, ...]:
        """What makes two days belong to one interval: the same status for the same reason."""
        return (self.status, self.reason, self.first.id, self.values, self.outcomes)

    @property
    def all_citations(self) -> tuple[Citation, ...]:
        """Where it can be read, what decides first, each once."""
        every = [c for provision in self.stands_on for c in provision.citations]
        return tuple(dict.fromkeys((*every, *self.citations)))


def least_sure(*names: str) -> str:
    """The weakest of several confidences."""
    return min(names, key=lambda name: _CONFIDENCE[name])
