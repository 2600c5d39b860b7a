"""What changed between what is stored of a source and what it says now. Pure: takes, decides, gives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from bot.clock import Moment, as_utc
from bot.model import Change, ChangeKind, Document, State
from bot.pipeline.rolls import RowDifference
from bot.sources.base import Reading
from bot.store.documents import Known, digest

FLIP_AT_LEAST = 10
"""So many known keys must vanish at once, and more than half of all, before a reading looks absurd."""


@dataclass(frozen=True, slots=True)
class Found:
    """One document of a reading beside what was known of it: `known` is None when it is new."""

    kind: ChangeKind
    document: Document
    known: Known | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    """What a reading changes. `renamed` pairs the old key with the document under its new one; `gone` are the keys of
    documents that a complete list no longer holds; `rows` what changed in documents that are lists; `absurd` says why
    all of it must wait for an operator."""

    found: tuple[Found, ...] = ()
    renamed: tuple[tuple[str, Document], ...] = ()
    gone: tuple[str, ...] = ()
    absurd: str | None = None
    rows: tuple[RowDifference, ...] = ()

    @property
    def keys(self) -> list[str]:
        """The keys of what is new or amended, and the rows that changed: a held change is recognised by them when it
        comes again."""
        keys = [found.document.key for found in self.found]
        return sorted([*keys, *(key for rows in self.rows for key in rows.keys)])


def difference(
    reading: Reading, known: Mapping[str, Known], owners: Mapping[str, str], window: Sequence[str]
) -> Difference:
    """Compare a reading with what is stored.

    `known` are the stored documents by key, of the reading's keys, the window's and the aliases' owners; `owners` tells
    which key each alias belongs to; `window` are the keys of the last good reading.
    """
    here = {document.key for document in reading.documents}
    found: list[Found] = []
    renamed: list[tuple[str, Document]] = []
    taken: set[str] = set()
    for document in reading.documents:
        before = known.get(document.key)
        if before is None:
            old = _former_key(document, owners, here | taken)
            if old is None:
                kind = ChangeKind.CORRECTED if document.state is State.CORRECTED else ChangeKind.NEW
                found.append(Found(kind, document))
                continue
            renamed.append((old, document))
            taken.add(old)
            before = known.get(old)
        if before is not None and (digest(document) != before.digest or document.state is not before.state):
            found.append(Found(_kind_of_amendment(document, before), document, before))
    vanished = [key for key in window if key not in here and key not in taken]
    gone = tuple(key for key in vanished if key in known and known[key].state is not State.WITHDRAWN)
    if not reading.complete or reading.partial:
        gone = ()
    return Difference(tuple(found), tuple(renamed), gone, _flipped(found, vanished, window, here))


def _former_key(document: Document, owners: Mapping[str, str], here: set[str]) -> str | None:
    """The key under which the same document was known, unless that key is `here` under its own name or taken."""
    for alias in document.aliases:
        old = owners.get(alias)
        if old is not None and old not in here:
            return old
    return None


def _kind_of_amendment(document: Document, before: Known) -> ChangeKind:
    if document.state is not before.state:
        if document.state is State.WITHDRAWN:
            return ChangeKind.WITHDRAWN
        if document.state is State.CORRECTED:
            return ChangeKind.CORRECTED
    return ChangeKind.AMENDED


def _flipped(found: Sequence[Found], vanished: Sequence[str], window: Sequence[str], here: set[str]) -> str | None:
    """Whether known keys were replaced at once by strangers: at least ten, and more than half of the last reading.

    Growth alone is never absurd; nor is a feed that is cut, where keys vanish and nothing takes their place.
    """
    strangers = sum(entry.known is None for entry in found)
    replaced = min(len(vanished), strangers)
    if replaced >= FLIP_AT_LEAST and replaced * 2 > len(window):
        return f"{replaced} of {len(window)} known entries were replaced at once by unknown ones"
    return None


def with_detail(change: Change, detail: Mapping[str, object] | None) -> Change:
    """A change with what its source found besides: the redline of a text, with its counts and a seat of its own.

    Sections that one rule amends on one day are one happening, without those that were only edited."""
    if not detail:
        return change
    added, removed, changed = (_count(detail.get(name)) for name in ("added", "removed", "changed"))
    day, editorial = str(detail.get("seat", "")), detail.get("substantive") is False
    return replace(
        change,
        detail=detail,
        seat=f"{change.document.key}@{day}",
        happening=f"{day} editorial" if editorial else day,
        added=added,
        removed=removed,
        changed=changed,
    )


def _count(value: object) -> int:
    return value if isinstance(value, int) else 0


def rolled_over(reading: Reading, window_dates: Sequence[Moment], elapsed: timedelta | None) -> bool:
    """Whether a wholesale replacement is just a busy feed after a pause: every new entry is younger than all that was
    known, and the pause was at least as long as the time that the known entries had spanned."""
    known = [_instant(moment) for moment in window_dates]
    new = [_instant(document.published) for document in reading.documents if document.published is not None]
    if elapsed is None or len(known) < 2 or len(new) != len(reading.documents):
        return False
    span = max(known) - min(known)
    return span > timedelta(0) and elapsed >= span and min(new) >= max(known)


def _instant(moment: Moment) -> datetime:
    return as_utc(moment) if isinstance(moment, datetime) else datetime(*moment.timetuple()[:3], tzinfo=UTC)
