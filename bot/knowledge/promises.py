"""The say-do clock: what was promised, what is not enforced, what was due, and the days until an act is on record."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from bot.knowledge.citing import readable_by
from bot.knowledge.entry import citation_json
from bot.knowledge.event import Citation, Event
from bot.knowledge.ledger import Ledger, acts_on


class Clock(StrEnum):
    """What a clock counts."""

    PROMISE = "promise"
    NON_ENFORCEMENT = "non_enforcement"
    DEADLINE = "deadline"


@dataclass(frozen=True, slots=True)
class Promise:
    """A promise, a rule that is not enforced, or a deadline, and whether an act answers it.

    `said` is the event that made it, `about` the events it is about. `runs_from` is the day it was made, for a deadline
    the day it is due. `answers` are the acts on record, the first one first, `answer` the one that answers it: for a
    promise about several things, the act that completes it. `days` runs from `runs_from` to that act, else to the day
    asked: negative before a deadline, and for an act that came before it. `citations` are those of what was said and of
    the answer that were out on the day asked.
    """

    clock: Clock
    said: Event
    about: tuple[Event, ...]
    runs_from: date
    answers: tuple[Event, ...]
    answer: Event | None
    days: int
    citations: tuple[Citation, ...]

    @property
    def title(self) -> str:
        """What was said."""
        return self.said.title

    @property
    def by(self) -> tuple[str, ...]:
        """Who said it."""
        return self.said.actors

    @property
    def answered_on(self) -> date | None:
        """The day of the answer: the day it binds, else the day it was announced."""
        return acts_on(self.answer) if self.answer else None

    @property
    def is_open(self) -> bool:
        """Whether no act is on record, or not one for each thing that was promised."""
        return self.answer is None

    @property
    def outcome(self) -> str:
        """`open`, `fulfilled`, `rescinded`; for a deadline `ahead`, `recorded` or `outcome not recorded`."""
        if self.clock is Clock.DEADLINE:
            return "recorded" if self.answer else "ahead" if self.days <= 0 else "outcome not recorded"
        if self.is_open:
            return "open"
        return "fulfilled" if self.clock is Clock.PROMISE else "rescinded"

    def json(self) -> dict[str, Any]:
        """The clock as the command line prints it."""
        due = self.runs_from.isoformat() if self.clock is Clock.DEADLINE else None
        return {
            "clock": str(self.clock),
            "title": self.title,
            "by": ", ".join(self.by),
            "made_on": self.said.announced.isoformat(),
            "due": due,
            "days": self.days,
            "outcome": self.outcome,
            "answered_on": self.answered_on.isoformat() if self.answered_on else None,
            "answered_by": self.answer.title if self.answer else None,
            "about": [event.title for event in self.about],
            "event": self.said.id,
            "answers": [act.id for act in self.answers],
            "citations": [citation_json(citation) for citation in self.citations],
        }


def promises(ledger: Ledger, on: date) -> tuple[Promise, ...]:
    """Every clock that was started by a day, in the order in which they were started, with its days up to that day.

    An event starts a promise by the link `promises`; a rescission that only says so, by the link `suspends` without an
    act that rescinds, starts a non-enforcement; a scheduled event is a deadline. Acts announced after `on` do not
    count. A non-enforcement ends with an act that rescinds the rule itself, the others with one that `fulfils` them,
    a deadline also with one that extends, suspends or rescinds it. What is about several events ends when each of them
    has its act.
    """
    started = [event for event in ledger.events if max(event.announced, event.public_from) <= on]
    return tuple(clock for event in started for clock in _clocks(ledger, event, on))


def _clocks(ledger: Ledger, event: Event, on: date) -> list[Promise]:
    found = []
    if event.scheduled and event.effective:
        answers = outcomes(ledger, event, on)
        found.append(
            _clock(
                ledger, Clock.DEADLINE, event, _about(ledger, event, "ends", "promises"), event.effective, answers, on
            )
        )
    elif promised := _about(ledger, event, "promises"):
        acts = _acts(ledger, event, on, "fulfils")
        found.append(_clock(ledger, Clock.PROMISE, event, promised, event.announced, acts, on))
    resting = _about(ledger, event, "suspends")
    if event.kind == "rescission" and event.until is None and resting:
        acts = tuple(act for rule in resting for act in _acts(ledger, rule, on, "rescinds") if act != event)
        found.append(_clock(ledger, Clock.NON_ENFORCEMENT, event, resting, acts_on(event), acts, on))
    return found


def outcomes(ledger: Ledger, event: Event, on: date) -> tuple[Event, ...]:
    """The acts announced by a day that say what became of a scheduled event."""
    return _acts(ledger, event, on, "fulfils", "extends", "suspends", "rescinds", "corrects")


def _acts(ledger: Ledger, event: Event, on: date, *relations: str) -> tuple[Event, ...]:
    known = (act for act in ledger.later(event, *relations) if act.public_from <= on and not act.scheduled)
    return tuple(sorted(known, key=lambda act: (acts_on(act), act.id)))


def _about(ledger: Ledger, event: Event, *relations: str) -> tuple[Event, ...]:
    targets = (ledger.get(link.event) for link in event.links if link.relation in relations)
    return tuple(target for target in targets if target)


def _clock(
    ledger: Ledger,
    clock: Clock,
    said: Event,
    about: tuple[Event, ...],
    runs_from: date,
    answers: tuple[Event, ...],
    on: date,
) -> Promise:
    answer = answers[0] if clock is Clock.DEADLINE and answers else _completing(about, answers)
    stopped = acts_on(answer) if answer else on
    told = (said, answer) if answer else (said,)
    cited = tuple(c for act in told for c in readable_by(act.citations, on, ledger.as_of))
    return Promise(clock, said, about, runs_from, answers, answer, (stopped - runs_from).days, cited)


def _completing(about: tuple[Event, ...], answers: tuple[Event, ...]) -> Event | None:
    """The first act by which each of the events has its answer. An act answers those that it is linked to; one that is
    linked to none of them answers the whole."""
    promised = {event.id for event in about}
    missing = set(promised)
    for act in answers:
        missing -= promised & {link.event for link in act.links} or promised
        if not missing:
            return act
    return None
