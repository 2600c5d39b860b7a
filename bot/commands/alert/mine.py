"""The button "In my language": what stands in the channel now, in the reader's language, for him alone."""

from __future__ import annotations

from bot.commands.ask import Ask
from bot.commands.kinds import StoryId
from bot.commands.registry import command
from bot.commands.reply import Reply
from bot.commands.stories import latest
from bot.delivery.rendering import card_now


@command("alert", "mine", action=True)
async def mine(ask: Ask, story: StoryId) -> Reply:
    """The card of the newest revision."""
    return Reply.of(card_now(await latest(ask, story), ask.language))
