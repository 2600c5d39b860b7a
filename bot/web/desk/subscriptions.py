"""The room of the channels' orders: what is followed where, in words; pausing, resuming, ending."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.delivery import orders
from bot.delivery.restating import stored_words
from bot.errors import UserError
from bot.store import subscriptions
from bot.store.engine import Connection
from bot.store.subscriptions import Standing
from bot.web.desk.rooms import WHO, Done, act, room
from bot.web.pages import Content
from bot.web.view import View

BACK = "/desk/subscriptions"
SHOWN = 50
PAUSED = "paused by an operator"


@room(BACK, "desk/subscriptions.html")
async def listing(view: View) -> Content:
    """Every order with its channel, the newest first, so many a page."""
    before = number_of(view.asked("before"))
    found = await view.services.store.read(lambda conn: subscriptions.newest(conn, SHOWN + 1, before))
    names = {id_: source.label for id_, source in view.services.sources.items()}
    rows = [
        {
            "id": each.id,
            "where": where_of(each.platform, each.workspace, each.channel),
            "words": stored_words(view.say, each.order, each.language, each.time_zone, names),
            "language": each.language,
            "made": each.created_at,
            "by": each.created_by,
            "paused": each.paused_at is not None,
            "reason": each.pause_reason or "",
            "lost": each.lost or "",
        }
        for each in found[:SHOWN]
    ]
    shown = {"orders": rows, "before": rows[-1]["id"] if len(found) > SHOWN else None}
    return Content(view.text("board.desk.room.subscriptions"), {}, shown)


def where_of(platform: str, workspace: str, channel: str) -> str:
    """A channel as operators name it: `discord 81384/90210`."""
    return f"{platform} {workspace}/{channel}" if workspace else f"{platform} {channel}"


def number_of(text: str) -> int | None:
    """A row's number from a form or an address; None for what is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None


@act("/desk/subscriptions/pause")
async def pause(view: View, form: Mapping[str, str]) -> Done:
    """Post nothing there until it is resumed."""
    now = view.services.clock.now()
    return await _change(view, form, "pause", lambda conn, number: orders.pause(conn, number, PAUSED, now, WHO))


@act("/desk/subscriptions/resume")
async def resume(view: View, form: Mapping[str, str]) -> Done:
    """Post there again."""
    now = view.services.clock.now()
    return await _change(view, form, "resume", lambda conn, number: orders.resume(conn, number, now, WHO))


@act("/desk/subscriptions/stop")
async def stop(view: View, form: Mapping[str, str]) -> Done:
    """Forget the order; the audit log keeps it."""
    now = view.services.clock.now()
    return await _change(view, form, "stop", lambda conn, number: orders.stop(conn, number, now, WHO))


async def _change(
    view: View, form: Mapping[str, str], word: str, do: Callable[[Connection, int], Standing | None]
) -> Done:
    """One change of one order. Raises UserError where there is nothing to change."""
    number = number_of(form.get("order", ""))
    found = await view.services.store.write(lambda conn: do(conn, number)) if number is not None else None
    if found is None:
        raise UserError("errors.no_such_standing")
    view.services.wake()
    return Done(BACK, f"order_{word}", {"channel": where_of(found.platform, found.workspace, found.channel)})
