"""What one poll came to: the changes that were taken in, what is told of them, and when the source is asked next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.model import Assessment, Change, Revision
from bot.store.notices import Notice


@dataclass(frozen=True, slots=True)
class TakenChange:
    """A change as it was taken in, with what it was judged to be and the story it went to."""

    change: Change
    assessment: Assessment
    story: str | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one poll came to. `rests` says why the source was not asked at all, `rests_anew` that it was until now."""

    source: str
    changes: tuple[TakenChange, ...] = ()
    rests: str | None = None
    rests_anew: bool = False
    notices: tuple[Notice, ...] = ()
    revisions: tuple[Revision, ...] = ()
    next_poll_at: datetime | None = None
    baseline: bool = False
    failed: bool = False
