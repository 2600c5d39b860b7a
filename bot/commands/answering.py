"""How a status is answered, whichever way it was asked: typed, pressed, or put in free words."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from bot.cards.card import Card
from bot.cards.names import chip_name, place_name
from bot.cards.status import status_card
from bot.commands.ask import Ask
from bot.commands.reply import Reply
from bot.knowledge.status import Status
from bot.knowledge.wording import Said
from bot.locale.catalogue import Catalogue, catalogue
from bot.locale.rich import Rich
from bot.store import archive

REPORTED = timedelta(days=120)
STORE_S = 0.6
"""Seconds that the store may take to add what was reported; an answer from the ledger does not wait longer."""


async def status_reply(
    ask: Ask,
    chip: str,
    destination: str,
    day: date | None = None,
    *,
    known_on: date | None = None,
    buyer: str | None = None,
    origin: str | None = None,
    end_user: str | None = None,
    asides: Sequence[Said] = (),
    read_as: bool = False,
) -> Reply:
    """The answer with what was reported since beside it. `read_as` says back what was understood."""
    found = ask.knowledge.status(
        chip, destination, day or ask.today, known_on=known_on, buyer_hq=buyer, shipped_from=origin, end_user=end_user
    )
    reported = () if known_on is not None else await _reported(ask, found)
    card = status_card(found, ask.language, today=ask.today, reported_since=reported, asides=asides)
    if read_as or buyer or origin or end_user:
        card = _said_back(card, found, ask)
    return Reply.of(card)


def _said_back(card: Card, found: Status, ask: Ask) -> Card:
    line = understood(catalogue(ask.language), found, ask.today)
    return replace(card, lines=(line, *card.lines))


def understood(say: Catalogue, found: Status, today: date) -> Rich:
    """What was read: the chip, where from and to, whose buyer, which day."""
    return say.say(
        "ask.read",
        chip=chip_name(say, found.chip.name),
        origin=say.text("ask.origin", place=place_name(say, found.shipped_from or "US")),
        place=say.text("ask.to", place=place_name(say, found.destination.code)),
        buyer=say.text("ask.buyer", place=place_name(say, found.buyer_hq)) if found.buyer_hq else "",
        day=say.text("ask.day", day=found.on) if found.on != today else "",
    )


async def _reported(ask: Ask, found: Status) -> list[dict[str, Any]]:
    """What publishers have said on the chip and the place since the present status began; nothing from a slow store."""
    since = found.us_export.since if found.us_export else None
    begins = datetime.combine(since, time(), UTC) if since else ask.now - REPORTED
    names = set(found.chip.names_in_events)
    places = {found.destination.code, "CN"} if found.destination.code == "HK" else {found.destination.code}
    try:
        async with asyncio.timeout(STORE_S):
            return await ask.store.read(
                lambda conn: archive.reported(conn, names, places, max(begins, ask.now - REPORTED))
            )
    except TimeoutError:
        return []
