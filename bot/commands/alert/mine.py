"""The button "In my language": the alert as it stands now, in the reader's language, for him alone."""

from __future__ import annotations

from dataclasses import replace

from bot.cards.alert import alert_card
from bot.cards.law import LawLine
from bot.commands.ask import Ask
from bot.commands.kinds import StoryId
from bot.commands.registry import command
from bot.commands.reply import Reply
from bot.commands.stories import latest
from bot.model import Op


@command("alert", "mine", action=True)
async def mine(ask: Ask, story: StoryId) -> Reply:
    """The card of the newest revision."""
    revision, law, _ = await latest(ask, story)
    shown = replace(revision, op=Op.EDIT if revision.number > 1 else Op.POST)
    return Reply.of(alert_card(shown, tuple(LawLine.of(record) for record in law), ask.language))
