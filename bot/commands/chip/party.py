"""`/chip party`: whether a name stands on the stored screening lists, by any spelling, with the score and why."""

from __future__ import annotations

from bot.cards.party import party_card
from bot.commands.ask import Ask
from bot.commands.kinds import Words
from bot.commands.registry import command
from bot.commands.reply import Reply
from bot.store import parties
from bot.store.engine import Connection
from bot.store.party_search import PartyMatch

MOST = 10


@command("chip", "party")
async def party(ask: Ask, name: Words) -> Reply:
    """The likest listed names. Who owns whom is not resolved, and the card says so."""

    def read(conn: Connection) -> tuple[list[PartyMatch], int]:
        return parties.find(conn, name, MOST), parties.count(conn)

    matches, listed = await ask.store.read(read)
    return Reply.of(party_card(name, matches, ask.language, listed))
