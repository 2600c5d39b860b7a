"""`/chip ask`: a question in free words, said back and answered as `status` does, without any language model."""

from __future__ import annotations

from dataclasses import replace

from bot.cards.card import Button, Card, Tone
from bot.cards.names import chip_name, place_name
from bot.commands.answering import status_reply
from bot.commands.ask import Ask
from bot.commands.kinds import Question
from bot.commands.question import Reading, read
from bot.commands.registry import command
from bot.commands.reply import Reply
from bot.errors import UserError
from bot.knowledge.asides import asides
from bot.locale.catalogue import catalogue
from bot.locale.rich import plain

MOST = 2
"""Answers to one question that names several chips or places."""
PLACES = ("CN", "MY", "SG", "AE")
CHIPS = ("H20", "H200", "B200", "MI308X")
_WATER = ("h2o", "water", "wasser")


@command("chip", "ask")
async def ask_freely(ask: Ask, question: Question) -> Reply:
    """Chips, places, the buyer's seat and the day are found in the words."""
    reading = read(question, ask.knowledge.naming, ask.today)
    if reading.route:
        return refusal(ask)
    return await answer(ask, reading, question)


def refusal(ask: Ask) -> Reply:
    """No help with ways around the law: one sentence."""
    say = catalogue(ask.language)
    return Reply.of(Card(title=say.say("ask.route"), tone=Tone.NOTICE, language=say.language))


async def answer(ask: Ask, reading: Reading, question: str) -> Reply:
    """The answer to what was read; where something is missing, buttons that fill the gap."""
    if not reading.chips:
        return _which_chip(ask, reading, question)
    if not reading.destinations:
        return _where_to(ask, reading)
    pairs = [(chip, place) for chip in reading.chips for place in reading.destinations]
    beside = asides(question)
    cards: list[Card] = []
    for chip, place in pairs[:MOST]:
        reply = await status_reply(
            ask, chip, place, reading.day, known_on=reading.known_on, buyer=reading.buyer, origin=reading.origin,
            asides=beside if not cards else (), read_as=True, via=reading.via,
        )  # fmt: skip
        cards += reply.cards
    if len(pairs) > MOST:
        say = catalogue(ask.language)
        more = ", ".join(f"{chip_name(say, chip)} → {place_name(say, place)}" for chip, place in pairs[MOST : MOST + 6])
        cards[-1] = replace(cards[-1], footer=(*cards[-1].footer, say.say("ask.more", pairs=more)))
    return Reply.of(*cards)


def _which_chip(ask: Ask, reading: Reading, question: str) -> Reply:
    say = catalogue(ask.language)
    if any(word in question.casefold() for word in _WATER):
        raise UserError("errors.water", chip="H2O", suggestion="H20")
    place = reading.destinations[0] if reading.destinations else ""
    family = ask.knowledge.chips.families[reading.families[0]] if reading.families else None
    names = family.members[:5] if family else CHIPS
    title = say.say("ask.family", family=family.name) if family else say.say("ask.no_chip")
    buttons = tuple(_button(ask, name, place or "CN", reading) for name in names)
    example = (say.say("ask.example"),)
    return Reply.of(Card(title=title, tone=Tone.NOTICE, language=say.language, lines=example, buttons=buttons))


def _where_to(ask: Ask, reading: Reading) -> Reply:
    say = catalogue(ask.language)
    title = say.say("ask.no_place", chip=chip_name(say, reading.chips[0]))
    buttons = tuple(_button(ask, reading.chips[0], place, reading) for place in PLACES)
    return Reply.of(Card(title=title, tone=Tone.NOTICE, language=say.language, buttons=buttons))


def _button(ask: Ask, chip: str, place: str, reading: Reading) -> Button:
    say = catalogue(ask.language)
    values = [("chip", chip), ("destination", place)]
    values += [("date", reading.day.isoformat())] if reading.day else []
    values += [("buyer", reading.buyer)] if reading.buyer else []
    label = plain(say.say("button.suggestion", chip=chip_name(say, chip), place=place_name(say, place)))
    return Button(label, "status", tuple(values))
