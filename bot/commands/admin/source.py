"""`/chipwatch-admin source`: one source in full."""

from __future__ import annotations

from bot.cards.card import Button, Card
from bot.cards.cutting import clean
from bot.commands.admin.held import RESOLUTIONS
from bot.commands.ask import Ask
from bot.commands.declaration import OpenTo
from bot.commands.describing import choice_label
from bot.commands.kinds import SourceId
from bot.commands.registry import command
from bot.commands.reply import Reply
from bot.errors import UserError
from bot.locale.catalogue import catalogue
from bot.store import sources as source_states


@command("chipwatch-admin", "source", open_to=OpenTo.OPERATORS)
async def source(ask: Ask, source: SourceId) -> Reply:
    """Its state, and the buttons that release or drop a change that is held."""
    say = catalogue(ask.language)
    state = await ask.store.read(lambda conn: source_states.state_of(conn, source))
    if state is None:
        raise UserError("errors.unknown_source", source=source)
    known = ask.services.sources.get(source)
    buttons = tuple(
        Button(choice_label(ask.language, do), "chipwatch-admin.held", (("do", do), ("source", source)))
        for do in RESOLUTIONS
    )
    lines = [
        say.say("source.health", health=say.text(f"sources.health.{state.health}")),
        say.say("source.polled", at=state.last_success_at or "", next=state.next_poll_at or ""),
        say.say("source.changed", at=state.last_change_at or ""),
        say.say("source.error", error=clean(state.error or "", 60), detail=clean(state.error_detail or "", 300)),
    ]
    return Reply.of(
        Card(
            title=say.say("source.title", name=clean(known.label if known else source, 80), id=clean(source, 80)),
            language=say.language,
            lines=tuple(line for line in lines if line),
            buttons=buttons if state.held_id is not None else (),
        )
    )
