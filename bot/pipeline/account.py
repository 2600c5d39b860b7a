"""A source's account: what is remembered of each of its polls, good, unchanged, failed or not made at all, with when to
ask again and the one notice at the beginning and end of what operators should hear of. All within units of work."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from bot.pipeline import schedule
from bot.pipeline.outcome import Outcome
from bot.pipeline.poll import Polled
from bot.pipeline.schedule import Pace
from bot.sources.base import Source
from bot.store import held, notices
from bot.store import sources as source_states
from bot.store.engine import Connection
from bot.store.notices import Notice
from bot.store.sources import RESTS, SourceState

SHUT_FOR = timedelta(minutes=10)
"""A door that was shut stays shut for a while: EDGAR lifts its block after ten quiet minutes."""


@dataclass(slots=True)
class Account:
    """Keeps the account of each source. `chance` spreads the next polls."""

    pace: Pace = field(default_factory=Pace)
    chance: random.Random = field(default_factory=random.Random)

    def succeed(
        self, conn: Connection, polled: Polled, ended: Sequence[Notice], *, changed: bool, **values: Any
    ) -> Outcome:
        """Remember the reading that was just stored: from here on the validators may say "not modified"."""
        assert polled.reading is not None
        over = list(ended)
        if changed and polled.state.stale_since is not None:
            since = f"silent since {polled.state.stale_since:%Y-%m-%d %H:%M} UTC"
            over.append(Notice("recovered", polled.source.id, polled.at, since))
        notices.add(conn, over)
        told = [*self.tell_recovery(conn, polled), *over]
        values["window"] = [document.key for document in polled.reading.documents]
        values["validators"] = {url: list(pair) for url, pair in (polled.validators or {}).items()}
        values["body_hash"] = polled.body_hash
        values["cursor"] = polled.cursor
        if changed or polled.state.last_change_at is None:
            values |= {"last_change_at": polled.at, "stale_since": None}
        done = self.keep(conn, polled, told, **values)
        return replace(done, baseline="baseline_at" in values)

    def keep(self, conn: Connection, polled: Polled, told: Sequence[Notice], **values: Any) -> Outcome:
        next_at = schedule.next_poll(polled.source, polled.at, polled.wait, self.pace, self.chance)
        source_states.save(
            conn,
            polled.source.id,
            next_poll_at=next_at,
            last_success_at=polled.at,
            retry_at=None,
            failures=0,
            failing_since=None,
            notified_at=None,
            error=None,
            error_detail=None,
            **values,
        )
        return Outcome(polled.source.id, notices=tuple(told), next_poll_at=next_at)

    def note_quiet(self, conn: Connection, polls: Iterable[Polled]) -> None:
        """Store quiet polls: when each was asked and when to ask again."""
        source_states.save_unchanged(
            conn,
            [(p.source.id, p.at, schedule.next_poll(p.source, p.at, p.wait, self.pace, self.chance)) for p in polls],
        )

    def rest(self, conn: Connection, source: Source, state: SourceState, why: str, at: datetime) -> Outcome:
        """A source that cannot be asked rests, in its own words; that is no outage."""
        next_at = schedule.next_poll(source, at, None, self.pace, self.chance)
        values = {"failures": 0, "failing_since": None, "notified_at": None, "retry_at": None}
        source_states.save(conn, source.id, next_poll_at=next_at, error=RESTS, error_detail=why, **values)
        return Outcome(source.id, next_poll_at=next_at, rests=why, rests_anew=state.error != RESTS)

    def unchanged(self, conn: Connection, polled: Polled) -> Outcome:
        """Nothing changed since the last good reading: if something was held, the publisher took it back."""
        ended = self.end_of_hold(conn, polled)
        notices.add(conn, ended)
        return self.keep(conn, polled, [*self.tell_recovery(conn, polled), *ended])

    def failed(self, conn: Connection, polled: Polled) -> Outcome:
        """The publisher did not answer, or not with what it should: one notice at the first time, then patience."""
        error, state, source = polled.error, polled.state, polled.source
        assert error is not None
        failures = state.failures + 1
        told: list[Notice] = []
        if failures == 1 or (error.name == "challenge" and state.error != "challenge"):
            kind = "challenge" if error.name == "challenge" else "outage"
            told.append(Notice(kind, source.id, polled.at, str(error)))
        notices.add(conn, told)
        shut = polled.at + SHUT_FOR if error.name == "http_403" else None
        next_at = schedule.next_try(source, polled.at, failures, error.retry_at or shut, self.pace, self.chance)
        source_states.save(
            conn,
            source.id,
            next_poll_at=next_at,
            retry_at=error.retry_at,
            failures=failures,
            failing_since=state.failing_since or polled.at,
            error=error.name,
            error_detail=error.detail,
        )
        return Outcome(source.id, notices=tuple(told), next_poll_at=next_at, failed=True)

    def end_of_hold(self, conn: Connection, polled: Polled) -> list[Notice]:
        """The notice that nothing is held any more, where something was: the publisher took it back, or an operator
        spoke and his word was just acted upon."""
        if held.resolve(conn, polled.source.id, "passed", polled.at):
            over = "what was held is gone: the answer is normal again"
            return [Notice("recovered", polled.source.id, polled.at, over)]
        return []

    def tell_recovery(self, conn: Connection, polled: Polled) -> list[Notice]:
        """The notice that a failing source answers again, kept in the operators' log."""
        if polled.state.failures == 0:
            return []
        since = f"failing since {polled.state.failing_since:%Y-%m-%d %H:%M} UTC"
        told = [Notice("recovered", polled.source.id, polled.at, since)]
        notices.add(conn, told)
        return told


def is_quiet(polled: Polled) -> bool:
    """Whether a poll found nothing and there is nothing to mend: many such polls are stored in one transaction."""
    state = polled.state
    quiet = polled.error is None and polled.reading is None
    return quiet and state.failures == 0 and state.held_id is None and state.error is None
