"""The line of an alert whose document waits as a draft of the ledger until a maintainer has confirmed it."""

from __future__ import annotations

from dataclasses import replace

from bot.cards.card import Card
from bot.locale.catalogue import catalogue


def with_review_pending(card: Card, language: str) -> Card:
    """A card that says, below its Law line, that the ledger has not taken up the document yet."""
    line = catalogue(language).say("review.pending")
    return replace(card, lines=(*card.lines[:1], line, *card.lines[1:]))
