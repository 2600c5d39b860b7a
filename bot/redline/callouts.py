"""Call-outs: the thresholds, dates and country groups that a redline replaces, for the line above it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.redline.redline import Hunk

_MONTH = r"(?:January|February|March|April|May|June|July|August|September|October|November|December)"
_FIGURE = re.compile(
    rf"{_MONTH}\s+\d{{1,2}},\s*\d{{4}}"
    rf"|\d{{1,2}}\.?\s+(?:{_MONTH}|Januar|Februar|März|Mai|Juni|Juli|Oktober|Dezember)\s+\d{{4}}"
    r"|\d{4}\s?年(?:\s?\d{1,2}\s?月(?:\s?\d{1,2}\s?日)?)?"
    r"|\d{4}-\d{2}-\d{2}"
    r"|\b[A-E]:\d\b"
    r"|\d+(?:[.,]\d+)*\s?%?"
)


@dataclass(frozen=True, slots=True)
class Callout:
    """A figure that was replaced: `before` is empty when it came, `after` when it went."""

    where: str
    before: str
    after: str

    def __str__(self) -> str:
        return f"{self.before or '∅'} → {self.after or '∅'}"


def callouts(hunk: Hunk) -> tuple[Callout, ...]:
    """The numbers, dates and country groups in the changed words of a paragraph, old beside new.

    Dates are read whole even where only the day changed. A paragraph that came or went as a whole has none.
    """
    if not (hunk.old and hunk.new) or hunk.old == hunk.new:
        return ()
    before, after = _touched(hunk, "-"), _touched(hunk, "+")
    found = []
    for at in sorted(before.keys() | after.keys()):
        gone, come = before.get(at, []), after.get(at, [])
        for k in range(max(len(gone), len(come))):
            one, other = gone[k] if k < len(gone) else "", come[k] if k < len(come) else ""
            if one != other:
                found.append(Callout(hunk.where, one, other))
    return tuple(found)


def _touched(hunk: Hunk, side: str) -> dict[int, list[str]]:
    """The figures of one side that overlap its changed words, by the number of the change they belong to."""
    text = ""
    spans: list[tuple[int, int, int]] = []
    change = 0
    for operation, words in hunk.words:
        if operation == "=":
            change += 1
        elif operation == side:
            spans.append((len(text), len(text) + len(words), change))
        if operation in ("=", side):
            text += words
    figures: dict[int, list[str]] = {}
    at = 0
    for found in _FIGURE.finditer(text):
        while at < len(spans) and spans[at][1] <= found.start():
            at += 1
        if at < len(spans) and spans[at][0] < found.end():
            figures.setdefault(spans[at][2], []).append(found[0].strip())
    return figures
