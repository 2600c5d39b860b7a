"""`/chip timeline`: what happened to a chip, as a picture and in lines."""

from __future__ import annotations

from dataclasses import replace

from bot.cards.ledger_age import with_ledger_age
from bot.cards.names import chip_name, place_name
from bot.cards.tables import timeline_card
from bot.commands.ask import Ask
from bot.commands.drawing import picture_of
from bot.commands.kinds import ChipName, Day, Destination
from bot.commands.pictures import timeline_picture
from bot.commands.registry import command
from bot.commands.reply import Reply
from bot.knowledge.entry import event_json
from bot.knowledge.ledger import names_of
from bot.locale.catalogue import catalogue

LINES = 8
"""Newest events that stand under the picture."""


@command("chip", "timeline")
async def timeline(
    ask: Ask, chip: ChipName, destination: Destination | None = None, from_: Day | None = None, until: Day | None = None
) -> Reply:
    """The law and the destination's measures over time, with the ledger's newest events; China where none is named."""
    known, say = ask.knowledge, catalogue(ask.language)
    found, place = known.chips.find(chip), destination or "CN"
    spec = timeline_picture(known, found.name, (place,), ask.language, begins=from_, ends=until or ask.today)
    events = known.ledger.about(chip=names_of(found), destination=place, since=from_, until=until)
    card = timeline_card([event_json(event) for event in events], ask.language, rows=LINES)
    title = say.say("timeline.of", chip=chip_name(say, found.name), place=place_name(say, place), n=len(events))
    card = replace(card, title=title, picture=await picture_of(ask, spec))
    return Reply.of(with_ledger_age(card, known.ledger.as_of, ask.today))
