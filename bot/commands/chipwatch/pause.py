"""`/chipwatch pause`: nothing is posted until it is resumed; the order is kept."""

from __future__ import annotations

from bot.cards.card import Button, Card
from bot.commands.ask import Ask
from bot.commands.declaration import OpenTo
from bot.commands.kinds import ChannelId
from bot.commands.ordering import as_record, standing_here
from bot.commands.registry import command
from bot.commands.reply import Reply
from bot.commands.who import who
from bot.locale.catalogue import catalogue
from bot.store import audit, subscriptions
from bot.store.engine import Connection

BY_A_MANAGER = "paused by a manager"


@command("chipwatch", "pause", open_to=OpenTo.MANAGERS)
async def pause(ask: Ask, channel: ChannelId | None = None) -> Reply:
    """Stop posting for a while."""
    say, found = catalogue(ask.language), await standing_here(ask, channel or "")

    def stop(conn: Connection) -> None:
        subscriptions.pause(conn, found.id, ask.now, BY_A_MANAGER)
        after = as_record(found) | {"paused": True}
        audit.log(conn, ask.now, who(ask), "order.pause", f"{found.platform}:{found.channel}", as_record(found), after)

    if found.paused_at is None:
        await ask.store.write(stop)
    button = Button(say.text("button.resume"), "chipwatch.resume", (("channel", found.channel),))
    return Reply.of(Card(title=say.say("pause.done"), language=say.language, buttons=(button,)))
