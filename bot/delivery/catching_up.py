"""What a channel is told once it can be posted in again: one message for all that waited."""

from __future__ import annotations

from datetime import datetime

from bot.model import Op
from bot.store import gatherings, waiting
from bot.store.engine import Connection


def resume(conn: Connection, subscription: int, now: datetime) -> None:
    """Settle the rows that waited while a channel was lost.

    New stories, and replies that a story has risen, go into one catching-up message, and so do the stories of digests
    and roundups that never went out. Edits of messages that stand there are made now. All else says nothing any more.
    """
    found = waiting.paused(conn, subscription)
    if not found:
        return
    missed: list[int] = []
    for row in found:
        if row.story is None:
            _message(conn, row, now, missed)
        elif row.op == Op.EDIT.value:
            if row.posted:
                waiting.set_state(conn, [row.id], "due", now)
            else:
                waiting.set_state(conn, [row.id], "superseded", now)
        else:
            missed.append(row.id)
    if missed:
        gathering = gatherings.begin(conn, subscription, "catch_up", now, now, waiting.urgency_of(conn, missed))
        waiting.gather(conn, missed, gathering.id)


def _message(conn: Connection, row: waiting.Waiting, now: datetime, missed: list[int]) -> None:
    """A message of a gathering that waited."""
    assert row.gathering is not None
    if row.op == Op.POST.value:
        gathering = gatherings.one(conn, row.gathering)
        if gathering.kind == "digest" and gathering.due_at > now:
            waiting.set_state(conn, [row.id], "scheduled", gathering.due_at)
            return
        missed += [id_ for id_, _, _ in gatherings.held(conn, row.gathering)]
        gatherings.close(conn, row.gathering, now)
        waiting.set_state(conn, [row.id], "superseded", now)
    else:
        waiting.set_state(conn, [row.id], "due" if row.op == Op.EDIT.value else "superseded", now)
