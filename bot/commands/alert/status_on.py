"""The button "Other date": asks for a day, and for what else an answer may depend on."""

from __future__ import annotations

from bot.cards.card import Field, Form
from bot.commands.ask import Ask
from bot.commands.kinds import ChipName, Day, Destination, Name
from bot.commands.registry import command
from bot.commands.reply import Reply
from bot.locale.catalogue import catalogue


@command("alert", "status_on", action=True)
async def status_on(
    ask: Ask,
    chip: ChipName,
    destination: Destination,
    date_: Day | None = None,
    buyer: Destination | None = None,
    from_: Destination | None = None,
    end_user: Name | None = None,
) -> Reply:
    """A form whose answer is `status` for that day."""
    say = catalogue(ask.language)
    fields = (
        Field("date", say.text("window.date"), chosen=(date_.isoformat(),) if date_ else (), required=True),
        Field("known-on", say.text("window.known_on"), help=say.text("window.known_on_help")),
    )
    asked = (("buyer", buyer), ("from", from_), ("end-user", end_user))
    values = (("chip", chip), ("destination", destination), *((name, value) for name, value in asked if value))
    title = say.text("window.status_title", chip=chip)
    return Reply(form=Form(title, "status", fields, values, say.text("window.ask"), say.language))
