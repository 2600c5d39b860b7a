"""What a story remembers of a document: few facts and hashes, enough to tell whether another tells the same."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

import orjson

from bot.cards.cutting import encodable
from bot.clock import day_of
from bot.knowledge.vocabulary import vocabulary
from bot.model import Assessment, Document
from bot.pipeline.assess.evidence import LEAD_LIMIT, TITLE_LIMIT, Evidence, read
from bot.pipeline.textdates import DATES, day_in

WORDS = 96
"""How many distinct words are kept of a document."""
UNPACKED = 128
"""How many fingerprints are kept as they were unpacked, some kilobytes each."""

_NUMBER = re.compile(
    r"(?:(?P<sign>[$€£¥]|s\$|us\$)\s?)?(?P<digits>\d{1,3}(?:[,.']\d{3})+|\d+(?:[.,]\d+)?)"
    r"(?:\s?(?P<unit>%|percent|per cent|prozent|million(?:en)?|mio|mil\b|m\b|bn\b|billions?|milliarden?|mrd|"
    r"thousand|tausend|万|亿|k\b))?"
)
_SCALES = {
    **dict.fromkeys(("million", "millionen", "mio", "mil", "m"), 1e6),
    **dict.fromkeys(("bn", "billion", "billions", "milliarden", "milliarde", "mrd"), 1e9),
    **dict.fromkeys(("thousand", "tausend", "k"), 1e3),
    "万": 1e4,
    "亿": 1e8,
}
_WORD = re.compile(r"[a-zà-ÿ]{4,}|[а-я]{4,}")
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]{2,}")
_NAME = re.compile(r"\b[A-Z][a-zà-ÿ]{3,}\b")


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """A document as stories see it. Built once; small; `record()` and `of_record()` carry it through JSON.

    `day` is the publisher's date as a day number or None; `dates` are days named in the text; `concepts` those of title
    and first sentence; `words` hashes of the words that the vocabulary does not know (of CJK text pairs of characters);
    `names` hashes of unknown names in Latin letters; `spots` places and persons, `named` rules and bills by
    name; `link` the address without its query.
    """

    source: str
    key: str
    day: int | None
    kind: str
    direction: str
    stage: str | None
    trust: int
    subject: str | None
    chips: frozenset[str]
    companies: frozenset[str]
    origin: frozenset[str]
    destinations: frozenset[str]
    concepts: frozenset[str]
    numbers: frozenset[str]
    dates: frozenset[int]
    words: frozenset[int]
    names: frozenset[int]
    title: frozenset[int]
    spots: frozenset[str]
    named: frozenset[str]
    script: str
    link: str

    def record(self) -> dict[str, Any]:
        """The fingerprint as JSON values, in a stable order."""
        found: dict[str, Any] = {}
        for name in self.__slots__:
            value = getattr(self, name)
            found[name] = sorted(value) if isinstance(value, frozenset) else value
        return found

    @classmethod
    def of_record(cls, record: Mapping[str, Any]) -> Fingerprint:
        """The inverse of `record`."""
        values: dict[str, Any] = {
            name: frozenset(value) if isinstance(value := record[name], list) else value for name in cls.__slots__
        }
        return cls(**values)

    def packed(self) -> str:
        """The fingerprint in a tenth of its memory, for `unpacked`. Text: what orjson gives holds on to 8 KiB."""
        return orjson.dumps(list(self.record().values())).decode()

    @staticmethod
    @lru_cache(UNPACKED)
    def unpacked(packed: str) -> Fingerprint:
        """The inverse of `packed`; the last ones are kept, since a story that grows is looked at again."""
        values: list[Any] = orjson.loads(packed)
        parts: list[Any] = [frozenset(value) if isinstance(value, list) else value for value in values]
        return Fingerprint(*parts)


def fingerprint(document: Document, assessment: Assessment) -> Fingerprint:
    """The fingerprint of an assessed document. Pure; cost is bounded by the part of the text that is read."""
    title, lead = document.title[:TITLE_LIMIT], document.summary[:LEAD_LIMIT]
    evidence = read(title, lead, vocabulary())
    text = evidence.folded.text
    published = document.published or document.updated
    return Fingerprint(
        source=encodable(document.source),
        key=encodable(document.key),
        day=day_of(published).toordinal() if published else None,
        kind=assessment.kind.value,
        direction=assessment.direction.value,
        stage=assessment.stage.value if assessment.stage else None,
        trust=assessment.trust.rank,
        subject=evidence.subject,
        chips=frozenset(assessment.chips),
        companies=frozenset(assessment.companies),
        origin=frozenset(assessment.origin),
        destinations=frozenset(assessment.destinations),
        concepts=_concepts(evidence),
        numbers=numbers_of(_unknown(evidence)),
        dates=dates_of(text),
        words=_hashes(_words(_unknown(evidence))),
        names=_hashes(_names(evidence)),
        title=_hashes(_words(text[: evidence.border])),
        spots=frozenset(m.concept for m in (*evidence.named("spots"), *evidence.named("persons"))),
        named=frozenset(m.concept for m in evidence.named("named")),
        script=_script(text, document.language),
        link=_link(document.url),
    )


def _concepts(evidence: Evidence) -> frozenset[str]:
    wanted = ("T.", "L.")
    return frozenset(
        name[2:] for name in evidence.features if name.startswith(wanted) and not name[2:].startswith("off.")
    )


def _unknown(evidence: Evidence) -> str:
    """The folded text without the words of the vocabulary: what is left tells one happening from another."""
    text = list(evidence.folded.text)
    for match in evidence.matches:
        if not match.concept.startswith("spots."):
            text[match.start : match.end] = " " * (match.end - match.start)
    return "".join(text)


def _names(evidence: Evidence) -> list[str]:
    """Names in Latin letters that the vocabulary does not know: of people, operations, firms."""
    given, folded = evidence.folded.given, _unknown(evidence)
    if evidence.folded.starts is None:
        given = "".join(char if folded[at] != " " else " " for at, char in enumerate(given[: len(folded)]))
    return sorted({name.casefold() for name in _NAME.findall(given)})[:48]


def _script(text: str, language: str | None) -> str:
    """The declared language where the script allows it, else the script: documents in one language share words."""
    sample = text[:400]
    if any("\u3040" <= char <= "\u30ff" for char in sample):
        return "ja"
    if any("\uac00" <= char <= "\ud7af" for char in sample):
        return "ko"
    if sum("\u3400" <= char <= "\u9fff" for char in sample) > 4:
        return "zh"
    if any("\u0400" <= char <= "\u04ff" for char in sample):
        return "ru"
    return (language or "en")[:2]


def numbers_of(text: str) -> frozenset[str]:
    """Numbers that identify: amounts, counts, shares. Years, small counts and parts of a chip's name are left out."""
    found = set()
    for match in _NUMBER.finditer(text[:2400]):
        before, after = text[max(0, match.start() - 1) : match.start()], text[match.end() : match.end() + 1]
        if (before.isalpha() and before < "\u2e80") or (after and "a" <= after <= "z"):
            continue
        digits, unit = match["digits"], match["unit"] or ""
        grouped = re.fullmatch(r"\d{1,3}(?:[,.']\d{3})+", digits)
        value = float(re.sub(r"[,.']", "", digits) if grouped else digits.replace(",", "."))
        if unit in ("%", "percent", "per cent", "prozent"):
            found.add(f"{value:g}%")
            continue
        value *= _SCALES.get(unit, 1)
        if value >= 32 and not (1990 <= value <= 2040 and not unit and not match["sign"]):
            found.add(f"{value:g}")
    return frozenset(sorted(found)[:16])


def dates_of(text: str) -> frozenset[int]:
    """Full dates named in a text, as day numbers."""
    days = (day_in(match) for pattern in DATES for match in pattern.finditer(text[:2400]))
    found = {day for day in days if day is not None}
    return frozenset(sorted(found)[:6])


def _words(text: str) -> list[str]:
    words = dict.fromkeys(_WORD.findall(text))
    for run in _CJK.findall(text):
        words.update(dict.fromkeys(run[at : at + 2] for at in range(len(run) - 1)))
    return list(words)[:WORDS]


def _hashes(words: list[str]) -> frozenset[int]:
    return frozenset(int.from_bytes(hashlib.blake2b(word.encode(), digest_size=4).digest(), "big") for word in words)


def _link(url: str | None) -> str:
    """The address without what only counts visitors; empty where there is none."""
    if not url:
        return ""
    try:
        parts = urlsplit(url[:2000])
    except ValueError:
        return ""
    host = (parts.hostname or "").removeprefix("www.")
    return encodable(f"{host}{parts.path.rstrip('/')}") if host else ""
