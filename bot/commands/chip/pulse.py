"""`/chip pulse`: proof of life, above all in a quiet month."""

from __future__ import annotations

from typing import Any

from bot.cards.ledger_age import with_ledger_age
from bot.cards.pulse import Beat, pulse_card
from bot.commands.ask import Ask
from bot.commands.chip.sources import healths
from bot.commands.registry import command
from bot.commands.reply import Reply
from bot.knowledge.scheduled import Outcome
from bot.pipeline.calendar import dates_ahead
from bot.store import pulse, subscriptions
from bot.store.engine import Connection

DATES = 3


@command("chip", "pulse")
async def pulse_(ask: Ask) -> Reply:
    """The last story here, what was read since, the sources' health, the next dates, open outcomes."""
    where = ask.where

    def read(conn: Connection) -> tuple[pulse.Count, pulse.Change | None, list[dict[str, Any]]]:
        standing = subscriptions.of_channel(conn, where.platform, where.channel) if where.channel else None
        last = pulse.last_told(conn, standing.id if standing else None)
        dates = dates_ahead(conn, ask.knowledge.ledger, ask.today)
        return pulse.count(conn, last), pulse.ear_changed(conn), dates

    counted, ear, dates = await ask.store.read(read)
    beat = Beat(
        counted=counted,
        sources=tuple(await healths(ask)),
        dates=[date for date in dates if date["state"] == Outcome.AHEAD][:DATES],
        unanswered=[date for date in dates if date["state"] == Outcome.NOT_RECORDED][-DATES:],
        ear=ear.at if ear else None,
        ear_title=ear.title if ear else "",
    )
    card = pulse_card(beat, ask.language, now=ask.now)
    return Reply.of(with_ledger_age(card, ask.knowledge.ledger.as_of, ask.today))
