"""What is foreseen: dates ahead, and dates that have passed with nothing on record about their outcome."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from bot.knowledge.citing import readable_by
from bot.knowledge.entry import citation_json
from bot.knowledge.event import Citation, Event
from bot.knowledge.ledger import Ledger
from bot.knowledge.promises import outcomes


class Outcome(StrEnum):
    """How a foreseen date stands on a day. `NOT_RECORDED` never means that it came into force."""

    AHEAD = "ahead"
    RECORDED = "recorded"
    NOT_RECORDED = "outcome not recorded"


@dataclass(frozen=True, slots=True)
class Foreseen:
    """A date that an act foresees: when it is due, in how many days (negative: it has passed), what became of it.

    `event` is the scheduled event, or, where `ends` is set, an act that itself says when it ends. A date that has
    passed while no later act says what happened has the outcome `NOT_RECORDED`. `citations` are those of the event that
    were out on the day asked.
    """

    event: Event
    due: date
    days: int
    outcome: Outcome
    acts: tuple[Event, ...] = ()
    ends: bool = False
    citations: tuple[Citation, ...] = ()

    def json(self) -> dict[str, Any]:
        """The date as the command line prints it."""
        return {
            "date": self.due.isoformat(),
            "days": self.days,
            "state": str(self.outcome),
            "title": self.event.title,
            "ends": self.ends,
            "event": self.event.id,
            "acts": [act.id for act in self.acts],
            "summary": self.event.summary,
            "actors": list(self.event.actors),
            "citations": [citation_json(citation) for citation in self.citations],
            "confidence": self.event.confidence,
        }


def upcoming(ledger: Ledger, on: date, *, past: bool = True) -> tuple[Foreseen, ...]:
    """The foreseen dates that could be known on a day, the earliest first.

    With `past` also those that have passed and whose outcome is not on record. An act's own last day (a suspension, a
    truce, a yearly licence) counts like a scheduled event, unless a scheduled event says the same.
    """
    known = [event for event in ledger.events if event.public_from <= on and event.announced <= on]
    found = [foreseen for event in known for foreseen in _foreseen(ledger, event, on)]
    wanted = (f for f in found if f.due >= on or (past and f.outcome is Outcome.NOT_RECORDED))
    return tuple(sorted(wanted, key=lambda foreseen: (foreseen.due, foreseen.event.id)))


def _foreseen(ledger: Ledger, event: Event, on: date) -> Iterator[Foreseen]:
    if event.scheduled and event.effective:
        yield _standing(ledger, event, event.effective, outcomes(ledger, event, on), on)
    elif event.until and not _ended_by_others(ledger, event, on):
        yield _standing(ledger, event, event.until, outcomes(ledger, event, on), on, ends=True)


def _ended_by_others(ledger: Ledger, event: Event, on: date) -> bool:
    """Whether a scheduled event speaks of the same end, or the act was one that a later act has already replaced."""
    spoken = any(other.announced <= on for other in ledger.later(event, "ends"))
    return spoken or (event.until is not None and event.until <= on and not _leaves_a_question(event))


def _leaves_a_question(event: Event) -> bool:
    """Whether the end of an act is worth asking about: what it held back may be back."""
    return event.kind in ("suspension", "agreement")


def _standing(
    ledger: Ledger, event: Event, due: date, acts: tuple[Event, ...], on: date, *, ends: bool = False
) -> Foreseen:
    passed = Outcome.AHEAD if due >= on else Outcome.NOT_RECORDED
    outcome = Outcome.RECORDED if acts else passed
    cited = readable_by(event.citations, on, ledger.as_of)
    return Foreseen(event, due, (due - on).days, outcome, acts, ends, cited)
