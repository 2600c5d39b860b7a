"""`/chipwatch edit`: change what a channel gets, step by step."""

from __future__ import annotations

from bot.commands.ask import Ask
from bot.commands.customising import begin, draft_of, what_card
from bot.commands.declaration import OpenTo
from bot.commands.kinds import ChannelId
from bot.commands.ordering import standing_here
from bot.commands.registry import command
from bot.commands.reply import Reply


@command("chipwatch", "edit", open_to=OpenTo.MANAGERS)
async def edit(ask: Ask, channel: ChannelId | None = None) -> Reply:
    """The first step over the channel's present order; nothing changes before it is saved."""
    found = await standing_here(ask, channel or "")
    id_ = await begin(ask, found.order, found.channel, found.language, found.time_zone)
    return Reply.of(what_card(ask, id_, await draft_of(ask, id_)))
