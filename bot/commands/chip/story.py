"""`/chip story`: one story whole: what stands in the channels now, and every document that tells it."""

from __future__ import annotations

from bot.commands.alert.sources import documents_card
from bot.commands.ask import Ask
from bot.commands.kinds import StoryId
from bot.commands.registry import command
from bot.commands.reply import Reply
from bot.commands.stories import latest
from bot.delivery.rendering import card_now


@command("chip", "story")
async def story(ask: Ask, story: StoryId) -> Reply:
    """The alert in the reader's language, or the correction in its place, and its documents."""
    told = await latest(ask, story)
    return Reply.of(card_now(told, ask.language), documents_card(told.revision.story, ask.language))
