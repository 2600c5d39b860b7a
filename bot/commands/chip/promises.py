"""`/chip promises`: what was promised, and for how long."""

from __future__ import annotations

from bot.cards.ledger_age import with_ledger_age
from bot.cards.tables import promises_card
from bot.commands.ask import Ask
from bot.commands.registry import command
from bot.commands.reply import Reply
from bot.knowledge.promises import promises as running


@command("chip", "promises")
async def promises(ask: Ask) -> Reply:
    """Promises, deadlines and non-enforcement with their days running."""
    ledger = ask.knowledge.ledger
    card = promises_card([each.json() for each in running(ledger, ask.today)], ask.language)
    return Reply.of(with_ledger_age(card, ledger.as_of, ask.today))
