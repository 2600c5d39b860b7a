"""`/chip upcoming`: dates ahead, and dates that have passed with nothing recorded."""

from __future__ import annotations

from bot.cards.tables import upcoming_card
from bot.commands.ask import Ask
from bot.commands.registry import command
from bot.commands.reply import Reply
from bot.knowledge.scheduled import upcoming as ahead


@command("chip", "upcoming")
async def upcoming(ask: Ask) -> Reply:
    """What the ledger foresees, the earliest first."""
    return Reply.of(upcoming_card([date.json() for date in ahead(ask.knowledge.ledger, ask.today)], ask.language))
