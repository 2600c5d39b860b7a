"""The public list of our own mistakes."""

from __future__ import annotations

from bot.clock import iso
from bot.pipeline.reading import retrieval
from bot.store import corrections as kept
from bot.store.engine import Connection
from bot.web.board.stories import row
from bot.web.pages import LANG, Content, page
from bot.web.view import View


@page("/corrections", "corrections.html", takes=(LANG,))
async def corrections(view: View) -> Content:
    """Every story that we took back, why, how long it stood, and where."""

    def read(conn: Connection) -> list[dict[str, object]]:
        found = []
        for correction in kept.listing(conn):
            told = retrieval.one(conn, correction.story)
            found.append(
                {
                    "story": correction.story,
                    "at": iso(correction.at) if view.json else correction.at,
                    "shown_from": iso(correction.shown_from) if view.json else correction.shown_from,
                    "cause": correction.cause,
                    "channels": correction.channels,
                    "reported_by_member": correction.reported_by_member,
                    "number": correction.number,
                    "year": correction.at.year,
                    "headline": row(view, told)["headline"] if told else "",
                }
            )
        return found

    rows = await view.services.store.read(read)
    this_year = sum(1 for each in rows if each["year"] == view.today.year)
    return Content(view.text("board.corrections.title"), {"corrections": rows, "this_year": this_year})
