"""`/chip classify`: any chip from its numbers."""

from __future__ import annotations

from typing import Annotated

from bot.cards.classification import classification_card
from bot.cards.ledger_age import with_ledger_age
from bot.commands.ask import Ask
from bot.commands.kinds import Day, Destination, Number, Switch, Text
from bot.commands.registry import command
from bot.commands.reply import Reply
from bot.knowledge.classify import figures_of


@command("chip", "classify")
async def classify(
    ask: Ask,
    ops: Annotated[str, Text(1, 200)],
    die: Annotated[float, Number(0, 1e9)] | None = None,
    bandwidth: Annotated[float, Number(0, 1e9)] | None = None,
    io: Annotated[float, Number(0, 1e9)] | None = None,
    not_datacentre: Switch | None = None,
    destination: Destination | None = None,
    date_: Day | None = None,
) -> Reply:
    """What the numbers make of a chip, how far it is from each limit, and what would change the answer."""
    found = ask.knowledge.classify(
        figures_of(ops),
        die,
        bandwidth=bandwidth,
        io=io,
        data_centre=not not_datacentre,
        on=date_ or ask.today,
        to=destination,
    )
    card = classification_card(found, ask.language)
    return Reply.of(with_ledger_age(card, ask.knowledge.ledger.as_of, ask.today))
