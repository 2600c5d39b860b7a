"""The timeline of a chip: what the law and each destination said, from when to when, and what happened."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from bot.cards.charts.lanes import Lane, Span
from bot.cards.charts.look import Spec
from bot.cards.charts.timeline import Timeline, specification
from bot.cards.names import chip_name, place_name
from bot.commands.pictures.happenings import chosen
from bot.commands.pictures.stretches import changes, labels_of, stretches
from bot.knowledge.event import Layer
from bot.knowledge.library import Knowledge
from bot.knowledge.status import LayerStatus
from bot.locale.catalogue import catalogue

LEAD = timedelta(days=180)
"""So long before the first change a timeline begins."""

TAIL = timedelta(days=30)
"""So long after the last recorded day it ends when no day is given."""


def timeline_picture(
    knowledge: Knowledge,
    chip: str,
    destinations: Sequence[str] = ("CN",),
    language: str = "en",
    *,
    begins: date | None = None,
    ends: date | None = None,
) -> Spec:
    """The timeline as a Vega-Lite specification, its `description` the picture in words.

    A lane of US law for each destination, and one of its own measures where any is recorded. `begins` is half a year
    before the first change where it is not given, `ends` a month after the ledger's. Raises UserError for an unknown
    chip or destination.
    """
    say, labels = catalogue(language), labels_of(language)
    found = knowledge.chips.find(chip)
    places = list(dict.fromkeys(knowledge.countries.find(place).code for place in destinations))
    lanes: list[Lane] = []
    statuses: list[LayerStatus] = []
    for code in places:
        layers = knowledge.lanes(found, code)
        for layer in Layer:
            if layers[layer] or layer is Layer.US_EXPORT:
                name = labels.text(f"lane.{layer}", place=place_name(say, code))
                statuses += layers[layer]
                lanes.append(Lane(name, stretches(say, layers[layer], knowledge.ledger.begins)))
    span = _span(knowledge, {day for lane in lanes for day in changes(lane.stretches)}, begins, ends)
    happenings = chosen(say, knowledge.ledger, found, places, statuses, span)
    return specification(Timeline(chip_name(say, found.name), tuple(lanes), happenings, span), labels)


def _span(knowledge: Knowledge, turns: set[date], begins: date | None, ends: date | None) -> Span:
    ledger = knowledge.ledger
    last = max(ends or ledger.as_of + TAIL, ledger.begins + LEAD)
    first = begins or min([*turns, ledger.as_of - LEAD]) - LEAD
    return Span(max(min(first, last - LEAD), ledger.begins), last, ledger.as_of)
