"""The days that a document itself names: when it binds, when it ends, until when comments and compliance are due. Pure.

What the publisher states in fields may contradict the document's own words: a reopened comment period keeps the first
one's field. The words are the act, the fields are somebody's reading of them: the words go first where they name a day.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bot.model import FOLLOWED, Document

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
WRITTEN_DAY = re.compile(rf"\b({'|'.join(MONTHS)})\s{{1,3}}(\d{{1,2}}),?\s{{1,3}}(\d{{4}})\b")
_MAX_READ = 4000
_LONGEST_QUOTE = 240


class Due(StrEnum):
    """What falls due on a day."""

    EFFECTIVE = "effective"
    COMPLIANCE = "compliance"
    COMMENTS = "comments"
    EXPIRES = "expires"


@dataclass(frozen=True, slots=True)
class Deadline:
    """One day that a document names. `words` are the sentence that says so, empty where a field does; `contradicts` is
    the day of the publisher's field where that says another."""

    due: Due
    day: date
    words: str = ""
    contradicts: date | None = None


_SENTENCE = re.compile(r"(?<=[a-z\d)\]])[.;]\s+(?=[A-Z(])")
_CUES: tuple[tuple[Due, re.Pattern[str]], ...] = (
    (
        Due.EXPIRES,
        re.compile(
            r"\b(?:expir(?:es?|ing|ation(?: date)?)|terminates?|sunsets?"
            r"|(?:remains?|(?:is|are|stays?)) (?:in (?:effect|force)|effective|suspended) (?:through|until|to)"
            r"|suspended (?:from .{1,40}? )?(?:through|until))\b",
            re.IGNORECASE,
        ),
    ),
    (
        Due.COMMENTS,
        re.compile(
            r"\bcomments?\b.{0,300}?\b(?:on or before|no later than|not later than|by|until|through|closes? on"
            r"|due(?: on| by)?|(?:is|are) (?:extended|reopened) (?:to|until|through))\b",
            re.IGNORECASE,
        ),
    ),
    (
        Due.COMPLIANCE,
        re.compile(r"\bcompliance\b.{0,200}?\b(?:date|required|by|until|no later than|on|begins?)\b", re.IGNORECASE),
    ),
    (
        Due.EFFECTIVE,
        re.compile(
            r"\b(?:(?:is|are|becomes?|will be|shall be)\s+effective|effective\s+(?:date|on|as of)?|takes? effect"
            r"|enters? into force|delayed (?:from .{1,40}? )?(?:to|until))\b",
            re.IGNORECASE,
        ),
    ),
)
_DELAYED = re.compile(r"\bdelayed\b.{0,80}?\b(?:to|until)\b", re.IGNORECASE)
_FIELDS = {Due.EFFECTIVE: "effective_on", Due.COMMENTS: "comments_close_on"}


def deadlines_of(document: Document) -> tuple[Deadline, ...]:
    """The days that a document names, the earliest first; one for each kind, and nothing for a kind that names none.

    Read are the publisher's fields and the `dates` section, of the record or of the full text.
    """
    words = dict(_written(_dates_section(document.details)))
    found = []
    for due in Due:
        stated = _field(document.details, _FIELDS.get(due, ""))
        day, sentence = words.get(due, (None, ""))
        if day is None and stated is None:
            continue
        if due is Due.EFFECTIVE and stated is not None and not _DELAYED.search(sentence):
            day, sentence = (
                stated,
                sentence if day == stated else "",
            )  # a rule may take effect in parts: the field is it
        contradicts = stated if stated is not None and day is not None and stated != day else None
        found.append(Deadline(due, day or stated or date.min, sentence[:_LONGEST_QUOTE], contradicts))
    return tuple(sorted(found, key=lambda deadline: (deadline.day, deadline.due)))


def _written(section: str) -> Iterator[tuple[Due, tuple[date, str]]]:
    """The first day that each kind of sentence names; later ones are exceptions and repetitions."""
    seen: set[Due] = set()
    for sentence in _SENTENCE.split(section[:_MAX_READ]):
        for due, cue in _CUES:
            says = cue.search(sentence)
            day = _day_after(sentence, says.end()) if says else None
            if day is None:
                continue
            if due not in seen:
                seen.add(due)
                yield due, (day, " ".join(sentence.split()))
            break  # "comments on this rule, effective ..., are due by ..." is one kind of sentence


def _day_after(sentence: str, place: int) -> date | None:
    delayed = _DELAYED.search(sentence)
    written = WRITTEN_DAY.search(sentence, delayed.end() if delayed else place)
    return written_day(written) if written else None


def written_day(written: re.Match[str]) -> date | None:
    """The day that a match of `WRITTEN_DAY` means; None for one that does not exist."""
    try:
        return date(int(written[3]), MONTHS.index(written[1]) + 1, int(written[2]))
    except ValueError:
        return None


def _dates_section(details: Mapping[str, object]) -> str:
    added = details.get(FOLLOWED)
    for value in (details.get("dates"), added.get("dates") if isinstance(added, Mapping) else None):
        if isinstance(value, str) and value.strip():
            return value
    return ""


def _field(details: Mapping[str, object], name: str) -> date | None:
    value = details.get(name)
    try:
        return date.fromisoformat(value[:10]) if isinstance(value, str) else None
    except ValueError:
        return None
