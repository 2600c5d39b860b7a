"""The line of an alert with the days that its documents name, as they stand on the day of the message."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from bot.cards.card import Card
from bot.cards.cutting import cut_rich
from bot.locale.catalogue import catalogue
from bot.locale.rich import Span

MOST_DATES = 6
LINE_LIMIT = 440


def with_dates(card: Card, days: Sequence[tuple[str, date]], on: date, language: str) -> Card:
    """A card with a line of dates below its Law line: its stations and what each day is for, the earliest first.

    A day that has come is said to be the day which the text names, and no more: whether it was put off is not known.
    Where the day of effect is named, it is no open point any more.
    """
    if not days:
        return card
    say = catalogue(language)
    told = [
        say.text(f"dates.{'past' if day <= on else 'ahead'}.{due}", day=day)
        for due, day in sorted(set(days), key=lambda pair: (pair[1], pair[0]))[:MOST_DATES]
    ]
    line = cut_rich((*say.say("dates.line"), Span(" · ".join(told))), LINE_LIMIT)
    answered = say.say("alert.open", points=say.text("open.official_act"))
    named = any(due == "effective" for due, _ in days)
    rest = tuple(other for other in card.lines[1:] if not (named and other == answered))
    return replace(card, lines=(*card.lines[:1], line, *rest))
