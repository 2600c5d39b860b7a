"""Holds an old article that was given a new date: stored, but kept from the channels until an operator has looked; and
the operator's word on what is held, an article or a change that looked absurd, with its line in the audit log."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from bot.cards.cutting import clean
from bot.clock import day_of
from bot.errors import UserError
from bot.model import Assessment, Change, ChangeKind, Reason, Revision, Trust
from bot.pipeline.alerts import LawOf
from bot.pipeline.assess import assess
from bot.pipeline.assess.age import OLD
from bot.pipeline.editor import Editor
from bot.pipeline.follow import as_read
from bot.sources.base import Source
from bot.store import audit, documents, held, held_documents, notices, stories
from bot.store.engine import Connection
from bot.store.held_documents import HeldDocument
from bot.store.notices import Notice

STALE = "stale"
"""The label of the reason that holds a document; its rule says what showed the age (`address`, `dateline`; of an
amended one its `former date` or `first reading`)."""

LATE = timedelta(days=14)
"""An article that is no news when it appears, and is amended so much later, is no news then."""

Judged = tuple[Change, Assessment]
Judge = Callable[[Change], Assessment]


def hold_back(
    conn: Connection, judged: Sequence[Judged], at: datetime, judge: Judge
) -> tuple[list[Judged], list[Notice]]:
    """What may be placed, and a notice to operators for each document that is held from now on. `judge` assesses what a
    document was before.

    A document that waits, or that an operator dropped, stays held when its publisher amends it. One that is in no story
    and is amended into none stays without one: a word that changed in an old article is no news.
    """
    free: list[Judged] = []
    told: list[Notice] = []
    for change, assessment in judged:
        document = change.document
        standing = held_documents.standing(conn, document.source, document.key) if change.before is not None else None
        if standing == "released":
            free.append((change, assessment))
        if standing is not None:
            continue
        reason = _reason(assessment) if change.kind is not ChangeKind.WITHDRAWN else None
        if change.before is not None:
            if not _comes_late(conn, change, assessment):
                free.append((change, assessment))
                continue
            reason = reason or _by_its_age(conn, change, at)
            same = _told(judge(replace(change, document=change.before))) == _told(assessment)
            if same and not (reason and _was_redated(change)):
                continue
        if reason is None:
            free.append((change, assessment))
            continue
        held_documents.hold(conn, document.source, document.key, reason.rule, reason.text, at)
        said = f"its {reason.rule} says {reason.text}, an old article under a new date? {document.title[:120]}"
        told.append(Notice("held", document.source, at, said))
    notices.add(conn, told)
    return free, told


def _reason(assessment: Assessment) -> Reason | None:
    """Why a document is held. Official text never is: an old page with a new date is how authorities amend one."""
    if not assessment.relevant or assessment.trust is Trust.OFFICIAL:
        return None
    return next((reason for reason in assessment.reasons if reason.label == STALE), None)


def _comes_late(conn: Connection, change: Change, assessment: Assessment) -> bool:
    """Whether an amended text that is no authority's would be news now and was none when it came: it is known since
    the baseline, or was about something else. What has a seat of its own at each change (a watched page) tells only
    what is new of it."""
    if change.kind is ChangeKind.WITHDRAWN or change.seat or change.happening:
        return False
    if not assessment.relevant or assessment.trust is Trust.OFFICIAL:
        return False
    return stories.story_of(conn, change.document.source, change.document.key) is None


def _by_its_age(conn: Connection, change: Change, at: datetime) -> Reason | None:
    """The day on which an amended text was first published or read, where that is too long ago for news."""
    first = _former_date(change)
    if first and day_of(at) - first > LATE:
        return Reason(STALE, "former date", first.isoformat())
    read = day_of(documents.first_seen(conn, change.document.source, change.document.key))
    return Reason(STALE, "first reading", read.isoformat()) if day_of(at) - read > LATE else None


def _was_redated(change: Change) -> bool:
    """Whether an amended text bears a much later day than it did."""
    first, now = _former_date(change), change.document.published
    return first is not None and now is not None and day_of(now) - first > OLD


def _former_date(change: Change) -> date | None:
    dated = change.before.published if change.before is not None else None
    return day_of(dated) if dated is not None else None


def _told(found: Assessment) -> tuple[object, ...]:
    """What a card would show of a text's act."""
    places = (frozenset(found.origin), frozenset(found.destinations))
    about = (frozenset(found.chips), frozenset(found.companies), *places)
    return (
        found.relevant,
        found.kind,
        found.direction,
        found.stage,
        found.severity,
        found.trust,
        *about,
        found.binding,
    )


def settle_change(conn: Connection, source: str, resolution: str, at: datetime, who: str) -> None:
    """An operator's word on the change that is held of a source: `released`, it is told at the next poll, or `dropped`,
    it is stored silently. Raises UserError where nothing is held."""
    if not held.resolve(conn, source, resolution, at):
        raise UserError("errors.nothing_held", source=clean(source, 80))
    audit.log(conn, at, who, f"held.{resolution}", source)


def release(
    conn: Connection, number: int, sources: Sequence[Source], at: datetime, who: str, law_of: LawOf
) -> list[Revision]:
    """Place a held document after all, and tell it. Raises UserError where nothing waits under this number."""
    found = _resolved(conn, number, "released", at, who)
    document = documents.one(conn, found.source, found.key)
    source = next((source for source in sources if source.id == found.source), None)
    if document is None or source is None:
        raise UserError("errors.no_such_held", number=number)
    editor = Editor(law_of)
    editor.place(
        conn,
        source,
        [(Change(ChangeKind.NEW, document, at), assess(as_read(document), source.trust, source.label))],
        at,
    )
    return editor.tell(conn, at)


def drop(conn: Connection, number: int, at: datetime, who: str) -> HeldDocument:
    """The held document was an old one indeed: it is never told. Raises UserError."""
    return _resolved(conn, number, "dropped", at, who)


def _resolved(conn: Connection, number: int, resolution: str, at: datetime, who: str) -> HeldDocument:
    found = held_documents.resolve(conn, number, resolution, at)
    if found is None:
        raise UserError("errors.no_such_held", number=number)
    audit.log(conn, at, who, f"document.{resolution}", f"{found.source} {found.key}")
    return found
