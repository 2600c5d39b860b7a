"""The button "Full redline" under an alert of an amended section: the whole as a file."""

from __future__ import annotations

from bot.commands.ask import Ask
from bot.commands.chip.redline import redline as whole
from bot.commands.kinds import StoryId
from bot.commands.registry import command
from bot.commands.reply import Reply


@command("alert", "redline", action=True)
async def redline(ask: Ask, story: StoryId) -> Reply:
    """What `/chip redline` says of the story."""
    return await whole(ask, story)
