"""`/chipwatch pause`: nothing is posted until it is resumed; the order is kept."""

from __future__ import annotations

from bot.cards.card import Button, Card
from bot.commands.ask import Ask
from bot.commands.declaration import OpenTo
from bot.commands.kinds import ChannelId
from bot.commands.ordering import standing_here
from bot.commands.registry import command
from bot.commands.reply import Reply
from bot.commands.who import who
from bot.delivery import orders
from bot.locale.catalogue import catalogue

BY_A_MANAGER = "paused by a manager"


@command("chipwatch", "pause", open_to=OpenTo.MANAGERS)
async def pause(ask: Ask, channel: ChannelId | None = None) -> Reply:
    """Stop posting for a while."""
    say, found = catalogue(ask.language), await standing_here(ask, channel or "")
    await ask.store.write(lambda conn: orders.pause(conn, found.id, BY_A_MANAGER, ask.now, who(ask)))
    button = Button(say.text("button.resume"), "chipwatch.resume", (("channel", found.channel),))
    return Reply.of(Card(title=say.say("pause.done"), language=say.language, buttons=(button,)))
