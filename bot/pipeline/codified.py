"""From an amended section of the Code to the rule that amended it: filed, published, in force and in the Code are one
happening and one story."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from bot.model import Change, Document
from bot.store import calendar, documents, stories
from bot.store.engine import Connection

_CITATION = re.compile(r"\b\d{1,3} FR \d{1,6}\b")
MOST_CITATIONS = 40


def rule_of(conn: Connection, change: Change) -> str | None:
    """The story of the rule that a section was amended by; None where it is not told, or where several could be.

    The section's own note of its source goes first ("90 FR 4544"): it names the rule. Else it is the one rule that
    names the section's part and takes effect on the day of the amendment.
    """
    record = change.detail.get("redline")
    if not change.happening or not isinstance(record, Mapping):
        return None
    cited = documents.cited(conn, _citations(record))
    return _one_story(conn, cited) or _one_story(conn, _binding(conn, change, record))


def _citations(record: Mapping[str, Any]) -> list[str]:
    words = " ".join(map(str, (*record.get("cites", ()), *record.get("pending", ()))))
    return list(dict.fromkeys(_CITATION.findall(words)))[:MOST_CITATIONS]


def _binding(conn: Connection, change: Change, record: Mapping[str, Any]) -> list[Document]:
    """The documents that amend the section's part and take effect on the day of its version."""
    try:
        day = date.fromisoformat(str(record.get("new_date")))
    except ValueError:
        return []
    part = f"{record.get('title')} CFR {change.document.details.get('part')}"
    found = (documents.one(conn, source, key) for source, key in calendar.binding_documents(conn, day))
    return [document for document in found if document is not None and part in _parts(document)]


def _parts(document: Document) -> Iterable[str]:
    references = document.details.get("cfr_references")
    return references if isinstance(references, list | tuple) else ()


def _one_story(conn: Connection, found: Iterable[Document]) -> str | None:
    told = {stories.story_of(conn, document.source, document.key) for document in found} - {None}
    return told.pop() if len(told) == 1 else None
