"""The room of the settings: what is in effect and where each came from; secrets are hidden."""

from __future__ import annotations

from bot.settings import effective
from bot.web.desk.rooms import room
from bot.web.pages import Content
from bot.web.view import View


@room("/desk/settings", "desk/settings.html")
async def settings(view: View) -> Content:
    """Every setting with its value and its origin."""
    return Content(view.text("board.desk.room.settings"), {}, {"rows": effective(view.services.settings)})
