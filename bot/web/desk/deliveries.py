"""The room of the outbox: what stands there in each state; once more, never mind, and the story taken back."""

from __future__ import annotations

from collections.abc import Mapping

from bot.cards.correction import CAUSES
from bot.errors import UserError
from bot.store import deliveries as rows
from bot.store import outbox_view
from bot.store.engine import Connection
from bot.web.desk.rooms import WHO, Done, act, room
from bot.web.desk.subscriptions import number_of, where_of
from bot.web.pages import Content
from bot.web.view import View

BACK = "/desk/deliveries"
SHOWN = 50


@room(BACK, "desk/deliveries.html")
async def outbox(view: View) -> Content:
    """The newest rows of one state: those that failed, where none is chosen."""
    state, before = view.asked("state"), number_of(view.asked("before"))
    wanted = (state,) if state in rows.STATES else rows.FAILED

    def read(conn: Connection) -> tuple[list[outbox_view.Line], dict[str, int]]:
        return outbox_view.listing(conn, wanted, limit=SHOWN + 1, before=before), rows.by_state(conn)

    found, counts = await view.services.store.read(read)
    shown = {
        "state": state if state in rows.STATES else "",
        "states": [(name, counts.get(name, 0)) for name in rows.STATES if counts.get(name) or name == state],
        "lines": [(each, where_of(each.platform, each.workspace, each.channel)) for each in found[:SHOWN]],
        "before": found[SHOWN - 1].id if len(found) > SHOWN else None,
        "mendable": outbox_view.MENDABLE,
        "causes": CAUSES,
    }
    return Content(view.text("board.desk.room.deliveries"), {}, shown)


@act("/desk/deliveries/retry")
async def retry(view: View, form: Mapping[str, str]) -> Done:
    """Send a row that failed, or waits, now."""
    number, now = number_of(form.get("delivery", "")), view.services.clock.now()

    def work(conn: Connection) -> None:
        if number is None or not outbox_view.retry(conn, number, now, WHO):
            raise UserError("errors.no_such_delivery", number=form.get("delivery", "")[:16])

    await view.services.store.write(work)
    view.services.wake()
    return Done(BACK, "retried", {"n": number})


@act("/desk/deliveries/cancel")
async def cancel(view: View, form: Mapping[str, str]) -> Done:
    """Let a row that has not gone out never go out."""
    number, now = number_of(form.get("delivery", "")), view.services.clock.now()

    def work(conn: Connection) -> None:
        if number is None or not outbox_view.cancel(conn, number, now, WHO):
            raise UserError("errors.no_such_delivery", number=form.get("delivery", "")[:16])

    await view.services.store.write(work)
    return Done(BACK, "cancelled", {"n": number})
