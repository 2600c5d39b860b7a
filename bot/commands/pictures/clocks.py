"""Two clocks: the US law for a chip and a destination, and what anyone outside could know of it on the same day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from bot.cards.charts.clocks import Clocks, gaps, specification
from bot.cards.charts.lanes import Happening, Span, Stretch
from bot.cards.charts.look import Spec
from bot.cards.names import chip_name, event_title, place_name
from bot.commands.pictures.happenings import events_on, is_act
from bot.commands.pictures.stretches import joined, labels_of, stretches
from bot.knowledge.chips import Chip
from bot.knowledge.event import Event, Layer
from bot.knowledge.ledger import acts_on
from bot.knowledge.library import Knowledge
from bot.locale.catalogue import Catalogue, catalogue

BEFORE, AFTER = timedelta(days=45), timedelta(days=75)
"""So much is shown before and after the day that it is about."""


def clocks_picture(
    knowledge: Knowledge, chip: str, destination: str, language: str = "en", *, asked: date | None = None
) -> Spec:
    """Both clocks as a Vega-Lite specification, around the day asked and the gap nearest to it, else the last gap,
    else over all the days of the ledger.

    Raises UserError for an unknown chip or destination, and for a day before the ledger begins.
    """
    say, labels = catalogue(language), labels_of(language)
    found, place = knowledge.chips.find(chip), knowledge.countries.find(destination).code
    first = knowledge.ledger.begins
    law = stretches(say, knowledge.lanes(found, place)[Layer.US_EXPORT], first)
    known = _known(knowledge, say, found, place, first)
    whole = Clocks(
        chip=chip_name(say, found.name),
        place=place_name(say, place),
        law=law,
        known=known,
        span=Span(first, knowledge.ledger.as_of, knowledge.ledger.as_of),
        asked=asked,
    )
    span = _around(whole, asked)
    events = tuple(_told(say, event, span) for event in _late(knowledge, found, place))
    happenings = tuple(sorted((one for pair in events for one in pair), key=lambda one: one.day))
    return specification(replace(whole, span=span, happenings=happenings), labels)


def _known(knowledge: Knowledge, say: Catalogue, chip: Chip, place: str, first: date) -> tuple[Stretch, ...]:
    """What the answer was on each day to somebody who knew only what was public by that same day."""
    days = {first}
    for statuses in knowledge.lanes(chip, place).values():
        for status in statuses:
            days |= {status.since, status.public_from} | ({status.until} if status.until else set())
    for event in events_on(knowledge.ledger, chip, (place,)):
        days |= {event.announced, event.public_from, acts_on(event)}
    steps = []
    for day in sorted(day for day in days if day >= first):
        layer = knowledge.status(chip, place, day, known_on=day).us_export
        steps.append((day, layer.name if layer else None))
    return joined(say, steps)


def _late(knowledge: Knowledge, chip: Chip, place: str) -> Iterator[Event]:
    """The events that bound before anyone outside could know of them."""
    return (
        event
        for event in events_on(knowledge.ledger, chip, (place,))
        if acts_on(event) < event.public_from and any(e.layer is Layer.US_EXPORT for e in event.effects)
    )


def _told(say: Catalogue, event: Event, span: Span) -> tuple[Happening, ...]:
    """The day it bound and the day it became public, as far as they are shown."""
    title = event_title(say, event.title)
    pair = (
        Happening(acts_on(event), title, is_act(event)),
        Happening(event.public_from, say.text("chart.public", title=title), law=False),
    )
    return tuple(one for one in pair if span.begins <= one.day <= span.ends)


def _around(whole: Clocks, asked: date | None) -> Span:
    found = gaps(whole)
    if not found and asked is None:
        return whole.span
    middle = asked or found[-1][0]
    nearest = min(found, key=lambda gap: abs((gap[0] - middle).days)) if found else ()
    days = (middle, *nearest)
    begins, ends = max(min(days) - BEFORE, whole.span.begins), max(days) + AFTER
    return Span(begins, ends, whole.span.ledger)
