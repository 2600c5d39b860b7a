"""The roundup: one message for a busy day, edited as it goes on; and the reply that announces what is critical."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.cards.alert import alert_card
from bot.cards.card import Card
from bot.cards.cutting import cut_rich
from bot.cards.digest import LINE_LIMIT, Entry, entry_line, tone_of_all
from bot.cards.law import LawLine
from bot.locale.catalogue import catalogue
from bot.model import Revision

MOST = 15
"""Stories that are named; the rest are counted."""


def roundup_card(entries: Sequence[Entry], since: datetime, filed: int = 0, language: str = "en") -> Card:
    """A busy day in one message: the stories in the order given, and how many analyses were `filed`, not posted."""
    say = catalogue(language)
    documents = sum(len(entry.story.members) for entry in entries)
    lines = [entry_line(say, entry) for entry in entries[:MOST]]
    if len(entries) > MOST:
        lines.append(say.say("roundup.more", n=len(entries) - MOST))
    if filed:
        lines.append(say.say("roundup.filed", n=filed))
    stories = say.text("roundup.stories", n=len(entries))
    counted = say.text("roundup.documents", n=documents)
    return Card(
        title=cut_rich(say.say("roundup.title", stories=stories, documents=counted), LINE_LIMIT),
        tone=tone_of_all(entries),
        language=say.language,
        lines=tuple(lines),
        footer=(say.say("roundup.footer", since=since),),
    )


def announcement_card(revision: Revision, law: Sequence[LawLine] = (), language: str = "en") -> Card:
    """The reply under a roundup for a story that cannot wait to be noticed: the alert itself."""
    say = catalogue(language)
    card = alert_card(revision, law, language)
    return replace(card, footer=(*card.footer, say.say("roundup.announced")))
