"""Notices to operators: outage, recovery, held changes, silence, challenge pages. Never shown to subscribers."""

from __future__ import annotations

from datetime import datetime

from bot.cards.card import Button, Card, Tone
from bot.cards.cutting import clean, cut_rich
from bot.locale.catalogue import catalogue

KINDS = ("outage", "recovered", "held", "stale", "challenge")
LINE_LIMIT = 440


def notice_card(kind: str, source: str, at: datetime, detail: str = "", language: str = "en") -> Card:
    """One notice. `source` is the name of the source, `detail` the error in plain words (English).

    Raises KeyError for a kind that is none of `KINDS`.
    """
    say = catalogue(language)
    name = clean(source, 60)
    said = clean(detail, 300)
    buttons = (Button(say.text("button.show_held"), "held", (("source", source),)),) if kind == "held" else ()
    return Card(
        title=cut_rich(say.say(f"notice.{kind}.title", source=name), LINE_LIMIT),
        tone=Tone.NOTICE,
        language=say.language,
        marks=say.say("notice.marks"),
        lines=tuple(
            cut_rich(line, LINE_LIMIT)
            for line in (say.say("notice.detail", detail=said), say.say(f"notice.{kind}.means"))
            if line
        ),
        footer=(say.say("notice.at", at=at),),
        buttons=buttons,
    )
