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
_MONTH = "|".join(rf"{month[:3]}(?:{month[3:]}|t?\.)?" for month in MONTHS)
_DAY = rf"({_MONTH})\s{{1,3}}(\d{{1,2}}),?\s{{1,3}}(\d{{4}})\b"
WRITTEN_DAY = re.compile(rf"\b{_DAY}")
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
            r"|enters? into force|(?:delayed|postponed) (?:from .{1,40}? )?(?:to|until))\b",
            re.IGNORECASE,
        ),
    ),
)
_DELAYED = re.compile(r"\b(?:delayed|postponed)\b.{0,80}?\b(?:to|until)\b(?! further notice)", re.IGNORECASE)
_OF_ANOTHER = re.compile(r"\beffective dates?\s+(?:of|for)\b", re.IGNORECASE)
_INDEFINITELY = re.compile(r"\b(?:delayed|postponed|stayed|suspended)\s+(?:indefinitely|until further notice)\b", re.I)
"""Said of the effective date of a rule, it leaves no day."""

_PUBLISHED = re.compile(
    r"\b(?:(?<!\bis )published|issued|dated|signed|(?:rule|notice|order|document|action)s? of)"
    r"(?:\s+(?!(?:is|are|was|will|shall|must|becomes?|takes?|enters?|effective|due|by|until|through|to|expires?)\b)"
    r"[^\s;]{1,30}){0,8}\s*\Z",
    re.IGNORECASE,
)
"""What stands before a day on which a text appeared: it names the text, nothing falls due on it."""
_LOOKED_BACK = 160

_TIME = (
    r"(?:(?:\d{1,2}(?::\d\d)?\s?[ap]\.?m\.?|noon|midnight)(?:,?\s\(?[A-Z][\w.]{0,10}(?:\s[A-Z]\w{0,10}){0,2}\)?)?,?"
    r"\s{1,3}(?:on\s{1,3})?)?"
)
_THROUGH = re.compile(
    r"\s?,?\s{1,3}(?:(?:and|but)\s{1,3})?(?:(?:will\s|shall\s)?remains?\s(?:in\s(?:effect|force)|effective)\s)?"
    rf"(?:through|until|till|to|ending|expir(?:es?|ing)|terminat(?:es?|ing))\s{{1,3}}(?:and\sincluding\s)?(?:on\s)?{_TIME}{_DAY}",
    re.IGNORECASE,
)
_BETWEEN = re.compile(rf"\s{{1,3}}and\s{{1,3}}{_TIME}{_DAY}", re.IGNORECASE)
_IS_BETWEEN = re.compile(rf"\bbetween\s{{1,3}}{_TIME}\Z", re.IGNORECASE)
_EFFECTIVE = dict(_CUES)[Due.EFFECTIVE]
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
        for due, day in _said(sentence):
            if due not in seen:
                seen.add(due)
                yield due, (day, " ".join(sentence.split()))


def _said(sentence: str) -> Iterator[tuple[Due, date]]:
    """What falls due by a sentence: one kind of thing ("comments on this rule, effective ..., are due by ..."), or the
    first and the last day of what is in force from the one to the other."""
    for due, cue in _CUES:
        says = cue.search(sentence)
        written = _day_after(sentence, says.end(), due) if says else None
        day = written_day(written) if written else None
        if day is None:
            continue
        period = _period(sentence) if due in (Due.EFFECTIVE, Due.EXPIRES) else None
        if period is None:
            yield due, day
        else:
            yield from zip((Due.EFFECTIVE, Due.EXPIRES), period, strict=True)
        return


def _day_after(sentence: str, place: int, due: Due) -> re.Match[str] | None:
    """The day that a cue means: the first behind it that no text was published on, or that to which it is delayed."""
    of_another = due is Due.EFFECTIVE and _OF_ANOTHER.search(sentence)
    if of_another and _INDEFINITELY.search(sentence, of_another.end()):
        return None
    first = next(_days(sentence, place), None)
    delayed = _DELAYED.search(sentence)
    if delayed and (first is None or of_another or delayed.start() < first.start()):
        return next(_days(sentence, delayed.end()), None)
    return first


def _days(sentence: str, place: int) -> Iterator[re.Match[str]]:
    """The days from a place on, without those on which a text was published."""
    before = 0
    for written in WRITTEN_DAY.finditer(sentence):
        at = written.start()
        if at >= place and not _PUBLISHED.search(sentence[max(before, at - _LOOKED_BACK) : at]):
            yield written
        before = written.end()


def _period(sentence: str) -> tuple[date, date] | None:
    """The first and the last day of what is effective from one to the other; None where no end is named."""
    says = _EFFECTIVE.search(sentence)
    if says is None or _DELAYED.search(sentence):
        return None
    first = next(_days(sentence, says.end()), None)
    if first is None:
        return None
    joint = _BETWEEN if _IS_BETWEEN.search(sentence[says.start() : first.start()]) else _THROUGH
    last = joint.match(sentence, first.end())
    begins, ends = written_day(first), written_day(last) if last else None
    return (begins, ends) if begins and ends and begins <= ends else None


def written_day(written: re.Match[str]) -> date | None:
    """The day that a match of `WRITTEN_DAY` means; None for one that does not exist."""
    try:
        month = next(at for at, name in enumerate(MONTHS, 1) if name.startswith(written[1][:3].title()))
        return date(int(written[3]), month, int(written[2]))
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
