"""Notices to a workspace's managers: a channel was lost, or is back."""

from __future__ import annotations

from datetime import datetime

from bot.cards.card import Card, Tone
from bot.cards.cutting import clean, cut_rich
from bot.cards.names import named_channel
from bot.locale.catalogue import catalogue

LINE_LIMIT = 440


def standing_card(
    kind: str, channel: str, at: datetime, reason: str = "", kept_days: int = 90, language: str = "en"
) -> Card:
    """`kind` is `lost` or `regained`; `channel` is its id, `reason` the platform's own words.

    Raises KeyError for another kind.
    """
    say = catalogue(language)
    lines = [say.say("standing.lost.why", reason=clean(reason, 200))] if kind == "lost" and reason else []
    if kind == "lost":
        lines.append(say.say("standing.lost.means", n=kept_days))
    else:
        lines.append(say.say("standing.regained.means"))
    return Card(
        title=cut_rich(say.say(f"standing.{kind}.title", channel=named_channel("", channel)), LINE_LIMIT),
        tone=Tone.NOTICE,
        language=say.language,
        marks=say.say("standing.marks"),
        lines=tuple(cut_rich(line, LINE_LIMIT) for line in lines),
        footer=(say.say("standing.at", at=at),),
    )
