"""`/chip map`: the main chips against the main destinations on one day, in a fixed order."""

from __future__ import annotations

from bot.cards.card import Card
from bot.cards.ledger_age import with_ledger_age
from bot.cards.names import chip_name, place_name
from bot.cards.status import surface_word
from bot.commands.ask import Ask
from bot.commands.drawing import picture_of
from bot.commands.kinds import ChipName, Day
from bot.commands.pictures import matrix_picture
from bot.commands.pictures.figures import shown
from bot.commands.registry import command
from bot.commands.reply import Reply
from bot.locale.catalogue import catalogue
from bot.locale.rich import Rich


@command("chip", "map")
async def map_(ask: Ask, chip: ChipName | None = None, date_: Day | None = None) -> Reply:
    """The matrix as a picture; for one chip its row in words too. Never sorted by what is permitted where."""
    say, day = catalogue(ask.language), date_ or ask.today
    spec = matrix_picture(ask.knowledge, day, ask.language, asked=chip)
    lines = _row(ask, chip, day.isoformat()) if chip else ()
    card = Card(
        title=say.say("map.title", day=day),
        language=say.language,
        lines=(*lines, say.say("map.order")),
        picture=await picture_of(ask, spec),
    )
    return Reply.of(with_ledger_age(card, ask.knowledge.ledger.as_of, ask.today))


def _row(ask: Ask, chip: str, day: str) -> tuple[Rich, ...]:
    say, found = catalogue(ask.language), ask.knowledge.chips.find(chip)
    words = []
    for code in shown("matrix", "destinations"):
        layer = ask.knowledge.status(found, code, day).us_export
        word = surface_word(say, layer.name) if layer else say.text("status.word.none_known")
        words.append(f"{place_name(say, code)} {word}")
    return (say.say("map.row", chip=chip_name(say, found.name), words=" · ".join(words)),)
