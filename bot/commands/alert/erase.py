"""The button under `/chipwatch privacy`: asks once more before everything of a server is forgotten."""

from __future__ import annotations

from bot.cards.card import Button, Card
from bot.commands.ask import Ask
from bot.commands.declaration import OpenTo
from bot.commands.registry import command
from bot.commands.reply import Reply
from bot.locale.catalogue import catalogue


@command("alert", "erase", open_to=OpenTo.MANAGERS, action=True)
async def erase(ask: Ask) -> Reply:
    """The question, with the button that does it."""
    say = catalogue(ask.language)
    button = Button(say.text("privacy.sure"), "chipwatch.privacy", (("do", "erase"),))
    return Reply.of(Card(title=say.say("privacy.ask"), language=say.language, buttons=(button,)))
