"""`/chipwatch preview`: what an order would have brought in the last 90 days, before anything is followed."""

from __future__ import annotations

from typing import Annotated

from bot.cards.card import Card
from bot.cards.cutting import clean
from bot.cards.story_line import story_line
from bot.commands.ask import Ask
from bot.commands.declaration import OpenTo
from bot.commands.kinds import ChannelId, Choice
from bot.commands.ordering import in_words, preview_line, standing_here
from bot.commands.registry import command
from bot.commands.reply import Reply
from bot.delivery.order import Order
from bot.delivery.presets import PRESETS
from bot.errors import UserError
from bot.locale.catalogue import catalogue
from bot.pipeline.reading import retrieval

LINES = 8


@command("chipwatch", "preview", open_to=OpenTo.MANAGERS)
async def preview(
    ask: Ask, preset: Annotated[str, Choice(*PRESETS)] | None = None, channel: ChannelId | None = None
) -> Reply:
    """For a preset, or for the channel's own order."""
    say = catalogue(ask.language)
    if preset is not None:
        order, language, zone = PRESETS[preset], ask.language, ask.time_zone
    else:
        standing = await standing_here(ask, channel or "")
        order, language, zone = standing.order, standing.language, standing.time_zone
    try:
        wanted = Order.of(order)
    except ValueError as error:
        raise UserError("errors.order_unreadable", reason=clean(str(error), 100)) from None
    found = await ask.store.read(lambda conn: retrieval.preview(conn, wanted, ask.now))
    lines = (in_words(ask, order, language, zone), *(story_line(say, story) for story in found.stories[:LINES]))
    return Reply.of(Card(title=preview_line(say, found), language=say.language, lines=lines))
