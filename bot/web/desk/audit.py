"""The room of the audit log: who changed what, when, from what to what."""

from __future__ import annotations

from bot.store import audit as kept
from bot.web.desk.rooms import room
from bot.web.pages import Content
from bot.web.view import View

SHOWN = 200


@room("/desk/audit", "desk/audit.html")
async def audit(view: View) -> Content:
    """The newest lines."""
    rows = await view.services.store.read(lambda conn: kept.lines(conn, SHOWN))
    return Content(view.text("board.desk.room.audit"), {}, {"lines": rows})
