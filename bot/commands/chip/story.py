"""`/chip story`: one story whole: the alert as it stands now, and every document that tells it."""

from __future__ import annotations

from dataclasses import replace

from bot.cards.alert import alert_card
from bot.cards.flips import with_flips
from bot.cards.law import LawLine
from bot.commands.alert.sources import documents_card
from bot.commands.ask import Ask
from bot.commands.kinds import StoryId
from bot.commands.registry import command
from bot.commands.reply import Reply
from bot.commands.stories import latest
from bot.model import Op


@command("chip", "story")
async def story(ask: Ask, story: StoryId) -> Reply:
    """The alert in the reader's language and its documents."""
    revision, law, flips = await latest(ask, story)
    shown = replace(revision, op=Op.EDIT if revision.number > 1 else Op.POST)
    card = alert_card(shown, tuple(LawLine.of(record) for record in law), ask.language)
    if flips:
        card = with_flips(card, flips, ask.language)
    return Reply.of(card, documents_card(revision.story, ask.language))
