"""Looking a name up in the stored screening lists: party."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli.options import AsJson, ConfigDir

if TYPE_CHECKING:
    from bot.store.party_search import PartyMatch


def add_to(app: typer.Typer) -> None:
    """Put this command into the command line."""
    app.command()(party)


def party(
    name: Annotated[str, typer.Argument(metavar="NAME", help="A firm or person, in Latin or Chinese script.")],
    limit: Annotated[int, typer.Option(min=1, max=100, help="At most so many entries.")] = 10,
    as_json: AsJson = False,
    config: ConfigDir = None,
) -> None:
    """Look a name up in the stored screening lists; 50 % ownership is not resolved."""
    from bot.cli.output import json_line, remark

    matches, listed = asyncio.run(_find(name, limit, config))
    if as_json:
        if not listed:
            remark("no screening list is stored yet: nothing can be said about the name")
        for match in matches:
            json_line(match_json(match))
        return
    from bot.cards.party import party_card
    from bot.cli.asking import language, show

    show(party_card(name, matches, language(config), listed))


async def _find(name: str, limit: int, config: Path | None) -> tuple[list[PartyMatch], int]:
    from bot.cli.setup import settings_of
    from bot.store import parties
    from bot.store.engine import Store, is_made

    url = settings_of(config).store.url
    if not is_made(url):
        return [], 0
    store = await Store.open(url, upgrade=False)
    try:
        return await store.read(lambda conn: (parties.find(conn, name, limit), parties.count(conn)))
    finally:
        await store.close()


def match_json(match: PartyMatch) -> dict[str, Any]:
    """A match as the command line prints it; `score` is from 0 to 1, `why` in English words."""
    from bot.cards.party import reasons
    from bot.locale.catalogue import catalogue

    party = match.party
    return {
        "name": party.name,
        "matched": match.matched,
        "score": match.score,
        "list": party.roll,
        "country": ", ".join(party.countries) or None,
        "notice": party.notice or None,
        "since": party.since or None,
        "why": reasons(catalogue("en"), match.why),
    }
