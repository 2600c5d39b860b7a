"""What happened, for the pictures: the events of the ledger that matter most for a chip and the lanes shown."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date

from bot.cards.charts.lanes import Happening, Span
from bot.cards.names import event_title
from bot.knowledge.chips import Chip
from bot.knowledge.event import Event
from bot.knowledge.ledger import Ledger, acts_on, names_of
from bot.knowledge.status import LayerStatus
from bot.locale.catalogue import Catalogue

MOST = 10
"""So many numbered events can be read under a picture."""

ACTS = frozenset(
    {
        "agreement",
        "enforcement",
        "entity_list_addition",
        "entity_list_removal",
        "foreign_measure",
        "licence_granted",
        "licence_letter",
        "rescission",
        "rule",
        "suspension",
        "tariff",
    }
)
"""The kinds of events by which somebody with the power to do so has acted; all others are words about it."""

LAW_MAKING = frozenset({"licence_letter", "licence_granted", "rescission", "rule", "suspension"})


def events_on(ledger: Ledger, chip: Chip, destinations: Collection[str]) -> tuple[Event, ...]:
    """The events that concern a chip and any of the destinations; dates that are only foreseen are none."""
    about = ledger.about(chip=names_of(chip), destination=destinations)
    return tuple(event for event in about if not event.scheduled)


def chosen(
    say: Catalogue,
    ledger: Ledger,
    chip: Chip,
    destinations: Collection[str],
    statuses: Collection[LayerStatus],
    span: Span,
) -> tuple[Happening, ...]:
    """At most ten events, in order of time, of which `statuses` are the lanes shown, in the reader's language.

    First what begins a status, then other acts, then words; of equals the later ones.
    """
    turns = {status.since for status in statuses}
    bases = {status.basis for status in statuses if status.basis}
    found = {event.id: event for event in events_on(ledger, chip, destinations)}
    found |= {event.id: event for event in ledger.events if _begins(event, turns, bases)}
    ranks = {
        event.id: 0 if _begins(event, turns, bases) else _rank(event, chip, destinations, turns)
        for event in found.values()
        if span.begins <= acts_on(event) < span.ends and _concerns(event, chip, destinations)
    }
    ranked = sorted(ranks, key=lambda identity: (ranks[identity], -acts_on(found[identity]).toordinal()))
    kept = sorted((found[identity] for identity in ranked[:MOST]), key=lambda e: (acts_on(e), e.announced, e.id))
    return tuple(Happening(acts_on(event), event_title(say, event.title), is_act(event)) for event in kept)


def is_act(event: Event) -> bool:
    """Whether somebody acted, or only spoke."""
    return event.kind in ACTS


def _begins(event: Event, turns: Collection[date], bases: Collection[str]) -> bool:
    """Whether a status rests on this rule since the day it took effect."""
    return (
        event.kind == "rule"
        and acts_on(event) in turns
        and any(c.title.partition(":")[0] in bases for c in event.citations)
    )


def _rank(event: Event, chip: Chip, destinations: Collection[str], turns: Collection[date]) -> int:
    touches = _touches(event, chip, destinations)
    if touches and acts_on(event) in turns:
        return 0
    if event.kind in LAW_MAKING:
        return 1
    return 2 if touches else 3 if is_act(event) else 4


def _concerns(event: Event, chip: Chip, destinations: Collection[str]) -> bool:
    """Whether the event is about these lanes; one that makes statuses elsewhere only is not."""
    return not event.effects or _touches(event, chip, destinations)


def _touches(event: Event, chip: Chip, destinations: Iterable[str]) -> bool:
    """Whether the event itself makes a status of the chip."""
    names, places = names_of(chip), set(destinations)
    if "HK" in places:
        places.add("CN")
    return any(
        not names.isdisjoint(effect.chips) and not places.isdisjoint(effect.destinations) for effect in event.effects
    )
