"""`/chipwatch resume`: post again."""

from __future__ import annotations

from bot.cards.card import Card
from bot.cards.cutting import clean
from bot.commands.ask import Ask
from bot.commands.declaration import OpenTo
from bot.commands.kinds import ChannelId
from bot.commands.ordering import in_words, standing_here
from bot.commands.registry import command
from bot.commands.reply import Reply
from bot.commands.who import who
from bot.delivery import orders
from bot.errors import UserError
from bot.locale.catalogue import catalogue


@command("chipwatch", "resume", open_to=OpenTo.MANAGERS)
async def resume(ask: Ask, channel: ChannelId | None = None) -> Reply:
    """End a pause; an order that does not rest stays as it is. Raises UserError where the channel is lost: nothing
    can be posted there, and once it can the order goes on by itself."""
    say, found = catalogue(ask.language), await standing_here(ask, channel or "")
    if found.lost is not None:
        raise UserError("errors.order_lost", reason=clean(found.pause_reason or "", 100))
    await ask.store.write(lambda conn: orders.resume(conn, found.id, ask.now, who(ask)))
    lines = (in_words(ask, found.order, found.language, found.time_zone),)
    return Reply.of(Card(title=say.say("pause.over"), language=say.language, lines=lines))
