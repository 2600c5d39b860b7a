"""Customise: the draft becomes the channel's order."""

from __future__ import annotations

from bot.commands.ask import Ask
from bot.commands.customising import draft_of
from bot.commands.declaration import OpenTo
from bot.commands.kinds import Name
from bot.commands.ordering import Wish, put_in_force
from bot.commands.registry import command
from bot.commands.reply import Reply
from bot.store import drafts


@command("alert", "order_save", open_to=OpenTo.MANAGERS, action=True)
async def order_save(ask: Ask, draft: Name) -> Reply:
    """Stored, tried out, told; the draft is gone then."""
    kept = await draft_of(ask, draft)
    wish = Wish(kept["order"], kept["language"], kept["time_zone"], kept["channel"], ask.where.workspace)
    card = await put_in_force(ask, wish)
    await ask.store.write(lambda conn: drafts.drop(conn, draft))
    return Reply.of(card, replace=True)
