"""The pointer: what is left of a message whose story goes on in another one."""

from __future__ import annotations

from collections.abc import Sequence

from bot.cards.card import Button, Card
from bot.cards.cutting import cut_rich
from bot.cards.headline import plain_headline
from bot.cards.law import LawLine
from bot.cards.sureness import sureness_of, tone_of
from bot.locale.catalogue import catalogue
from bot.model import Story

LINE_LIMIT = 440


def pointer_card(survivor: Story, law: Sequence[LawLine] = (), language: str = "en") -> Card:
    """What stands in the place of a message whose story was joined to `survivor`: its headline, and a way there."""
    say = catalogue(language)
    return Card(
        title=cut_rich(say.say("rise.merged", headline=plain_headline(say, survivor, law)), LINE_LIMIT),
        tone=tone_of(sureness_of(survivor.facts)),
        language=say.language,
        marks=say.say("rise.merged_marks"),
        buttons=(Button(say.text("button.story"), "story", (("story", survivor.id),)),),
    )
