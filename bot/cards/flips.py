"""What an act changes in the answers, as lines of a card: computed from the matrix before and after, never written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.cards.card import Card
from bot.cards.names import chip_name, place_name
from bot.locale.catalogue import Catalogue, catalogue
from bot.locale.rich import Rich

MOST_GROUPS = 3
MOST_CHIPS = 12
MOST_PLACES = 6


def with_flips(card: Card, groups: Sequence[Mapping[str, Any]], language: str) -> Card:
    """A card with the answers that flip, below its Law line.

    `groups` are those of `knowledge.consequences`: before, after, chips, destinations; the largest first.
    """
    say = catalogue(language)
    lines = [_line(say, group) for group in groups[:MOST_GROUPS]]
    if len(groups) <= MOST_GROUPS:
        lines.append(say.say("flips.nothing_else"))
    else:
        lines.append(say.say("flips.more", n=len(groups) - MOST_GROUPS))
    return replace(card, lines=(*card.lines[:1], *lines, *card.lines[1:]))


def _line(say: Catalogue, group: Mapping[str, Any]) -> Rich:
    chips = [chip_name(say, chip) for chip in group["chips"]]
    places = [place_name(say, code) for code in group["destinations"]]
    return say.say(
        "flips.chips",
        n=len(chips),
        chips=_cut(say, chips, MOST_CHIPS),
        to=f"→ {_cut(say, places, MOST_PLACES)}",
        before=say.text(f"flips.status.{group['before'] or 'none'}"),
        after=say.text(f"flips.status.{group['after'] or 'none'}"),
    )


def _cut(say: Catalogue, names: Sequence[str], most: int) -> str:
    shown = say.form.comma.join(names[:most])
    return shown if len(names) <= most else f"{shown} {say.text('flips.more', n=len(names) - most)}"
