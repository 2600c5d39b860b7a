"""Drafts: an official document that names days or parts of the EAR, as an event that waits for a maintainer."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from bot.clock import day_of
from bot.knowledge.deadlines import Deadline, Due, deadlines_of
from bot.knowledge.entry import to_toml
from bot.knowledge.event import Citation, Event
from bot.model import FOLLOWED, Assessment, Document, State, Trust

_EAR = re.compile(r"\b15\s*CFR\s*(?:Parts?\s*)?(7[3-7]\d)\b", re.IGNORECASE)
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
        amends = f"; amends 15 CFR {', '.join(self.parts)}" if self.parts else ""
        head = f"# Draft from {origin}{amends}. In force only when recorded."
        return f"{head}\n# To be decided: {', '.join(self.missing)}.\n{to_toml([self.event])}"


def draft_of(document: Document, assessment: Assessment) -> Draft | None:
    """The draft event of a document, None when it is none that a ledger waits for.

    Needed are an official publisher, a day of publication, and either a day that the document names (of effect, expiry,
    compliance or comments) or a part of the Export Administration Regulations, 15 CFR 730 to 774. What only lies on the
    inspection desk, or was taken back, waits for nothing yet.
    """
    if assessment.trust is not Trust.OFFICIAL or document.published is None or not document.url:
        return None
    if not document.url.startswith("https://") or document.state in (State.SCHEDULED, State.WITHDRAWN):
        return None
    parts = _parts(document.details)
    days = {deadline.due: deadline for deadline in deadlines_of(document)}
    if not parts and not days:
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
        effective=days[Due.EFFECTIVE].day if Due.EFFECTIVE in days else None,
        until=_end(days),
        actors=("BIS",) if _is_bis(document.details) else (),
        chips=assessment.chips,
        origin=assessment.origin,
        destinations=assessment.destinations,
        direction=_DIRECTIONS.get(str(assessment.direction), "clarifies"),
        confidence="uncertain",
        note=_note(document.details, days),
    )
    missing = ["summary in own words", "effects", "links", "confidence"]
    missing += [] if Due.EFFECTIVE in days else ["effective"]
    return Draft(event, document.source, document.key, parts, tuple(missing))


def _end(days: Mapping[Due, Deadline]) -> date | None:
    """The last bound of an event is exclusive; a document names the last day that still counts (9999 is none)."""
    ends, begins = days.get(Due.EXPIRES), days.get(Due.EFFECTIVE)
    if ends is None or ends.day == date.max or (begins is not None and ends.day < begins.day):
        return None
    return ends.day + timedelta(days=1)


def _note(details: Mapping[str, object], days: Mapping[Due, Deadline]) -> str:
    """What was read besides, for whoever decides."""
    said = ["Drafted from the document's own data; nobody has read it yet."]
    said += [
        f"{due.value.capitalize()} due {days[due].day.isoformat()}."
        for due in (Due.COMMENTS, Due.COMPLIANCE)
        if due in days
    ]
    said += [
        f"The publisher's field says {deadline.contradicts} where the text says {deadline.day} ({deadline.due})."
        for deadline in days.values()
        if deadline.contradicts
    ]
    if numbers := _listed(details, "eccns"):
        said.append(f"Names ECCN {', '.join(numbers[:12])}.")
    return " ".join(said)


def _listed(details: Mapping[str, object], name: str) -> list[str]:
    """A list of the record and of the full text together."""
    added = details.get(FOLLOWED)
    lists = (details.get(name), added.get(name) if isinstance(added, Mapping) else None)
    texts = [text for found in lists if isinstance(found, list | tuple) for text in found if isinstance(text, str)]
    return list(dict.fromkeys(texts))


def _parts(details: Mapping[str, object]) -> tuple[str, ...]:
    found = (match[1] for text in _listed(details, "cfr_references")[:100] for match in _EAR.finditer(text[:_MAX_READ]))
    return tuple(sorted({part for part in found if 730 <= int(part) <= 774}))


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
    if "tariff" in title or "adjusting imports" in title:
        return "tariff"
    if publisher == "presidential document":
        return "statement"
    if publisher.startswith("proposed"):
        return "draft_rule"
    return "rule" if publisher == "rule" else "guidance"


def _identity(day: date, number: str) -> str:
    plain = re.sub(r"[^a-z0-9.]+", "-", number.lower()[:40]).strip("-.") or "document"
    return f"{day.isoformat()}-fr-{plain}"
