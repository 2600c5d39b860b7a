"""`/chipwatch privacy`: what is stored of this server, and erasing it."""

from __future__ import annotations

from math import ceil
from typing import Annotated

from bot.cards.card import Button, Card
from bot.commands.ask import Ask
from bot.commands.declaration import OpenTo
from bot.commands.kinds import Choice
from bot.commands.registry import command
from bot.commands.reply import Reply
from bot.errors import UserError
from bot.locale.catalogue import catalogue
from bot.store import erasing


@command("chipwatch", "privacy", open_to=OpenTo.MANAGERS)
async def privacy(ask: Ask, do: Annotated[str, Choice("show", "erase")] | None = None) -> Reply:
    """What is kept and why; `erase` forgets everything of this server at once."""
    say, where = catalogue(ask.language), ask.where
    if do == "erase":
        if not where.workspace:
            raise UserError("errors.no_workspace")
        gone = await ask.store.write(lambda conn: erasing.workspace(conn, where.platform, where.workspace, ask.now))
        return Reply.of(Card(title=say.say("privacy.erased", n=gone), language=say.language))
    kept = ceil(ask.services.settings.delivery.keep_left)
    lines = tuple(
        say.say(f"privacy.{name}", n=kept) for name in ("orders", "people", "evidence", "reports", "never", "removal")
    )
    button = Button(say.text("privacy.button"), "erase")
    return Reply.of(Card(title=say.say("privacy.title"), language=say.language, lines=lines, buttons=(button,)))
