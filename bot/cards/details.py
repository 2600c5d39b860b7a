"""What a change holds besides its documents, put onto the alert's card: redlines of texts, rows of lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.cards.card import Card
from bot.cards.redline import with_blocks, with_redlines, with_redlines_below
from bot.cards.rows import with_rows


def with_details(
    card: Card, details: Sequence[Mapping[str, Any]], language: str, story: str = "", head: str = ""
) -> Card:
    """A card with the details of its story's changes; the newest change of a list speaks for it.

    `head` is the seat of the story's head: where that is no section of the Code, the story is a rule's, and what became
    of the Code stands below what the rule says.
    """
    redlines = [detail["redline"] for detail in details if "redline" in detail]
    blocks = [detail["blocks"] for detail in details if "blocks" in detail]
    rows = [detail["rows"] for detail in details if "rows" in detail]
    if redlines:
        of_code = head in ("", *(f"{one['section']}@{one['new_date']}" for one in redlines))
        card = (with_redlines if of_code else with_redlines_below)(card, redlines, language, story)
    if blocks and not redlines:
        card = with_blocks(card, blocks[-1], language)
    if rows:
        card = with_rows(card, rows[-1], language, story)
    return card
