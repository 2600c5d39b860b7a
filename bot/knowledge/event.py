"""A dated event of export policy, and what it does to a status: the nouns that the ledger and the status share."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

Day = date
"""The type under a name that a field called `date` does not hide."""


class Layer(StrEnum):
    """Whose law an answer is about."""

    US_EXPORT = "us_export"
    DESTINATION_SIDE = "destination_side"


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a fact can be read: title, address, and its date where that is known.

    A text that is kept up to date, such as a part of the code of regulations, has no date; `since` is the first day
    from which it could be cited for what its title says.
    """

    title: str
    url: str
    date: date | None = None
    since: Day | None = None


@dataclass(frozen=True, slots=True)
class Effect:
    """What an event makes of a status, for a layer that the general rules do not decide: a letter, a licence, a
    foreign measure.

    It holds for each of `chips` and `destinations` from `begins` until the next effect on the same layer, or `ends`
    (exclusive). `status` is a status name; None ends what stood there. `reason` is one sentence, in English.
    `ends_public_from` is the first day on which its end could be known; None: as soon as the event itself.
    """

    layer: Layer
    status: str | None
    chips: tuple[str, ...]
    destinations: tuple[str, ...]
    begins: date
    reason: str
    ends: date | None = None
    ends_public_from: date | None = None

    def has_ended(self, day: date, known_on: date | None) -> bool:
        """Whether it has ended by a day, as far as could be known on `known_on` (None: all that is known)."""
        if self.ends is None or day < self.ends:
            return False
        return known_on is None or self.ends_public_from is None or self.ends_public_from <= known_on


@dataclass(frozen=True, slots=True)
class Link:
    """How an event stands to an earlier one: `promises`, `fulfils`, `suspends`, `extends`, `corrects`, `rescinds`."""

    relation: str
    event: str


@dataclass(frozen=True, slots=True)
class Event:
    """One entry of the ledger.

    `announced` is the day it was said or signed, `effective` the day it binds (None: no binding effect or not known),
    `public_from` the first day on which anyone outside could know it, `until` its last bound (exclusive; None: open).
    `scheduled` marks what is only foreseen: when its day has passed and nothing is recorded, the outcome is open.
    `confidence` is `confirmed`, `single_source` or `uncertain`.
    """

    id: str
    title: str
    announced: date
    public_from: date
    kind: str
    summary: str
    citations: tuple[Citation, ...]
    effective: date | None = None
    until: date | None = None
    actors: tuple[str, ...] = ()
    chips: tuple[str, ...] = ()
    origin: tuple[str, ...] = ()
    destinations: tuple[str, ...] = ()
    direction: str = "clarifies"
    effects: tuple[Effect, ...] = ()
    links: tuple[Link, ...] = ()
    scheduled: bool = False
    confidence: str = "confirmed"
    note: str = ""
