"""Happenings that have nothing to do with one another, so that each becomes a story and a message of its own."""

from __future__ import annotations

import itertools
import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from bot.model import Document, Trust
from bot.pipeline.assess import assess
from bot.pipeline.stories import Fingerprint, StoryIndex, fingerprint
from bot.pipeline.stories.index import THRESHOLD

_CHIPS = ("H20", "H200", "H100", "A100", "A800", "H800", "B200", "B300", "GB200", "GB300", "B30A", "MI308", "MI325X",
          "MI300X", "RTX PRO 6000D", "L40S", "Gaudi 3", "MI250X", "GH200", "A40", "RTX 5090D", "H100 NVL")  # fmt: skip
_PLACES = ("China", "Saudi Arabia", "the UAE", "Russia", "India", "Malaysia", "Vietnam", "Turkey", "Kazakhstan",
           "Brazil", "Mexico", "Egypt", "Qatar", "Pakistan", "Armenia", "Kuwait", "Oman", "Thailand")  # fmt: skip
_ACTS = (
    "US bans {} exports to {}",
    "US requires a licence for {} exports to {}",
    "US issues licences for {} exports to {}",
    "US revokes licences for {} exports to {}",
    "US publishes a rule on {} exports to {}",
)
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
_UNLIKE = THRESHOLD - 0.15
"""Stricter than the editor's measure: what is nearly alike is no other happening either."""
_APART = timedelta(days=40)
"""Between the publishers' dates of two happenings: alike acts on one day are one story, rightly."""


@dataclass(slots=True)
class Happenings:
    """The same ones in the same order each time. Only such are told as start a story, by the pipeline's own measure."""

    _chance: random.Random = field(default_factory=lambda: random.Random(1))  # makes up names
    _told: list[StoryIndex] = field(default_factory=list)
    _at: datetime = field(default_factory=lambda: datetime.now(UTC))
    _acts: list[tuple[str, str, str]] = field(default_factory=lambda: list(itertools.product(_ACTS, _CHIPS, _PLACES)))

    def another(self, urgency: str) -> tuple[str, datetime]:
        """A title that will be judged `critical` or `high`, and its publisher's date, which may be years ago."""
        for _ in range(1000):
            act, chip, place = self._chance.choice(self._acts)
            title = f"{self._words(8)}: {act.format(chip, place)}, {self._words(4)}"
            document = Document("wire", str(len(self._told)), title, None, self._at)
            judged = assess(document, Trust.OFFICIAL)
            print_ = fingerprint(document, judged)
            if judged.severity.value == urgency and not any(self._tells(told, print_) for told in self._told):
                self._told.append(StoryIndex(threshold=_UNLIKE))
                self._told[-1].add(document.key, print_, self._at)
                published, self._at = self._at, self._at - _APART
                return title, published
        raise RuntimeError(f"nothing {urgency} is unlike the {len(self._told)} stories that were told")

    def _tells(self, told: StoryIndex, print_: Fingerprint) -> bool:
        """Whether a text tells the one story of an index. One for each: the editor's looks at the nearest dozen only,
        and which these are is chance where all are made of the same words."""
        return told.place(print_, self._at).story_id is not None

    def _words(self, count: int) -> str:
        """Words that no vocabulary knows."""
        return " ".join("".join(self._chance.sample(_SYLLABLES, 3)) for _ in range(count))
