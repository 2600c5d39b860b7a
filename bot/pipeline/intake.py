"""The way of a document, from a publisher's answer to the outbox, in one transaction. Read it from top to bottom.

`Intake.take_in` is the unit of work behind one poll: new versions, changes, stories, alert revisions, delivery rows and
the source's validators are committed together, or not at all. Nothing is sent from here.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from bot.clock import moment_of
from bot.knowledge.drafts import draft_of
from bot.model import Assessment, Change, ChangeKind, Document, Revision, State
from bot.pipeline import rolls, schedule
from bot.pipeline.assess import assess
from bot.pipeline.assess.official import assess_change
from bot.pipeline.diff import Difference, Found, difference, rolled_over, with_detail
from bot.pipeline.editor import Editor
from bot.pipeline.poll import Polled
from bot.pipeline.schedule import Pace
from bot.sources.base import Source
from bot.store import documents, held, notices, stories
from bot.store import ledger as recorded_ledger
from bot.store import sources as source_states
from bot.store.engine import Connection
from bot.store.notices import Notice

Steps = Callable[[str], None]
"""Told the name of each step as it is reached; the crash tests kill the process there."""


@dataclass(frozen=True, slots=True)
class TakenChange:
    """A change as it was taken in, with what it was judged to be and the story it went to."""

    change: Change
    assessment: Assessment
    story: str | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one poll came to."""

    source: str
    changes: tuple[TakenChange, ...] = ()
    notices: tuple[Notice, ...] = ()
    revisions: tuple[Revision, ...] = ()
    next_poll_at: datetime | None = None
    baseline: bool = False
    failed: bool = False


