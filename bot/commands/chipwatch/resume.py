"""`/chipwatch resume`: post again."""

from __future__ import annotations

from bot.cards.card import Card
from bot.commands.ask import Ask
from bot.commands.declaration import OpenTo
from bot.commands.kinds import ChannelId
from bot.commands.ordering import as_record, in_words, standing_here
from bot.commands.registry import command
from bot.commands.reply import Reply
from bot.commands.who import who
from bot.locale.catalogue import catalogue
from bot.store import audit, subscriptions
from bot.store.engine import Connection


@command("chipwatch", "resume", open_to=OpenTo.MANAGERS)
async def resume(ask: Ask, channel: ChannelId | None = None) -> Reply:
    """End a pause; an order that does not rest stays as it is."""
    say, found = catalogue(ask.language), await standing_here(ask, channel or "")

    def go(conn: Connection) -> None:
        subscriptions.resume(conn, found.id)
        after = as_record(found) | {"paused": False}
        audit.log(conn, ask.now, who(ask), "order.resume", f"{found.platform}:{found.channel}", as_record(found), after)

    if found.paused_at is not None:
        await ask.store.write(go)
    lines = (in_words(ask, found.order, found.language, found.time_zone),)
    return Reply.of(Card(title=say.say("pause.over"), language=say.language, lines=lines))
