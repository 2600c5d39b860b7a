"""`/chip info`: one chip, its figures and where they put it."""

from __future__ import annotations

from bot.cards.chip import chip_card
from bot.cards.ledger_age import with_ledger_age
from bot.commands.ask import Ask
from bot.commands.kinds import ChipName
from bot.commands.pictures.figures import shown
from bot.commands.registry import command
from bot.commands.reply import Reply


@command("chip", "info")
async def info(ask: Ask, chip: ChipName) -> Reply:
    """The figures of a chip, its paragraph, and its status for the main destinations in their fixed order."""
    found = ask.knowledge.chips.find(chip)
    answers = [ask.knowledge.status(found, code, ask.today) for code in shown("matrix", "destinations")]
    card = chip_card(found, answers, ask.language)
    return Reply.of(with_ledger_age(card, ask.knowledge.ledger.as_of, ask.today))
