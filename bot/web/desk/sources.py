"""The room of the sources: how each is, trying an address, adding, pausing, polling now."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from bot.errors import SourceError, UserError
from bot.fetch.exchange import Request
from bot.model import Health
from bot.pipeline.operators.roster import Roster
from bot.sources.sniff import sniff
from bot.store import added_sources, audit
from bot.store import sources as source_states
from bot.store.engine import Connection
from bot.web.desk.rooms import WHO, Done, act, room
from bot.web.pages import Content
from bot.web.view import View

BACK = "/desk/sources"
EXAMPLE = """[[source]]
id = "example-news"
name = "Example News"
kind = "feed"
url = "https://"
language = "en"
trust = "press"
"""


@room(BACK, "desk/sources.html")
async def sources(view: View) -> Content:
    """Every source with its last good poll, its last change, its error and its next try."""
    roster = _roster(view)

    def read(conn: Connection) -> list[dict[str, Any]]:
        states = {state.id: state for state in source_states.states(conn)}
        paused, added = added_sources.paused(conn), added_sources.tables(conn)
        rows = []
        for id_, source in roster.known(conn).items():
            state = states.get(id_)
            rows.append(
                {
                    "id": id_,
                    "name": source.label,
                    "kind": source.kind,
                    "trust": source.trust.value,
                    "url": source.url,
                    "enabled": source.enabled,
                    "paused": id_ in paused,
                    "added": id_ in added,
                    "health": state.health if state else Health.NEW,
                    "last_success": state.last_success_at if state else None,
                    "last_change": state.last_change_at if state else None,
                    "next_poll": state.next_poll_at if state else None,
                    "error": state.error if state else None,
                    "detail": state.error_detail if state else None,
                }
            )
        return rows

    rows = await view.services.store.read(read)
    rows.sort(key=lambda row: (not row["enabled"], row["health"] in (Health.OK, Health.NEW), row["name"].casefold()))
    return Content(view.text("board.desk.room.sources"), {"sources": rows}, {"example": EXAMPLE, "tried": None})


@act("/desk/sources/try")
async def try_address(view: View, form: Mapping[str, str]) -> Done:
    """Ask an address once and say what it would give. Nothing is stored."""
    transport = view.services.transport
    if transport is None:
        raise UserError("errors.not_here")
    url = form.get("url", "").strip()[:2000]
    answer = await transport.get(Request(url, max_bytes=view.services.settings.fetch.max_bytes))
    kind, reading = sniff(answer)
    if not reading.documents:
        raise SourceError("no_documents", url)
    return Done(BACK, "tried", {"kind": kind, "n": len(reading.documents), "first": reading.documents[0].title[:80]})


@act("/desk/sources/add")
async def add(view: View, form: Mapping[str, str]) -> Done:
    """Add a source from its table."""
    roster, now = _roster(view), view.services.clock.now()
    text = form.get("table", "")
    source = await view.services.store.write(lambda conn: roster.add(conn, text, now, WHO))
    await view.services.roster_changed()
    return Done(BACK, "added", {"source": source.id})


@act("/desk/sources/remove")
async def remove(view: View, form: Mapping[str, str]) -> Done:
    """Take an added source away."""
    return await _change(view, form, _roster(view).remove, "removed")


@act("/desk/sources/pause")
async def pause(view: View, form: Mapping[str, str]) -> Done:
    """Stop polling a source."""
    return await _change(view, form, _roster(view).pause, "paused")


@act("/desk/sources/resume")
async def resume(view: View, form: Mapping[str, str]) -> Done:
    """Poll a source again, at once."""
    return await _change(view, form, _roster(view).resume, "resumed")


async def _change(
    view: View, form: Mapping[str, str], change: Callable[[Connection, str, datetime, str], None], said: str
) -> Done:
    """Change where one source stands on the roster, and let the poller hear of it."""
    id_, now = form.get("source", ""), view.services.clock.now()
    await view.services.store.write(lambda conn: change(conn, id_, now, WHO))
    await view.services.roster_changed()
    return Done(BACK, said, {"source": id_})


@act("/desk/sources/poll")
async def poll(view: View, form: Mapping[str, str]) -> Done:
    """Poll a source at the next beat of the clock, due or not."""
    roster, now, id_ = _roster(view), view.services.clock.now(), form.get("source", "")

    def work(conn: Connection) -> None:
        if id_ not in roster.polled(conn) or not source_states.ask_soon(conn, id_, now):
            raise UserError("errors.unknown_source", source=id_[:80])
        audit.log(conn, now, WHO, "source.poll", id_)

    await view.services.store.write(work)
    return Done(BACK, "polled", {"source": id_})


def _roster(view: View) -> Roster:
    if view.services.roster is None:
        raise UserError("errors.not_here")
    return view.services.roster
