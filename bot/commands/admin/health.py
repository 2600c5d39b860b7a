"""`/chipwatch-admin health`: the outbox, the sources, the notices of the last day, the log of evidence."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from bot.cards.card import Card
from bot.cards.cutting import clean
from bot.commands.ask import Ask
from bot.commands.chip.sources import healths
from bot.commands.declaration import OpenTo
from bot.commands.registry import command
from bot.commands.reply import Reply
from bot.locale.catalogue import catalogue
from bot.model import Health
from bot.store import deliveries, evidence, notices, subscriptions
from bot.store.engine import Connection

NOTICES = 6


@command("chipwatch-admin", "health", open_to=OpenTo.OPERATORS)
async def health(ask: Ask) -> Reply:
    """Everything at a glance."""
    say = catalogue(ask.language)

    def read(conn: Connection) -> dict[str, Any]:
        return {
            "states": deliveries.by_state(conn),
            "notices": notices.since(conn, ask.now - timedelta(days=1)),
            "channels": subscriptions.count(conn),
            "evidence": evidence.length(conn),
        }

    found = await ask.store.read(read)
    sources = await healths(ask)
    states = found["states"]
    lines = [
        say.say("health.outbox", due=states.get("due", 0) + states.get("sending", 0), sent=states.get("sent", 0),
                lost=states.get("gave_up", 0), unknown=states.get("unknown", 0)),
        say.say("health.sources", healthy=sum(s.health is Health.OK for s in sources), n=len(sources)),
        say.say("health.channels", n=found["channels"]),
        say.say("health.evidence", n=found["evidence"]),
        *(
            say.say("health.notice", at=each.at, notice=clean(each.notice, 20), source=clean(each.source, 60),
                    detail=clean(each.detail, 120))
            for each in found["notices"][-NOTICES:]
        ),
    ]  # fmt: skip
    return Reply.of(Card(title=say.say("health.title"), language=say.language, lines=tuple(lines)))
