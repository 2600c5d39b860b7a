"""What can be cited on a day: nothing that was printed later."""

from __future__ import annotations

from datetime import date

from bot.knowledge.event import Citation


def readable_by(citations: tuple[Citation, ...], day: date | None, as_of: date) -> tuple[Citation, ...]:
    """The citations that were out on a day; all of them when no day is asked for.

    What has no date could be read when the evidence ended, on `as_of`. Before that day it stands in only where nothing
    dated does, because it may be younger; where everything is younger nothing is left.
    """
    if day is None:
        return citations
    dated = tuple(c for c in citations if (c.since or c.date or as_of) <= day)
    return dated or tuple(c for c in citations if c.since is None and c.date is None)
