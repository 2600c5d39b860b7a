"""What the board is, how a status is decided, and what it is not."""

from __future__ import annotations

from bot.web.pages import LANG, Content, page
from bot.web.view import View


@page("/about", "about.html", takes=(LANG,))
async def about(view: View) -> Content:
    """What this is, how a status is decided, and what it does not say."""
    ledger = view.knowledge.ledger
    return Content(
        title=view.text("board.about.title"),
        data={
            "ledger_version": ledger.version,
            "ledger_as_of": ledger.as_of.isoformat(),
            "ledger_sha256": ledger.digest,
            "native_read": view.say.native_read,
        },
    )
