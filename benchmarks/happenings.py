"""Happenings that have nothing to do with one another, so that each becomes a story and a message of its own."""

from __future__ import annotations

import itertools
import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from bot.model import Document, Trust
from bot.pipeline.assess import assess
from bot.pipeline.stories import StoryIndex, fingerprint

_CHIPS = ("H200", "B200", "H100", "MI300X", "A100", "MI325X", "Gaudi 3", "L40S", "GB200", "H800")
_PLACES = ("India", "Malaysia", "Saudi Arabia", "Vietnam", "Thailand", "Singapore", "Indonesia", "Turkey", "Kazakhstan",
           "Brazil", "Mexico", "Egypt", "Qatar", "Pakistan", "Armenia", "Kuwait", "Oman")  # fmt: skip
_ACTS = {"critical": "US bans {} exports to {}", "high": "US revokes licences for {} exports to {}"}
"""What is judged to be so urgent, for most chips and places."""
_SYLLABLES = (
    "ka",
    "ro",
    "mi",
    "tel",
    "van",
    "sor",
    "qui",
    "lun",
    "bex",
    "dor",
    "zan",
    "pel",
    "gri",
    "ost",
    "hul",
    "fen",
)
_APART = timedelta(days=40)
"""Between the publishers' dates of two happenings: alike acts on one day are one story, rightly."""


@dataclass(slots=True)
class Happenings:
    """The same ones in the same order each time. Only such are told as start a story, by the pipeline's own measure."""

    _chance: random.Random = field(default_factory=lambda: random.Random(1))  # makes up names
    _index: StoryIndex = field(default_factory=lambda: StoryIndex(threshold=0.7))
    """Stricter than the editor's: what is nearly alike is no other happening either."""
    _at: datetime = field(default_factory=lambda: datetime.now(UTC))
    _pairs: list[tuple[str, str]] = field(default_factory=lambda: list(itertools.product(_CHIPS, _PLACES)))
    _told: int = 0

    def another(self, urgency: str) -> tuple[str, datetime]:
        """A title that will be judged `critical` or `high`, and its publisher's date, which may be years ago."""
        for _ in range(1000):
            chip, place = self._chance.choice(self._pairs)
            title = f"{self._words(8)}: {_ACTS[urgency].format(chip, place)}, {self._words(4)}"
            document = Document("wire", str(self._told), title, None, self._at)
            judged = assess(document, Trust.OFFICIAL)
            print_ = fingerprint(document, judged)
            if judged.severity.value == urgency and self._index.place(print_, self._at).story_id is None:
                self._index.add(document.key, print_, self._at)
                self._told += 1
                published, self._at = self._at, self._at - _APART
                return title, published
        raise RuntimeError(f"nothing {urgency} is unlike the {self._told} stories that were told")

    def _words(self, count: int) -> str:
        """Words that no vocabulary knows."""
        return " ".join("".join(self._chance.sample(_SYLLABLES, 3)) for _ in range(count))
