"""The room of what is held: changes that looked absurd, and old articles under a new date."""

from __future__ import annotations

from collections.abc import Mapping

from bot.pipeline import holding
from bot.pipeline.ledger.law import law_from
from bot.store import documents, held, held_documents
from bot.store.engine import Connection
from bot.web.desk.rooms import SHOWN, WHO, Done, act, number_in, room
from bot.web.pages import Content
from bot.web.view import View

BACK = "/desk/held"


@room(BACK, "desk/held.html")
async def waiting(view: View) -> Content:
    """What waits for an operator's word before it is told."""

    def read(conn: Connection) -> dict[str, object]:
        waits = held_documents.waiting(conn, SHOWN)
        found = {each.id: documents.one(conn, each.source, each.key) for each in waits}
        titles = {id_: document.title for id_, document in found.items() if document}
        more = held_documents.count(conn) - len(waits)
        return {"changes": held.waiting(conn), "documents": waits, "titles": titles, "more": more}

    return Content(view.text("board.desk.room.held"), await view.services.store.read(read))


@act("/desk/held/change")
async def change(view: View, form: Mapping[str, str]) -> Done:
    """Release a held change (it is told at the next poll), or drop it (it is stored silently)."""
    word = "dropped" if form.get("word") == "drop" else "released"
    source, now = form.get("source", ""), view.services.clock.now()
    await view.services.store.write(lambda conn: holding.settle_change(conn, source, word, now, WHO))
    return Done(BACK, word, {"source": source})


@act("/desk/held/document")
async def document(view: View, form: Mapping[str, str]) -> Done:
    """Release a held document, which is told at once, or drop it for good."""
    number = number_in(form)
    now, law = view.services.clock.now(), law_from(view.knowledge)
    known = list(view.services.sources.values())

    def work(conn: Connection) -> str:
        if form.get("word") == "drop":
            return holding.drop(conn, number, now, WHO).source
        holding.release(conn, number, known, now, WHO, law)
        return f"#{number}"

    said = "dropped" if form.get("word") == "drop" else "released"
    return Done(BACK, said, {"source": await view.services.store.write(work)})
