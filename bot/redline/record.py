"""A redline as JSON values with its call-outs: what is stored with a change, and what cards and the board show."""

from __future__ import annotations

from typing import Any

from bot.errors import SourceError
from bot.redline.callouts import callouts
from bot.redline.redline import Hunk, Redline, redline_of_paragraphs
from bot.redline.sections import Dated, section_at
from bot.redline.tables import Place

MOST_HUNKS = 400
MOST_LETTERS = 400_000
"""A supplement rewritten as a whole is not kept twice: behind these bounds hunks are counted, not kept."""


def redline_record(section: str, old: str | None, new: str | None) -> dict[str, Any]:
    """The redline of a section between two texts of the Code. An empty text is one that was not in force; None one that
    could not be had: then `compared` is false and nothing is claimed about the words."""
    try:
        before, after = _dated(section, old), _dated(section, new)
    except SourceError:
        before = after = None
    record: dict[str, Any] = {"section": section, "compared": before is not None and after is not None}
    if before is None or after is None:
        return {**record, "added": 0, "removed": 0, "changed": 0, "moved": 0, "hunks": [], "pending": [], "cites": []}
    found = _redline(before, after)
    pending = [link for link in after.pending if link not in before.pending]
    cites = [cite for cite in after.cites if cite not in before.cites]
    return {**record, **hunks_record(found), "pending": pending[:10], "cites": cites[-10:]}


def _dated(section: str, text: str | None) -> Dated | None:
    if text is None:
        return None
    return section_at(text, section) if text else Dated()


def _texts(dated: Dated) -> tuple[list[str], list[Place]]:
    return [words for words, _ in dated.paragraphs], [place for _, place in dated.paragraphs]


def _redline(before: Dated, after: Dated) -> Redline:
    (old, old_places), (new, new_places) = _texts(before), _texts(after)
    return redline_of_paragraphs(old, new, old_places, new_places)


def hunks_record(found: Redline) -> dict[str, Any]:
    """A redline's counts and hunks with their kinds and call-outs; all are counted, and as many kept as the bounds
    allow."""
    page = found.json()
    kept: list[dict[str, Any]] = []
    letters = 0
    for hunk in found.hunks[:MOST_HUNKS]:
        letters += len(hunk.old) + len(hunk.new)
        if letters > MOST_LETTERS:
            break
        kept.append(_hunk(hunk))
    counts = {name: page[name] for name in ("added", "removed", "changed", "moved")}
    return {**counts, "hunks": kept, "left_out": len(found.hunks) - len(kept)}


def _hunk(hunk: Hunk) -> dict[str, Any]:
    return {
        "kind": hunk.kind.value,
        "where": hunk.where,
        "old": hunk.old,
        "new": hunk.new,
        "words": [[operation, text] for operation, text in hunk.words],
        "callouts": [[found.before, found.after] for found in callouts(hunk)],
    }
