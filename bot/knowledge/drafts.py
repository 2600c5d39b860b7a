"""Drafts: an official document with a day of effect and a CFR part, as an event that waits for a maintainer."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from bot.clock import day_of
from bot.knowledge.entry import to_toml
from bot.knowledge.event import Citation, Event
from bot.model import Assessment, Document, Trust

_EAR = re.compile(r"\b15\s*CFR\s*(?:Parts?\s*)?(7[3-7]\d)\b", re.IGNORECASE)
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_WRITTEN_DAY = re.compile(rf"\b({'|'.join(_MONTHS)})\s{{1,3}}(\d{{1,2}}),?\s{{1,3}}(\d{{4}})\b")
_TAKES_EFFECT = re.compile(
    r"\b(?:is|are|becomes?|will be|shall be)\s+effective\b|\beffective\s+(?:date|on)\b", re.IGNORECASE
)
_MAX_READ = 4000

_DIRECTIONS = {"restricts": "restricts", "relaxes": "relaxes"}


@dataclass(frozen=True, slots=True)
class Draft:
    """An event with what could be read of a document. It is never in force: it has no effects and waits for a person.

    `parts` are the parts of 15 CFR that the document names; `missing` the fields that a maintainer has to decide.
    """

    event: Event
    source: str
    key: str
    parts: tuple[str, ...]
    missing: tuple[str, ...]

    def toml(self) -> str:
        """The draft as TOML, with remarks on what to decide; without the remarks it can be recorded as it is."""
        origin = " ".join("".join(c if c.isprintable() else " " for c in f"{self.source}, {self.key}").split())
        head = f"# Draft from {origin}; amends 15 CFR {', '.join(self.parts)}. In force only when recorded."
        return f"{head}\n# To be decided: {', '.join(self.missing)}.\n{to_toml([self.event])}"


def draft_of(document: Document, assessment: Assessment) -> Draft | None:
    """The draft event of a document, None when it is none that a ledger waits for.

    Needed are an official publisher, a day of publication, a day of effect (stated, or written in the `dates` section)
    and a part of the Export Administration Regulations, 15 CFR 730 to 774.
    """
    if assessment.trust is not Trust.OFFICIAL or document.published is None or not document.url:
        return None
    if not document.url.startswith("https://"):
        return None
    parts = _parts(document.details)
    effective = _effective(document.details)
    if not parts or effective is None:
        return None
    published = day_of(document.published)
    number = _stated(document.details, "document_number") or document.key
    citation = _stated(document.details, "citation")
    event = Event(
        id=_identity(published, number),
        title=document.title or number,
        announced=published,
        public_from=published,
        kind=_kind(document),
        summary=document.summary[:_MAX_READ] or document.title or number,
        citations=(Citation(citation or f"Federal Register document {number}", document.url, published),),
        effective=effective,
        actors=("BIS",) if _is_bis(document.details) else (),
        chips=assessment.chips,
        origin=assessment.origin,
        destinations=assessment.destinations,
        direction=_DIRECTIONS.get(str(assessment.direction), "clarifies"),
        confidence="uncertain",
        note="Drafted from the document's own data; nobody has read it yet.",
    )
    return Draft(
        event, document.source, document.key, parts, ("summary in own words", "effects", "links", "confidence")
    )


def _parts(details: Mapping[str, object]) -> tuple[str, ...]:
    references = details.get("cfr_references")
    texts = [text for text in references if isinstance(text, str)] if isinstance(references, list | tuple) else []
    found = (match[1] for text in texts[:100] for match in _EAR.finditer(text[:_MAX_READ]))
    return tuple(sorted({part for part in found if 730 <= int(part) <= 774}))


def _effective(details: Mapping[str, object]) -> date | None:
    """The stated day of effect, else the first day written after "is effective" in the `dates` section."""
    stated = _stated(details, "effective_on")
    if stated:
        try:
            return date.fromisoformat(stated[:10])
        except ValueError:
            return None
    words = _stated(details, "dates")[:_MAX_READ]
    says = _TAKES_EFFECT.search(words)
    written = _WRITTEN_DAY.search(words, says.end()) if says else None
    if written is None:
        return None
    try:
        return date(int(written[3]), _MONTHS.index(written[1]) + 1, int(written[2]))
    except ValueError:
        return None


def _stated(details: Mapping[str, object], name: str) -> str:
    value = details.get(name)
    return value.strip() if isinstance(value, str) else ""


def _is_bis(details: Mapping[str, object]) -> bool:
    agencies = details.get("agencies")
    rows = agencies if isinstance(agencies, list | tuple) else []
    return any(isinstance(row, Mapping) and "industry" in str(row.get("name", "")).lower() for row in rows)


def _kind(document: Document) -> str:
    title = document.title.lower()
    if "entity list" in title:
        return "entity_list_removal" if "remov" in title and "addition" not in title else "entity_list_addition"
    publisher = (document.kind or "").lower()
    if publisher.startswith("proposed"):
        return "draft_rule"
    return "rule" if publisher == "rule" else "guidance"


def _identity(day: date, number: str) -> str:
    plain = re.sub(r"[^a-z0-9.]+", "-", number.lower()[:40]).strip("-.") or "document"
    return f"{day.isoformat()}-fr-{plain}"
