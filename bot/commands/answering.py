"""How a status is answered, whichever way it was asked: typed, pressed, or put in free words."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from bot.cards.card import Card
from bot.cards.cutting import clean
from bot.cards.names import chip_name, place_list, place_name
from bot.cards.party import SURE
from bot.cards.rows import list_name
from bot.cards.status import status_card
from bot.commands.ask import Ask
from bot.commands.reply import Reply
from bot.commands.stories import chip_names
from bot.commands.what_was_said import with_what_was_said
from bot.knowledge.provision import JANUARY_2026
from bot.knowledge.question import readings
from bot.knowledge.status import Status
from bot.knowledge.wording import Said
from bot.locale.catalogue import catalogue
from bot.locale.rich import Rich
from bot.pipeline.reading import retrieval
from bot.store import evidence, parties

REPORTED = timedelta(days=120)
MOST_REPORTED = 3
NAME_LIMIT = 90
JANUARY_PLACES = frozenset({"CN", "HK", "MO"})
"""Where the case-by-case path of 91 FR 1684 leads; Hong Kong is China under the EAR."""
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
    via: Sequence[str] = (),
) -> Reply:
    """The answer with what was reported since beside it. `read_as` says back what was understood; `via` are the places
    that a question names as passed through (ISO codes)."""
    found = ask.knowledge.status(
        chip, destination, day or ask.today, known_on=known_on, buyer_hq=buyer, shipped_from=origin, end_user=end_user
    )
    reported = () if known_on is not None else await _reported(ask, found)
    lead = [_read_as(ask, found, via)] if read_as or buyer or origin or end_user else []
    if via:
        lead.append(_passes_through(ask, found, via))
    if end_user:
        lead += await _listed(ask, end_user)
    card = status_card(found, ask.language, today=ask.today, reported_since=reported, asides=asides, lead=lead)
    card = _with_letter(card, found, ask)
    if buyer:
        card = _with_other_owner(card, found, ask)
    if known_on is not None:
        card = await with_what_was_said(ask, card, found)
    if ask.where.recorded:
        ask.services.later(_log(ask, found))
    return Reply.of(card)


async def _log(ask: Ask, found: Status) -> None:
    """The answer goes into the evidence: what was asked and said, not by whom."""
    whole = found.json()
    asked = {
        "chip": whole["chip"],
        "destination": whole["destination"],
        "on": whole["on"],
        "known_on": whole.get("known_on"),
        "buyer_hq": whole.get("buyer_hq"),
        "from": whole.get("from"),
        "end_user": whole.get("end_user"),
    }
    said = {name: whole[name] for name in ("layers", "classification", "ledger_as_of")}
    await ask.store.write(lambda conn: evidence.log_answer(conn, ask.now, asked, said))


def _read_as(ask: Ask, found: Status, via: Sequence[str]) -> Rich:
    """What was read: the chip, where from, through and to, whose buyer, which day."""
    say = catalogue(ask.language)
    return say.say(
        "ask.read",
        chip=chip_name(say, found.chip.name),
        origin=say.text("ask.origin", place=place_name(say, found.shipped_from or "US")),
        via=say.text("ask.via", places=place_list(say, via)) if via else "",
        place=say.text("ask.to", place=place_name(say, found.destination.code)),
        buyer=say.text("ask.buyer", place=place_name(say, found.buyer_hq)) if found.buyer_hq else "",
        day=say.text("ask.day", day=found.on) if found.on != ask.today else "",
    )


def _passes_through(ask: Ask, found: Status, via: Sequence[str]) -> Rich:
    """A country on the way changes nothing: the export is one to where the goods end (15 CFR 734.13(c), 734.14(c))."""
    say = catalogue(ask.language)
    return say.say("ask.passes_through", places=place_list(say, via), place=place_name(say, found.destination.code))


async def _listed(ask: Ask, end_user: str) -> list[Rich]:
    """A list on which the end user stands, or a name very like it; nothing from a slow store."""
    try:
        async with asyncio.timeout(STORE_S):
            matches = await ask.store.read(lambda conn: parties.find(conn, end_user, 1))
    except TimeoutError:
        return []
    say = catalogue(ask.language)
    return [
        say.say(
            "answer.listed",
            name=clean(match.party.name, NAME_LIMIT),
            list=list_name(say, {"list": match.party.roll}),
            score=round(match.score * 100),
        )
        for match in matches
        if match.score >= SURE
    ]


def _with_letter(card: Card, found: Status, ask: Ask) -> Card:
    """Where a letter binds a chip that meets no paragraph, that is said: the list would not ask for a licence."""
    layer, known = found.us_export, found.classification
    if layer is None or "_by_letter_" not in layer.name or known.paragraph is not None or known.open:
        return card
    say = catalogue(ask.language)
    line = say.say("answer.letter_binds", chip=chip_name(say, found.chip.name), tpp=known.tpp, pd=known.pd)
    return replace(card, lines=(*card.lines[:-1], line, *card.lines[-1:]))


def _with_other_owner(card: Card, found: Status, ask: Ask) -> Card:
    """What would hold for the same buyer with another owner, where that is something else."""
    other = ask.knowledge.status(
        found.chip, found.destination.code, found.on, known_on=found.known_on, shipped_from=found.shipped_from
    )
    mine, theirs = found.us_export, other.us_export
    if mine is None or theirs is None or mine.name == theirs.name:
        return card
    say = catalogue(ask.language)
    words = say.text(say.first(f"status.says.{theirs.name}", "status.says.other"))
    lines = [say.say("answer.other_owner", says=words)]
    in_window = found.chip.kind == "chip" and all(reading.in_window for reading in readings(found.chip))
    if in_window and found.on >= JANUARY_2026.begins and found.destination.code not in JANUARY_PLACES:
        lines.insert(0, say.say("answer.january_does_not_reach", day=JANUARY_2026.begins))
    return replace(card, lines=(*card.lines[:-1], *lines, *card.lines[-1:]))


async def _reported(ask: Ask, found: Status) -> list[dict[str, Any]]:
    """What publishers have said on the chip and the place since the present status began; nothing from a slow store."""
    since = found.us_export.since if found.us_export else None
    begins = max(datetime.combine(since, time(), UTC) if since else ask.now - REPORTED, ask.now - REPORTED)
    code = found.destination.code
    wanted = retrieval.Wanted(
        chips=chip_names(ask.knowledge, found.chip.name) if found.chip.name in ask.knowledge.chips else (),
        destinations=(code, "CN") if code == "HK" else (code,),
        archive=False,
    )
    try:
        async with asyncio.timeout(STORE_S):
            until = ask.now + timedelta(seconds=1)
            told = await ask.store.read(lambda conn: retrieval.between(conn, begins, until, wanted, MOST_REPORTED))
    except TimeoutError:
        return []
    return [
        {"title": s.head.title, "url": s.head.url, "source": s.head.source_name, "at": s.grew_at.date().isoformat()}
        for s in told
        if not s.retracted
    ]
