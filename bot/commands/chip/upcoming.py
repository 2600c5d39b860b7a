"""`/chip upcoming`: dates ahead, and dates that have passed with nothing recorded."""

from __future__ import annotations

from bot.cards.ledger_age import with_ledger_age
from bot.cards.tables import upcoming_card
from bot.commands.ask import Ask
from bot.commands.registry import command
from bot.commands.reply import Reply
from bot.pipeline.calendar import dates_ahead


@command("chip", "upcoming")
async def upcoming(ask: Ask) -> Reply:
    """What the ledger foresees and what documents name, the earliest first."""
    rows = await ask.store.read(lambda conn: dates_ahead(conn, ask.knowledge.ledger, ask.today))
    return Reply.of(with_ledger_age(upcoming_card(rows, ask.language), ask.knowledge.ledger.as_of, ask.today))
