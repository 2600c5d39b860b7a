"""`/chipwatch stop`: the channel gets nothing more; its order goes with the answer, so that it can be put back."""

from __future__ import annotations

import json

from bot.cards.card import Card
from bot.commands.ask import Ask
from bot.commands.chipwatch.list import FORMAT
from bot.commands.declaration import OpenTo
from bot.commands.kinds import ChannelId
from bot.commands.ordering import as_record, standing_here
from bot.commands.registry import command
from bot.commands.reply import Attachment, Reply
from bot.commands.who import who
from bot.locale.catalogue import catalogue
from bot.store import audit, subscriptions
from bot.store.engine import Connection


@command("chipwatch", "stop", open_to=OpenTo.MANAGERS)
async def stop(ask: Ask, channel: ChannelId | None = None) -> Reply:
    """Remove the order; the file in the answer brings it back with `/chipwatch list do:import`."""
    say, found = catalogue(ask.language), await standing_here(ask, channel or "")
    was = as_record(found)

    def remove(conn: Connection) -> None:
        subscriptions.remove(conn, found.id)
        audit.log(conn, ask.now, who(ask), "order.stop", f"{found.platform}:{found.channel}", was, None)

    await ask.store.write(remove)
    content = json.dumps({"format": FORMAT, **was}, ensure_ascii=False, indent=1).encode()
    card = Card(title=say.say("stop.done"), language=say.language, lines=(say.say("stop.undo"),))
    return Reply((card,), files=(Attachment("chipwatch-order.json", content, "application/json"),))
