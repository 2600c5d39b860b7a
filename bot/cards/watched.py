"""The letter to the owner of a watch list: what a list's change touches of it. Nobody else sees it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.cards.card import Card, Tone
from bot.cards.cutting import clean, cut_rich
from bot.cards.quotation import safe_url
from bot.cards.rows import list_name
from bot.locale.catalogue import catalogue
from bot.locale.rich import Span

SHOWN = 8
NAME_LIMIT = 80
LINE_LIMIT = 440


def watched_card(facts: Mapping[str, Any], language: str = "en") -> Card:
    """`facts` are those of the letter (`pipeline.watching`): the list, how many names are watched, and the hits."""
    say = catalogue(language)
    hits: Sequence[Mapping[str, Any]] = facts["hits"]
    name = list_name(say, facts)
    lines = [
        say.say(
            "watched.hit",
            op=say.text(f"watched.op.{hit['op']}"),
            asked=clean(str(hit["asked"]), NAME_LIMIT),
            name=clean(str(hit["name"]), NAME_LIMIT),
            score=round(float(hit["score"]) * 100),
            note=clean(str(hit["note"]), NAME_LIMIT),
        )
        for hit in hits[:SHOWN]
    ]
    if len(hits) > SHOWN:
        lines.append(say.say("lists.more", n=len(hits) - SHOWN))
    return Card(
        title=say.say("watched.title", n=len(hits), list=name),
        tone=Tone.NOTICE,
        language=say.language,
        lines=tuple(cut_rich(line, LINE_LIMIT) for line in (*lines, say.say("party.ownership"))),
        footer=(say.say("watched.only_you", n=facts["watched"]), (Span(name, url=safe_url(facts.get("url"))),)),
    )
