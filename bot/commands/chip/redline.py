"""`/chip redline`: what an amendment of the Code changed, by story or section, with the whole as a file."""

from __future__ import annotations

from typing import Any

from bot.cards.card import Card
from bot.cards.redline import redline_text, with_redlines
from bot.commands.ask import Ask
from bot.commands.kinds import Name
from bot.commands.registry import command
from bot.commands.reply import Attachment, Reply
from bot.errors import UserError
from bot.locale.catalogue import catalogue
from bot.store import changes, revisions
from bot.store.engine import Connection

MOST_BYTES = 1024 * 1024


@command("chip", "redline")
async def redline(ask: Ask, what: Name) -> Reply:
    """`what` is a story by its id, or a section of the Code (744.23). Raises UserError `errors.no_redline`."""
    records = await ask.store.read(lambda conn: _redlines(conn, what.strip()))
    if not records:
        raise UserError("errors.no_redline", what=what)
    say = catalogue(ask.language)
    card = with_redlines(Card(title=(), language=say.language), records, ask.language)
    card = Card(title=card.title, language=say.language, lines=card.lines, footer=(say.say("redline.as_file"),))
    text = redline_text(records).encode()[:MOST_BYTES]
    return Reply((card,), files=(Attachment("redline.txt", text),))


def _redlines(conn: Connection, what: str) -> list[dict[str, Any]]:
    section = what.removeprefix("§").removeprefix("15 CFR").strip()
    details = revisions.details_of(conn, what) or changes.newest_detail(conn, section)
    return [dict(found) for detail in details if isinstance(found := detail.get("redline"), dict)]
