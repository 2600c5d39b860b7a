"""The way of a document, from a publisher's answer to the outbox, in one transaction. Read it from top to bottom.

`Intake.take_in` is the unit of work behind one poll: new versions, changes, stories, alert revisions, delivery rows and
the source's validators are committed together, or not at all. Nothing is sent from here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta

from bot.clock import as_utc, moment_of
from bot.knowledge.drafts import draft_of
from bot.model import FOLLOWED, Assessment, Change, ChangeKind, Document, Revision, State
from bot.pipeline import calendar, rolls, schedule, watching
from bot.pipeline.account import Account
from bot.pipeline.assess import assess
from bot.pipeline.assess.official import assess_change
from bot.pipeline.assess.trust import in_own_name
from bot.pipeline.diff import FLIP_AT_LEAST, Difference, Found, difference, rolled_over, with_detail
from bot.pipeline.editor import Editor
from bot.pipeline.follow import as_read, keep_followed
from bot.pipeline.holding import hold_back
from bot.pipeline.identity import identity
from bot.pipeline.outcome import Outcome, TakenChange
from bot.pipeline.poll import Polled
from bot.sources.base import Source, Told
from bot.store import documents, held, held_documents, notices, stories
from bot.store import ledger as recorded_ledger
from bot.store import sources as source_states
from bot.store.changes import log_change
from bot.store.engine import Connection
from bot.store.notices import Notice

OUTAGE = timedelta(hours=6)
"""A source that was asked so much later than its schedule foresees catches up, oldest first, and what is no news any
more is filed. A night or weekend that its schedule foresees is no outage."""
_NOTHING = Assessment(False, 0.0)

Details = Mapping[str, Mapping[str, object]]
Steps = Callable[[str], None]
"""Told the name of each step as it is reached; the crash tests kill the process there."""


@dataclass(slots=True)
class Intake:
    """Takes polls into the store. `editor` decides stories and alerts; `account` remembers how each poll went.

    `news_age` is how old a document may be that is found after an outage and still posted; None: any age is news.
    """

    editor: Editor
    account: Account = field(default_factory=Account)
    news_age: timedelta | None = None
    step: Steps = lambda name: None

    def take_in(self, conn: Connection, polled: Polled) -> Outcome:
        """The unit of work of one poll."""
        if polled.error is not None:
            return self.account.failed(conn, polled)
        if polled.reading is None:
            return self.account.unchanged(conn, polled)
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
        found = replace(found, gone=self._taken_back(conn, polled.source, found.gone, polled.at))
        if reading.parties:
            rows = rolls.compare(conn, source, reading, known)
            found = replace(found, rows=rows)
            absurd = rolls.absurdity(conn, source, reading, rows)
            if absurd is not None:
                return found, absurd
        if len(found.gone) >= FLIP_AT_LEAST and 2 * len(found.gone) > len(window):
            return found, f"{len(found.gone)} of {len(window)} documents vanished at once"
        if found.absurd is None or polled.source.official_numbers:
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
            held_documents.rename(conn, source.id, old, document.key)
        self._enrich(conn, polled, found)
        in_order = sorted(found.found, key=_oldest_first)
        documents.add(conn, [entry.document for entry in in_order if entry.known is None], at, baseline=silent)
        details = polled.reading.details if polled.reading is not None else {}
        found_now = [self._amend(conn, source, entry, at, details) for entry in in_order]
        found_now += [(self._withdraw(conn, source.id, key, at), False) for key in found.gone]
        found_now += [(change, False) for change in self._rows(conn, polled, found)]
        changes = [change for change, _ in found_now]
        self.step("documents")
        taken: list[TakenChange] = []
        revisions: list[Revision] = []
        told: list[Notice] = []
        if not silent:
            judged = [(change, _NOTHING if quiet else _judge(change, source)) for change, quiet in found_now]
            free, told = hold_back(conn, judged, at, lambda change: _judge(change, source))
            filed = {n for n, (change, _) in enumerate(free) if self._is_old(polled, change)}
            placed = dict(zip(map(_name, free), self.editor.place(conn, source, free, at, filed), strict=True))
            self.step("stories")
            revisions = self.editor.tell(conn, at)
            self.step("alerts")
            for change, assessment in judged:
                story = placed.get(_name((change, assessment)))
                log_change(conn, change, assessment, story)
                watching.tell_owners(conn, change, story, at)
                if story is not None:
                    _look_ahead(conn, source, change, assessment, story)
                taken.append(TakenChange(change, assessment, story))
        ended = self.account.end_of_hold(conn, polled)
        good = self.account.succeed(conn, polled, ended, changed=bool(changes))
        held.end_words(conn, source.id, at)
        self.step("source")
        return replace(good, changes=tuple(taken), notices=(*good.notices, *told), revisions=tuple(revisions))

    def _enrich(self, conn: Connection, polled: Polled, found: Difference) -> None:
        """What second requests brought late, of documents that the list itself says nothing new of."""
        told = {entry.document.key for entry in found.found}
        assert polled.reading is not None
        for document in polled.reading.documents:
            if FOLLOWED in document.details and document.key not in told:
                documents.enrich(conn, document)
                change = Change(ChangeKind.AMENDED, document, polled.at)
                story = stories.story_of(conn, document.source, document.key)
                if story is not None:
                    _look_ahead(conn, polled.source, change, _judge(change, polled.source), story)

    def _is_old(self, polled: Polled, change: Change) -> bool:
        """Whether a document that is found after an outage is too old to be posted: it is filed. Undated is news.

        What a publisher does to a document that we know is as old as the publisher says, and else happened since the
        last poll; that it takes it back, corrects it or puts it in force is news whenever we see it.
        """
        if self.news_age is None or not self._after_outage(polled):
            return False
        document, before = change.document, change.before
        if before is not None and document.state is not before.state:
            return False
        if before is None:
            moment = document.published
        else:
            moment = document.updated if document.updated != before.updated else None
        if moment is None:
            return False
        end = as_utc(moment) if isinstance(moment, datetime) else _end_of(moment)
        return end < polled.at - self.news_age

    def _after_outage(self, polled: Polled) -> bool:
        """Whether the source was asked much later than its schedule foresaw, or goes on with what it missed then."""
        state = polled.state
        if state.last_success_at is None:
            return False
        if (state.cursor or {}).get("next"):  # a poll that goes on where the last one was cut
            return True
        told = None if state.failures or state.error == source_states.RESTS else state.next_poll_at
        due = schedule.foreseen(polled.source, state.last_success_at, told, self.account.pace)
        return polled.at - due >= OUTAGE

    def _rows(self, conn: Connection, polled: Polled, found: Difference) -> list[Change]:
        """What changed in lists; a list that is there for the first time is taken in whole, and no news."""
        source, reading, at = polled.source.id, polled.reading, polled.at
        assert reading is not None
        if reading.parties:
            new = {entry.document.key for entry in found.found if entry.known is None}
            rolls.begin(conn, source, reading, at, reading.parties.keys() - new)
        return [rolls.take_in(conn, source, rows, at) for rows in found.rows]

    def _amend(
        self, conn: Connection, source: Source, entry: Found, at: datetime, details: Details
    ) -> tuple[Change, bool]:
        """The change, with what is to be told of it, and whether that is nothing."""
        beside = details.get(entry.document.key)
        if entry.known is None:
            return with_detail(Change(entry.kind, entry.document, at), beside), False
        before = documents.one(conn, entry.document.source, entry.document.key)
        document = keep_followed(entry.document, before)
        documents.replace(conn, document, at)
        told = source.told(before, document) if before is not None else Told(document)
        change = Change(
            entry.kind,
            told.document,
            at,
            before,
            added=told.added,
            removed=told.removed,
            changed=told.changed,
            detail=told.detail,
            seat=told.seat,
        )
        return with_detail(change, beside), told.silent

    def _taken_back(self, conn: Connection, source: Source, gone: Iterable[str], at: datetime) -> tuple[str, ...]:
        """Of the documents that a complete list no longer holds those that were taken back: the source may know that
        the others have moved on."""
        found = []
        for key in gone:
            before = documents.one(conn, source.id, key)
            assert before is not None
            elsewhere = documents.elsewhere(conn, source.id, key, identity(before))
            if source.left(before, at, bool(elsewhere)):
                found.append(key)
        return tuple(found)

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
            return self.account.keep(conn, polled, self.account.tell_recovery(conn, polled))
        return self.account.succeed(conn, polled, [], changed=bool(fresh), baseline_at=polled.at)

    def _held(self, conn: Connection, polled: Polled, found: Difference, why: str) -> Outcome:
        """An absurd change waits: nothing of it is stored, so that the next poll sees it again."""
        word = held.word_on(conn, polled.source.id, found.keys, polled.at)
        if word is not None:
            done = self._changed(conn, polled, found, silent=word == "dropped")
            over = Notice("recovered", polled.source.id, polled.at, f"what was held was {word} by an operator")
            notices.add(conn, [over])
            return replace(done, notices=(*done.notices, over))
        news = held.hold(conn, polled.source.id, found.keys, why, polled.at)
        told = self.account.tell_recovery(conn, polled)
        if news:
            told.append(Notice("held", polled.source.id, polled.at, why))
            notices.add(conn, told[-1:])
        return self.account.keep(conn, polled, told)


def _look_ahead(conn: Connection, source: Source, change: Change, assessment: Assessment, story: str) -> None:
    """What an official document says of days to come: its dates go into the calendar, and where it will change the law
    it becomes a draft of a ledger event, which waits for a maintainer."""
    if source.voice != "institution":
        return
    draft = draft_of(change.document, assessment)
    if draft is not None:
        recorded_ledger.draft(conn, draft.event.id, draft.toml(), draft.source, draft.key, change.at)
    calendar.enter(conn, change.document, assessment, story, change.at)


def _judge(change: Change, source: Source) -> Assessment:
    if change.happening:
        return assess_change(change, source.trust, source.label)
    found = assess(as_read(change.document), source.trust, source.label)
    return in_own_name(found) if source.voice == "office_holder" else found


def _end_of(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(days=1)


def _name(judged: tuple[Change, Assessment]) -> str:
    """A change among those of one poll: a list may be retitled and have new rows."""
    return judged[0].seat or judged[0].document.key


def _oldest_first(found: Found) -> tuple[bool, str, str]:
    """Undated documents come last; equal dates in the order of their keys, so that two runs tell the same story."""
    document: Document = found.document
    published = document.published
    return (published is None, published.isoformat() if published else "", document.key)
