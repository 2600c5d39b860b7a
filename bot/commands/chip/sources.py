"""`/chip sources`: who is listened to, and whether they answer."""

from __future__ import annotations

from bot.cards.tables import SourceHealth, sources_card
from bot.commands.ask import Ask
from bot.commands.registry import command
from bot.commands.reply import Reply
from bot.store import sources as source_states
from bot.store.engine import Connection


@command("chip", "sources")
async def sources(ask: Ask) -> Reply:
    """The health of every source, the troubled first."""
    return Reply.of(sources_card(await healths(ask), ask.language))


async def healths(ask: Ask) -> list[SourceHealth]:
    """The sources of this process as they stand; without a list of them, all that the store knows."""

    def read(conn: Connection) -> list[SourceHealth]:
        known = ask.services.sources
        return [
            SourceHealth(
                known[state.id].label if state.id in known else state.id,
                state.health,
                state.last_success_at,
                state.error or "",
            )
            for state in source_states.states(conn)
            if not known or state.id in known
        ]

    return await ask.store.read(read)