@dataclass(slots=True)
class Intake:
    """Takes polls into the store. `editor` decides stories and alerts; `chance` spreads the next polls."""

    editor: Editor
    pace: Pace = field(default_factory=Pace)
    chance: random.Random = field(default_factory=random.Random)
    step: Steps = lambda name: None

    def take_in(self, conn: Connection, polled: Polled) -> Outcome:
        """The unit of work of one poll."""
        if polled.error is not None:
            return self._failed(conn, polled)
        if polled.reading is None:
            return self._unchanged(conn, polled)
        if polled.state.baseline_at is None:
            return self._baseline(conn, polled)
        found, absurd = self._compare(conn, polled)
        if absurd:
            return self._held(conn, polled, found, absurd)
        return self._changed(conn, polled, found, silent=False)

    def _compare(self, conn: Connection, polled: Polled) -> tuple[Difference, str | None]:
        """What changed, and why it must wait if it looks absurd and no operator has spoken."""
        reading, source, state = polled.reading, polled.source.id, polled.state
        assert reading is not None
        window = source_states.window_of(conn, source)
        names = [alias for document in reading.documents for alias in document.aliases]
        owners = documents.owners(conn, source, names)
        keys = dict.fromkeys([*(d.key for d in reading.documents), *window, *owners.values()])
        known = documents.known(conn, source, keys)
        found = difference(reading, known, owners, window)
        if reading.parties:
            rows = rolls.compare(conn, source, reading, known)
            found = replace(found, rows=rows)
            absurd = rolls.absurdity(conn, source, reading, rows)
            if absurd is not None:
                return found, absurd
        if found.absurd is None:
            return found, None
        elapsed = polled.at - state.last_success_at if state.last_success_at else None
        dates = [moment for text in documents.dates(conn, source, window) if (moment := moment_of(text))]
        return found, None if rolled_over(reading, dates, elapsed) else found.absurd

    def _changed(self, conn: Connection, polled: Polled, found: Difference, *, silent: bool) -> Outcome:
        """Store what is new, judge it, tell it."""
        source, at = polled.source, polled.at
        for old, document in found.renamed:
            documents.rename(conn, source.id, old, document)
            stories.rename(conn, source.id, old, document.key)
        in_order = sorted(found.found, key=_oldest_first)
        documents.add(conn, [entry.document for entry in in_order if entry.known is None], at, baseline=silent)
        details = polled.reading.details if polled.reading is not None else {}
        changes = [with_detail(self._amend(conn, entry, at), details.get(entry.document.key)) for entry in in_order]
        changes += [self._withdraw(conn, source.id, key, at) for key in found.gone]
        if polled.reading is not None and polled.reading.parties:
            new = {entry.document.key for entry in in_order if entry.known is None}
            rolls.begin(conn, source.id, polled.reading, at, polled.reading.parties.keys() - new)
        changes += [rolls.take_in(conn, source.id, rows, at) for rows in found.rows]
        self.step("documents")
        taken: list[TakenChange] = []
        revisions: list[Revision] = []
        if not silent:
            judged = [(change, _judge(change, source)) for change in changes]
            placed = self.editor.place(conn, source, judged, at)
            self.step("stories")
            revisions = self.editor.tell(conn, at)
            self.step("alerts")
            for (change, assessment), story in zip(judged, placed, strict=True):
                stories.log_change(conn, change, assessment, story)
                if story is not None:
                    _draft(conn, change, assessment, at)
                taken.append(TakenChange(change, assessment, story))
        good = self._succeed(conn, polled, changed=bool(changes))
        held.resolve(conn, source.id, "passed", at)
        held.end_words(conn, source.id, at)
        self.step("source")
        return replace(good, changes=tuple(taken), revisions=tuple(revisions))

    def _amend(self, conn: Connection, entry: Found, at: datetime) -> Change:
        if entry.known is None:
            return Change(entry.kind, entry.document, at)
        before = documents.one(conn, entry.document.source, entry.document.key)
        documents.replace(conn, entry.document, at)
        return Change(entry.kind, entry.document, at, before)

    def _withdraw(self, conn: Connection, source: str, key: str, at: datetime) -> Change:
        before = documents.one(conn, source, key)
        assert before is not None
        documents.mark(conn, source, key, State.WITHDRAWN, at)
        return Change(ChangeKind.WITHDRAWN, replace(before, state=State.WITHDRAWN), at, before)

    def _baseline(self, conn: Connection, polled: Polled) -> Outcome:
        """The first good poll of a source: all it says is known, nothing is announced. Empty is a baseline too."""
        assert polled.reading is not None
        known = documents.known(conn, polled.source.id, (d.key for d in polled.reading.documents))
        fresh = [document for document in polled.reading.documents if document.key not in known]
        documents.add(conn, fresh, polled.at, baseline=True)
        if not polled.reading.partial:
            rolls.begin(conn, polled.source.id, polled.reading, polled.at)
        self.step("documents")
        if polled.reading.partial:
            # Half an answer is no baseline: the other half would come as news. Nor is it known to be unmodified.
            return self._store_success(conn, polled, self._tell_recovery(conn, polled))
        return self._succeed(conn, polled, changed=bool(fresh), baseline_at=polled.at)

    def _held(self, conn: Connection, polled: Polled, found: Difference, why: str) -> Outcome:
        """An absurd change waits: nothing of it is stored, so that the next poll sees it again."""
        word = held.word_on(conn, polled.source.id, found.keys, polled.at)
        if word is not None:
            return self._changed(conn, polled, found, silent=word == "dropped")
        news = held.hold(conn, polled.source.id, found.keys, why, polled.at)
        told = self._tell_recovery(conn, polled)
        if news:
            told.append(Notice("held", polled.source.id, polled.at, why))
            notices.add(conn, told[-1:])
        return self._store_success(conn, polled, told)

    def _unchanged(self, conn: Connection, polled: Polled) -> Outcome:
        """Nothing changed since the last good reading: if something was held, the publisher took it back."""
        held.resolve(conn, polled.source.id, "passed", polled.at)
        return self._store_success(conn, polled, self._tell_recovery(conn, polled))

    def _succeed(self, conn: Connection, polled: Polled, *, changed: bool, **values: Any) -> Outcome:
        """Remember the reading that was just stored: from here on the validators may say "not modified"."""
        assert polled.reading is not None
        told = self._tell_recovery(conn, polled)
        values["window"] = [document.key for document in polled.reading.documents]
        values["validators"] = {url: list(pair) for url, pair in (polled.validators or {}).items()}
        values["body_hash"] = polled.body_hash
        if changed or polled.state.last_change_at is None:
            values |= {"last_change_at": polled.at, "stale_since": None}
        done = self._store_success(conn, polled, told, **values)
        return replace(done, baseline="baseline_at" in values)

    def _store_success(self, conn: Connection, polled: Polled, told: Sequence[Notice], **values: Any) -> Outcome:
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

    def _failed(self, conn: Connection, polled: Polled) -> Outcome:
        """The publisher did not answer, or not with what it should: one notice at the first time, then patience."""
        error, state, source = polled.error, polled.state, polled.source
        assert error is not None
        failures = state.failures + 1
        told: list[Notice] = []
        if failures == 1 or (error.name == "challenge" and state.error != "challenge"):
            kind = "challenge" if error.name == "challenge" else "outage"
            told.append(Notice(kind, source.id, polled.at, str(error)))
        notices.add(conn, told)
        next_at = schedule.next_try(source, polled.at, failures, error.retry_at, self.pace, self.chance)
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

    def _tell_recovery(self, conn: Connection, polled: Polled) -> list[Notice]:
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
    return polled.error is None and polled.reading is None and state.failures == 0 and state.held_id is None


