"""Customise: nothing is changed after all."""

from __future__ import annotations

from bot.cards.card import Card
from bot.commands.ask import Ask
from bot.commands.customising import draft_of
from bot.commands.declaration import OpenTo
from bot.commands.kinds import Name
from bot.commands.registry import command
from bot.commands.reply import Reply
from bot.locale.catalogue import catalogue
from bot.store import drafts


@command("alert", "order_drop", open_to=OpenTo.MANAGERS, action=True)
async def order_drop(ask: Ask, draft: Name) -> Reply:
    """The draft is forgotten."""
    await draft_of(ask, draft)
    await ask.store.write(lambda conn: drafts.drop(conn, draft))
    return Reply.of(Card(title=catalogue(ask.language).say("customise.dropped"), language=ask.language), replace=True)
