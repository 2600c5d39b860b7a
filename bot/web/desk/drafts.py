"""The room of the ledger: drafts to confirm, correct or reject, and recording an event by hand."""

from __future__ import annotations

from collections.abc import Mapping

from bot.pipeline.ledger import entering
from bot.store import ledger
from bot.web.desk.rooms import WHO, Done, act, room
from bot.web.pages import Content
from bot.web.view import View

BACK = "/desk/drafts"
EXAMPLE = """[[event]]
id = "2026-11-25-example"
title = ""
announced = 2026-11-25
public_from = 2026-11-25
effective = 2026-11-25
kind = "licence_letter"
summary = ""
actors = ["BIS"]
chips = ["H20"]
destinations = ["CN"]
direction = "restricts"
confidence = "confirmed"

[[event.citation]]
title = ""
url = "https://"
date = 2026-11-25

[[event.effect]]
layer = "us_export"
status = "licence_required_presumption_of_denial"
chips = ["H20"]
destinations = ["CN"]
begins = 2026-11-25
reason = ""
"""


@room(BACK, "desk/drafts.html")
async def drafts(view: View) -> Content:
    """What was filled in from official documents and waits, and the events recorded here."""
    waiting, recorded = await view.services.store.read(lambda conn: (ledger.drafts(conn), ledger.recorded(conn)))
    shown = {"drafts": waiting, "recorded": recorded, "example": EXAMPLE}
    return Content(view.text("board.desk.room.drafts"), {}, shown)


@act("/desk/drafts/record")
async def record(view: View, form: Mapping[str, str]) -> Done:
    """Record an event: a draft as it is or corrected, or one written by hand."""
    services = view.services
    text = form.get("event", "").replace("\r\n", "\n")
    found = await entering.record(services.store, services.librarian, text, services.clock.now(), WHO)
    services.wake()
    return Done(BACK, "recorded", {"event": found[0][0].id if found else "", "n": entering.flips_in(found)})


@act("/desk/drafts/reject")
async def reject(view: View, form: Mapping[str, str]) -> Done:
    """Take a draft off the list."""
    draft, now = form.get("draft", ""), view.services.clock.now()
    await view.services.store.write(lambda conn: entering.reject(conn, draft, now, WHO))
    return Done(BACK, "rejected", {"event": draft})
