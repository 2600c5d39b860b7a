"""The card of a reminder: a date ahead that a channel asked to be told of in time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from bot.cards.card import Card, Tone
from bot.cards.cutting import clean, cut_rich
from bot.cards.quotation import safe_url
from bot.cards.tables import due_title
from bot.locale.catalogue import catalogue
from bot.locale.rich import Span

LINE_LIMIT = 440


def reminder_card(shown: Mapping[str, Any], days: int, language: str = "en") -> Card:
    """What stands in a channel `days` days before a date; `shown` is the date as `upcoming` prints it."""
    say = catalogue(language)
    day = date.fromisoformat(str(shown["date"])[:10])
    cited: Mapping[str, Any] = next(iter(shown.get("citations") or ()), {})
    source = clean(str(cited.get("title") or ""), 120)
    words = clean(str(shown.get("summary") or ""), LINE_LIMIT)
    lines = [
        say.say("reminder.words", words=words) if words else (),
        say.say("reminder.contradicts", day=date.fromisoformat(str(other)[:10]))
        if (other := shown.get("contradicts"))
        else (),
    ]
    return Card(
        title=cut_rich(say.say("reminder.title", n=days, day=day, title=due_title(say, shown)), LINE_LIMIT),
        tone=Tone.NOTICE,
        language=say.language,
        lines=tuple(cut_rich(line, LINE_LIMIT) for line in lines if line),
        footer=((Span(source, url=safe_url(cited.get("url"))),),) if source else (),
    )
