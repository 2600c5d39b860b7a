"""Customise, second step: When."""

from __future__ import annotations

from bot.commands.ask import Ask
from bot.commands.customising import draft_of, when_card
from bot.commands.declaration import OpenTo
from bot.commands.kinds import Name
from bot.commands.registry import command
from bot.commands.reply import Reply


@command("alert", "order_when", open_to=OpenTo.MANAGERS, action=True)
async def order_when(ask: Ask, draft: Name) -> Reply:
    """The lists of the second step."""
    return Reply.of(when_card(ask, draft, await draft_of(ask, draft)), replace=True)
