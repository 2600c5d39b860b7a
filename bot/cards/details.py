"""What a change holds besides its documents, put onto the alert's card: redlines of texts, rows of lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.cards.card import Card
from bot.cards.redline import with_redlines
from bot.cards.rows import with_rows


def with_details(card: Card, details: Sequence[Mapping[str, Any]], language: str, story: str = "") -> Card:
    """A card with the details of its story's changes; the newest change of a list speaks for it."""
    redlines = [detail["redline"] for detail in details if "redline" in detail]
    rows = [detail["rows"] for detail in details if "rows" in detail]
    if redlines:
        card = with_redlines(card, redlines, language, story)
    if rows:
        card = with_rows(card, rows[-1], language, story)
    return card
