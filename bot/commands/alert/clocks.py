"""The button "Both clocks": what the law was, and what anybody outside could know, as a picture."""

from __future__ import annotations

from bot.cards.card import Card
from bot.cards.names import chip_name, place_name
from bot.commands.ask import Ask
from bot.commands.drawing import picture_of
from bot.commands.kinds import ChipName, Destination
from bot.commands.pictures import clocks_picture
from bot.commands.registry import command
from bot.commands.reply import Reply
from bot.locale.catalogue import catalogue


@command("alert", "clocks", action=True)
async def clocks(ask: Ask, chip: ChipName, destination: Destination) -> Reply:
    """The two clocks of a chip and a destination."""
    say, found = catalogue(ask.language), ask.knowledge.chips.find(chip)
    spec = clocks_picture(ask.knowledge, found.name, destination, ask.language)
    picture = await picture_of(ask, spec)
    title = say.say("said.clocks", chip=chip_name(say, found.name), place=place_name(say, destination))
    words = () if picture else (say.say("said.in_words", words=str(spec.get("description", ""))),)
    return Reply.of(Card(title=title, language=say.language, lines=words, picture=picture))
