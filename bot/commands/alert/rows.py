"""The button "Rows as CSV" under the alert of a list's change: every row, with what concerns AI chips first."""

from __future__ import annotations

from typing import Any

from bot.cards.card import Card
from bot.cards.spreadsheet import rows_csv
from bot.commands.ask import Ask
from bot.commands.kinds import StoryId
from bot.commands.registry import command
from bot.commands.reply import Attachment, Reply
from bot.errors import UserError
from bot.locale.catalogue import catalogue
from bot.store import revisions
from bot.store.engine import Connection


@command("alert", "rows", action=True)
async def rows(ask: Ask, story: StoryId) -> Reply:
    """The newest change of the story's list as a table. Raises UserError `errors.no_rows`."""

    def read(conn: Connection) -> list[dict[str, Any]]:
        return [detail["rows"] for detail in revisions.details_of(conn, story) if "rows" in detail]

    found = await ask.store.read(read)
    if not found:
        raise UserError("errors.no_rows", story=story)
    say = catalogue(ask.language)
    card = Card(title=say.say("rows.as_file", n=len(found[-1]["rows"])), language=say.language)
    content = rows_csv(found[-1]).encode("utf-8-sig")
    return Reply((card,), files=(Attachment(f"{found[-1]['list']}.csv", content),))
