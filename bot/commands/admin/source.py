"""`/chipwatch-admin source`: one source in full, and the word on a change that is held."""

from __future__ import annotations

from typing import Annotated

from bot.cards.card import Button, Card
from bot.cards.cutting import clean
from bot.commands.ask import Ask
from bot.commands.declaration import OpenTo
from bot.commands.kinds import Choice, SourceId
from bot.commands.registry import command
from bot.commands.reply import Reply
from bot.commands.who import who
from bot.errors import UserError
from bot.locale.catalogue import catalogue
from bot.store import audit, held
from bot.store import sources as source_states
from bot.store.engine import Connection

WORDS = {"release": "released", "drop": "dropped"}


@command("chipwatch-admin", "source", open_to=OpenTo.OPERATORS)
async def source(
    ask: Ask, source: SourceId, do: Annotated[str, Choice("show", "release", "drop")] | None = None
) -> Reply:
    """Its state; `release` lets a held change through at the next poll, `drop` stores it silently."""
    say = catalogue(ask.language)
    if do in WORDS:
        word = WORDS[do]

        def work(conn: Connection) -> bool:
            done = held.resolve(conn, source, word, ask.now)
            if done:
                audit.log(conn, ask.now, who(ask), f"held.{word}", source)
            return done

        if not await ask.store.write(work):
            raise UserError("errors.nothing_held", source=source)
        return Reply.of(Card(title=say.say(f"source.{word}", source=clean(source, 60)), language=say.language))
    state = await ask.store.read(lambda conn: source_states.state_of(conn, source))
    if state is None:
        raise UserError("errors.unknown_source", source=source)
    known = ask.services.sources.get(source)
    values = (("source", source),)
    buttons = tuple(
        Button(say.text(f"command.choice.{each}"), "chipwatch-admin.source", (*values, ("do", each))) for each in WORDS
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