def note_quiet(conn: Connection, polls: Iterable[Polled], pace: Pace, chance: random.Random) -> None:
    """Store quiet polls: when each was asked and when to ask again."""
    source_states.save_unchanged(
        conn,
        [(p.source.id, p.at, schedule.next_poll(p.source, p.at, p.wait, pace, chance)) for p in polls],
    )


def _draft(conn: Connection, change: Change, assessment: Assessment, at: datetime) -> None:
    """An official document that will change the law becomes a draft of a ledger event, which waits for a maintainer."""
    draft = draft_of(change.document, assessment)
    if draft is not None:
        recorded_ledger.draft(conn, draft.event.id, draft.toml(), draft.source, draft.key, at)


def _judge(change: Change, source: Source) -> Assessment:
    if change.detail:
        return assess_change(change, source.trust, source.label)
    return assess(change.document, source.trust, source.label)


def _oldest_first(found: Found) -> tuple[bool, str, str]:
    """Undated documents come last; equal dates in the order of their keys, so that two runs tell the same story."""
    document: Document = found.document
    published = document.published
    return (published is None, published.isoformat() if published else "", document.key)


def long_outages(conn: Connection, now: datetime, after: timedelta) -> list[Notice]:
    """Sources that have failed for longer than operators want to wait before they are told: one notice an outage."""
    told = [
        Notice("outage", state.id, now, f"failing since {state.failing_since:%Y-%m-%d %H:%M} UTC: {state.error}")
        for state in source_states.states(conn)
        if state.failing_since is not None and state.notified_at is None and now - state.failing_since >= after
    ]
    for notice in told:
        source_states.mark_notified(conn, notice.source, now)
    return told


def stale_sources(conn: Connection, sources: Iterable[Source], now: datetime) -> list[Notice]:
    """Sources that answer but have said nothing new for longer than they ever should: one notice each."""
    told: list[Notice] = []
    for source in sources:
        if source.expected_silence is None:
            continue
        state = source_states.state_of(conn, source.id)
        if state is None or state.last_change_at is None or state.stale_since is not None:
            continue
        since = state.last_change_at + timedelta(seconds=source.expected_silence)
        if now > since:
            source_states.mark_stale(conn, source.id, since)
            told.append(
                Notice("stale", source.id, since, f"nothing new since {state.last_change_at:%Y-%m-%d %H:%M} UTC")
            )
    notices.add(conn, told)
    return told
