"""The savings clause of a Federal Register notice: until when goods already under way may still arrive."""

from __future__ import annotations

import re

_CLAUSE = re.compile(r"savings\s+clause|en\s+route\s+aboard\s+a\s+carrier", re.IGNORECASE)
_DAY = r"(?:January|February|March|April|May|June|July|August|September|October|November|December)\s+\d{1,2},\s+\d{4}"
_UNTIL = re.compile(
    rf"\b(?:before|until|by|on\s+or\s+before|no\s+later\s+than)(?:\s+midnight,?)?(?:\s+on)?,?\s+({_DAY})", re.IGNORECASE
)
REACH = 2500
"""Characters behind the clause's beginning in which its dates are looked for."""


def savings_clause(text: str) -> str | None:
    """The last day of the savings clause as the notice prints it ("April 28, 2025"); None where it names none.

    A clause says that shipments under way on one day may proceed under the old rule until another: the later is meant,
    the one behind "before", "until" or "by".
    """
    for clause in _CLAUSE.finditer(text):
        found = _UNTIL.search(text, clause.start(), clause.start() + REACH)
        if found:
            return " ".join(found[1].split())
    return None
