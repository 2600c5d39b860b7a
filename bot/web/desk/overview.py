"""The first room: what waits for an operator, and how things are."""

from __future__ import annotations

from bot.model import Health
from bot.store import deliveries, held, held_documents, ledger, notices, reports
from bot.store import sources as source_states
from bot.store.deliveries import FAILED
from bot.store.engine import Connection
from bot.web.desk.rooms import room
from bot.web.pages import Content
from bot.web.view import View

NOTICES = 20


@room("/desk", "desk/overview.html")
async def overview(view: View) -> Content:
    """What waits, and how things are."""

    def read(conn: Connection) -> dict[str, object]:
        states, states_of = source_states.states(conn), deliveries.by_state(conn)
        return {
            "waiting": {
                "held": len(held.waiting(conn)) + held_documents.count(conn),
                "stories": reports.count(conn),
                "drafts": len(ledger.drafts(conn)),
                "deliveries": sum(states_of.get(state, 0) for state in FAILED),
            },
            "health": {health: sum(state.health is health for state in states) for health in Health},
            "outbox": states_of,
            "notices": notices.newest(conn, NOTICES),
        }

    return Content(view.text("board.desk.title"), await view.services.store.read(read))
