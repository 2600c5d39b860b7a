"""`/chipwatch stop`: the channel gets nothing more; its order goes with the answer, so that it can be put back."""

from __future__ import annotations

import json

from bot.cards.card import Card
from bot.commands.ask import Ask
from bot.commands.chipwatch.list import FORMAT
from bot.commands.declaration import OpenTo
from bot.commands.kinds import ChannelId
from bot.commands.ordering import standing_here
from bot.commands.registry import command
from bot.commands.reply import Attachment, Reply
from bot.commands.who import who
from bot.delivery import orders
from bot.locale.catalogue import catalogue


@command("chipwatch", "stop", open_to=OpenTo.MANAGERS)
async def stop(ask: Ask, channel: ChannelId | None = None) -> Reply:
    """Remove the order; the file in the answer brings it back with `/chipwatch list do:import`."""
    say, found = catalogue(ask.language), await standing_here(ask, channel or "")
    await ask.store.write(lambda conn: orders.stop(conn, found.id, ask.now, who(ask)))
    content = json.dumps({"format": FORMAT, **orders.as_record(found)}, ensure_ascii=False, indent=1).encode()
    card = Card(title=say.say("stop.done"), language=say.language, lines=(say.say("stop.undo"),))
    return Reply((card,), files=(Attachment("chipwatch-order.json", content),))
