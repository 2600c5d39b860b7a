"""The button "Customise": begins a draft from a preset or from what the channel has."""

from __future__ import annotations

from typing import Annotated

from bot.commands.ask import Ask
from bot.commands.customising import begin, draft_of, what_card
from bot.commands.declaration import OpenTo
from bot.commands.kinds import ChannelId, Choice
from bot.commands.ordering import wish_for
from bot.commands.registry import command
from bot.commands.reply import Reply
from bot.delivery.presets import PRESETS


@command("alert", "customise", open_to=OpenTo.MANAGERS, action=True)
async def customise(
    ask: Ask, preset: Annotated[str, Choice(*PRESETS)] | None = None, channel: ChannelId | None = None
) -> Reply:
    """The first step over a preset, the default one where none is named."""
    wish = await wish_for(ask, PRESETS[preset or next(iter(PRESETS))], channel or "")
    id_ = await begin(ask, wish.order, wish.channel, wish.language, wish.time_zone)
    return Reply.of(what_card(ask, id_, await draft_of(ask, id_)))
