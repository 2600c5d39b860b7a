"""How old the ledger is: it stands with every answer that rests on it, the plainer the younger it is."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from bot.cards.card import Card
from bot.locale.catalogue import Catalogue, catalogue
from bot.locale.rich import Rich

FRESH_DAYS = 14
OLD_DAYS = 45
"""Up to how many days the age is plain, and up to how many it is marked; beyond it stands first."""


def ledger_age(say: Catalogue, as_of: date, today: date) -> Rich:
    """The age in words. `as_of` is the day up to which the ledger is kept, `today` (UTC) that of the question."""
    days = (today - as_of).days
    if days <= FRESH_DAYS:
        return say.say("ledger_age.fresh", day=as_of)
    return say.say("ledger_age.marked" if days <= OLD_DAYS else "ledger_age.old", day=as_of, n=days)


def stands_first(as_of: date, today: date) -> bool:
    """Whether the ledger is so old that this must be read before the answer."""
    return (today - as_of).days > OLD_DAYS


def with_ledger_age(card: Card, as_of: date, today: date) -> Card:
    """A card whose answer rests on the ledger, with the age where it belongs."""
    age = ledger_age(catalogue(card.language), as_of, today)
    if stands_first(as_of, today):
        return replace(card, lines=(age, *card.lines))
    return replace(card, footer=(*card.footer, age))
