"""Promises with their days running, and the dates ahead."""

from __future__ import annotations

from bot.knowledge.promises import promises as running
from bot.pipeline.calendar import dates_ahead
from bot.web.pages import LANG, ON, Content, page
from bot.web.view import View


@page("/promises", "promises.html", takes=(ON, LANG))
async def promises(view: View) -> Content:
    """What was promised, and for how long: promises, deadlines and non-enforcement with their days running."""
    rows = [promise.json() for promise in running(view.knowledge.ledger, view.day())]
    return Content(view.text("board.promises.title"), {"on": view.day().isoformat(), "promises": rows})


@page("/upcoming", "upcoming.html", takes=(ON, LANG))
async def upcoming(view: View) -> Content:
    """Dates ahead, and dates that have passed with nothing recorded about their outcome."""
    day = view.day()
    rows = await view.services.store.read(lambda conn: dates_ahead(conn, view.knowledge.ledger, day))
    return Content(view.text("board.upcoming.title"), {"on": day.isoformat(), "dates": rows})
