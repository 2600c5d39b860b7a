"""Screening lists: which parties came, went or changed between what is stored and a new download."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime

from bot.clock import iso
from bot.knowledge.listed import concerns_chips
from bot.knowledge.names import name_key
from bot.knowledge.savings import savings_clause
from bot.model import Change, ChangeKind, Document, Party
from bot.sources.base import Reading
from bot.store import documents, parties
from bot.store.documents import Known
from bot.store.engine import Connection

LOSES_SHARE = 0.1
LOSES_AT_LEAST = 20
"""A list that loses more than this share of its parties, and at least so many, was cut on its way to us."""
MOST_ROWS = 3000
"""Rows of one change that are kept with it; the counts stay exact."""

MOST_NOTICES = 5
_CITATION = re.compile(r"\b\d{1,3} FR \d{1,6}\b")
_TEXTS = ("dates", "text", "full_text")
"""Where a document of the Federal Register may hold words of its own besides its summary."""

_TOLD = ("aliases", "countries", "requirement", "policy", "footnotes", "notice", "since", "until", "places")


@dataclass(frozen=True, slots=True)
class RowDifference:
    """What changed in one list. `changed` pairs a party as it was with what it is; `total` counts the list now."""

    document: Document
    added: tuple[Party, ...] = ()
    removed: tuple[Party, ...] = ()
    changed: tuple[tuple[Party, Party], ...] = ()
    total: int = 0
    lost_share: float = 0.0

    @property
    def keys(self) -> tuple[str, ...]:
        """What names this very change, should an operator have to speak on it."""
        roll = self.document.key
        return (
            *(f"{roll} + {name_key(party.name)}" for party in self.added),
            *(f"{roll} - {name_key(party.name)}" for party in self.removed),
            *(f"{roll} ~ {name_key(after.name)}" for _, after in self.changed),
        )


def compare(conn: Connection, source: str, reading: Reading, known: Mapping[str, Known]) -> tuple[RowDifference, ...]:
    """The lists of a reading that are not as stored. A list that was not known before begins silently."""
    found = []
    for document in reading.documents:
        if document.key not in known or document.key not in reading.parties:
            continue
        difference = _compare(conn, source, document, reading.parties[document.key])
        if difference.added or difference.removed or difference.changed:
            found.append(difference)
    return tuple(found)


def _compare(conn: Connection, source: str, document: Document, now: Sequence[Party]) -> RowDifference:
    before = parties.digests(conn, source, document.key)
    added: list[Party] = []
    changed: dict[str, Party] = {}
    here: set[str] = set()
    for party in now:
        key = name_key(party.name)
        here.add(key)
        old = before.get(key)
        if old is None:
            added.append(party)
        elif old != parties.digest(party):
            changed[key] = party
    gone = [key for key in before if key not in here]
    stored = parties.several(conn, source, document.key, [*gone, *changed])
    return RowDifference(
        document,
        tuple(added),
        tuple(stored[key] for key in gone),
        tuple((stored[key], party) for key, party in changed.items()),
        total=len(now),
        lost_share=len(gone) / len(before) if before else 0.0,
    )


def absurdity(conn: Connection, source: str, reading: Reading, rows: Sequence[RowDifference]) -> str | None:
    """Why a reading of lists must wait for an operator: a list lost too many, or is not there, or the download broke
    off; None when it looks sane."""
    if reading.partial:
        return "the download broke off before its end"
    for difference in rows:
        lost = len(difference.removed)
        if lost >= LOSES_AT_LEAST and difference.lost_share > LOSES_SHARE:
            had = round(lost / difference.lost_share)
            return f"{difference.document.title}: {lost:,} of {had:,} parties would be removed at once"
    for roll, size in parties.sizes(conn, source).items():
        if size >= LOSES_AT_LEAST and roll not in reading.parties:
            return f"the whole list {roll} with {size:,} parties is not in the download"
    return None


def begin(conn: Connection, source: str, reading: Reading, at: datetime, known: Collection[str] = ()) -> None:
    """Lists in their first good download, those that are not `known`: who stands on them was not added now."""
    for key, rows in reading.parties.items():
        if key not in known:
            there = parties.digests(conn, source, key)
            fresh = [party for party in rows if there.get(name_key(party.name)) != parties.digest(party)]
            parties.put(conn, source, fresh, at)


def take_in(conn: Connection, source: str, difference: RowDifference, at: datetime) -> Change:
    """Store what changed in a list; the change with its rows."""
    parties.take(conn, source, difference.removed)
    parties.put(conn, source, [*difference.added, *(after for _, after in difference.changed)], at)
    return Change(
        ChangeKind.ROWS,
        difference.document,
        at,
        before=difference.document,
        added=len(difference.added),
        removed=len(difference.removed),
        changed=len(difference.changed),
        detail={"rows": rows_record(difference, at) | _savings(conn, difference)},
        seat=(seat := f"{difference.document.key}@{iso(at)}"),
        happening=seat,
    )


def _savings(conn: Connection, difference: RowDifference) -> dict[str, object]:
    """The last day of the savings clause, where the notice of the new rows is stored with its text."""
    rows = (*difference.added, *(after for _, after in difference.changed))
    notices = Counter(cite for party in rows for cite in _CITATION.findall(party.notice))
    for document in documents.cited(conn, [cite for cite, _ in notices.most_common(MOST_NOTICES)]):
        for text in (document.summary, *(document.details.get(name) for name in _TEXTS)):
            if isinstance(text, str) and (day := savings_clause(text)):
                return {"savings": day}
    return {}


def rows_record(difference: RowDifference, at: datetime) -> dict[str, object]:
    """The rows of a change as JSON values, at most `MOST_ROWS`, those that concern AI chips first."""
    came = [_row(party, "added") for party in difference.added]
    went = [_row(party, "removed") for party in difference.removed]
    differ = [_changed_row(before, after) for before, after in difference.changed]
    rows = sorted([*came, *went, *differ], key=lambda row: row["chips"] is None)
    return {
        "list": difference.document.key,
        "title": difference.document.title,
        "at": iso(at),
        "total": difference.total,
        "added": len(came),
        "removed": len(went),
        "changed": len(differ),
        "chips": sum(row["chips"] is not None for row in rows),
        "rows": rows[:MOST_ROWS],
    }


def _row(party: Party, op: str) -> dict[str, object]:
    values: dict[str, object] = {"op": op, "chips": concerns_chips(party)}
    for column in fields(party):
        value = getattr(party, column.name)
        if column.name not in ("roll", "places") and value:
            values[column.name] = list(value) if isinstance(value, tuple) else value
    return values


def _changed_row(before: Party, after: Party) -> dict[str, object]:
    """A party that is not as it was, with the fields that differ as they were."""
    differ = [name for name in _TOLD if _content(before, name) != _content(after, name)]
    was = {name: _content(before, name) for name in differ if name != "places"}
    return {**_row(after, "changed"), "fields": differ, "was": was}


def _content(party: Party, name: str) -> object:
    value = getattr(party, name)
    return sorted(value) if isinstance(value, tuple) else value
