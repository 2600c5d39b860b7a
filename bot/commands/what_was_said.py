"""For the auditor: what the bot itself said on a day, by its own log, beside what it would have had to say."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime, timedelta

from bot.cards.card import Button, Card
from bot.clock import span_of
from bot.commands.ask import Ask
from bot.knowledge.status import Status
from bot.locale.catalogue import Catalogue, catalogue
from bot.locale.rich import Rich
from bot.store import evidence
from bot.store.engine import Connection


async def with_what_was_said(ask: Ask, card: Card, found: Status) -> Card:
    """The card of an answer as known on a day, with what the evidence has of that day and the ledger it comes from."""
    say, day = catalogue(ask.language), found.known_on or found.on
    chip, place = found.chip.name, found.destination.code

    def read(conn: Connection) -> tuple[datetime | None, evidence.Row | None]:
        last = evidence.last_answer(conn, chip, place, *span_of(day))
        return evidence.begins_at(conn), last

    begins, row = await ask.store.read(read)
    ledger = ask.knowledge.ledger
    basis = say.say("said.reconstruction", version=ledger.version, digest=ledger.digest[:8])
    asked = (("chip", chip), ("destination", place))
    buttons = (
        Button(say.text("button.clocks"), "clocks", asked),
        Button(say.text("button.evidence"), "chipwatch.evidence"),
    )
    lines = (*card.lines, *_gap(say, found), (*_said(say, day, begins, row), *basis))
    return replace(card, lines=lines, buttons=(*card.buttons, *buttons))


def _gap(say: Catalogue, found: Status) -> tuple[Rich, ...]:
    """The days on which the law already bound and nobody outside could know."""
    layer = found.us_export
    if layer is None or layer.public_from <= layer.since:
        return ()
    return (say.say("said.gap", begins=layer.since, ends=layer.public_from - timedelta(days=1)),)


def _said(say: Catalogue, day: date, begins: datetime | None, row: evidence.Row | None) -> Rich:
    if row is None:
        return say.say("said.nothing", day=day, begins=begins.date() if begins else "")
    layer = json.loads(row.record)["said"]["layers"]["us_export"]
    status = layer["status"] if layer else "none"
    words = say.text(say.first(f"status.says.{status}", "status.says.other"))
    return say.say("said.then", day=day, words=words, number=row.number)
