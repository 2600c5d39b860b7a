"""What one record of the Federal Register states, published or still on the inspection desk: the same for both."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from bot.clock import Moment
from bot.errors import SourceError
from bot.fetch.exchange import Answer
from bot.model import State
from bot.sources.challenge import refuse_challenge

HOST = "https://www.federalregister.gov"
TYPES = {"rule": "RULE", "proposed rule": "PRORULE", "notice": "NOTICE", "presidential document": "PRESDOCU"}
"""What the answers call a type, in lower case, and what the request calls it."""

_STATED = (
    "document_number", "citation", "action", "dates", "effective_on", "comments_close_on", "signing_date", "subtype",
    "executive_order_number", "proclamation_number", "presidential_document_number", "correction_of", "pdf_url",
    "full_text_xml_url", "raw_text_url",
)  # fmt: skip
_CORRECTING_NUMBER = re.compile(r"[CRX]\d{1,2}-(?P<number>(?:19|20)?\d{2,4}-\d{1,6})$")
_CORRECTING_ACTION = re.compile(r"\bcorrect(?:ion|ing|s|ed)\b", re.IGNORECASE)
_REOPENING = re.compile(
    r"\b(?:reopen(?:ing|s|ed)?|exten(?:sion|ding|ds|ded)) (?:of )?(?:the )?(?:public )?comment", re.IGNORECASE
)
_ECCN = re.compile(r"\b\d[A-E]\d{3}(?:\.[a-z](?:\.\d{1,2})?)?(?![\w.]*\d)")
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_LONGEST_STATEMENT = 2000
_MOST_NAMED = 60


def page_of(answer: Answer) -> dict[str, Any]:
    """The page that an answer of the Register's API holds; a single document becomes a page of one.

    Raises SourceError `not_json`, `challenge`, `not_the_register` (JSON of another kind), `refused` (the service's own
    words).
    """
    refuse_challenge(answer)
    try:
        page = answer.json()
    except SourceError:
        refuse_challenge(answer, answer.text())
        raise
    if isinstance(page, dict) and "document_number" in page:
        return {"results": [page]}
    if not isinstance(page, dict) or not ({"results", "count"} & page.keys()):
        errors = page.get("errors") or page.get("error") if isinstance(page, dict) else None
        if errors:
            raise SourceError("refused", f"the Federal Register says: {str(errors)[:200]}")
        raise SourceError("not_the_register", "the answer is no list of Federal Register documents")
    return page


def named_types(types: tuple[str, ...]) -> tuple[str, ...]:
    """Types as the request names them. Raises ValueError for one that does not exist."""
    named = tuple(TYPES.get(name.strip().lower(), name.strip().upper()) for name in types)
    if unknown := set(named) - set(TYPES.values()):
        raise ValueError(f"there is no type {', '.join(sorted(unknown))}; known: {', '.join(TYPES.values())}")
    return named


def state_of(number: str, entry: Mapping[str, Any]) -> State:
    """`corrected` for what corrects or was corrected: C1- numbers, a stated relation, or an action that says so.

    A record of the inspection desk, where documents lie before they are published, is `scheduled`, or `withdrawn` when
    its editorial note says so.
    """
    if "filing_type" in entry:
        return State.WITHDRAWN if "withdraw" in string(entry.get("editorial_note")).lower() else State.SCHEDULED
    related = entry.get("correction_of") or entry.get("corrections")
    says_so = _CORRECTING_ACTION.search(string(entry.get("action"))) is not None
    return State.CORRECTED if _CORRECTING_NUMBER.match(number) or related or says_so else State.CURRENT


def details_of(number: str, entry: Mapping[str, Any], words: str) -> dict[str, object]:
    """What the Register states besides: nulls and empty lists left out, nothing that changes by being looked at.

    `words` are title and abstract, from which the ECCNs are read that the record has no field for.
    """
    details: dict[str, object] = {"document_number": number}
    for name in _STATED:
        if value := string(entry.get(name)):
            details[name] = value[:_LONGEST_STATEMENT]
    for name, also in (("docket_ids", "docket_numbers"), ("regulation_id_numbers", "")):
        values = [value for value in map(string, listed(entry.get(name)) or listed(entry.get(also))) if value]
        if values:
            details[name] = values[:_MOST_NAMED]
    if agencies := [agency for agency in map(agency_of, listed(entry.get("agencies"))) if agency]:
        details["agencies"] = agencies
    if references := [reference for reference in map(_reference, listed(entry.get("cfr_references"))) if reference]:
        details["cfr_references"] = references
    if isinstance(entry.get("significant"), bool):
        details["significant"] = entry["significant"]
    if found := eccns(words):
        details["eccns"] = found
    if goes_on := _continues(number, entry):
        details["continues"] = goes_on
    if _REOPENING.search(string(entry.get("action"))) or _REOPENING.search(words[:_LONGEST_STATEMENT]):
        details["reopening"] = True
    return details


def eccns(words: str) -> list[str]:
    """The export control classification numbers that a text names (`3A090`, `4A090.a`), each once, in its order."""
    return list(dict.fromkeys(match[0] for match in _ECCN.finditer(words)))[:_MOST_NAMED]


def _continues(number: str, entry: Mapping[str, Any]) -> list[str]:
    """The names of the documents that this one corrects: `C1-2026-16628` is about 2026-16628."""
    found = []
    if match := _CORRECTING_NUMBER.match(number):
        found.append(f"fr:{match['number']}")
    if corrected := string(entry.get("correction_of")):
        address = corrected.partition("?")[0].rstrip("/").removesuffix(".json")
        found.append(f"fr:{address.rpartition('/')[2]}")
    return [name for name in dict.fromkeys(found) if name != "fr:"]


def agency_of(agency: Any) -> dict[str, str]:
    """An agency's name and slug. One that the Register could not map has a raw name only, which differs by service."""
    if not isinstance(agency, dict):
        return {}
    name = string(agency.get("name")) or string(agency.get("raw_name"))
    slug = string(agency.get("slug"))
    return {**({"name": name} if name else {}), **({"slug": slug} if slug else {})}


def _reference(reference: Any) -> str:
    """A reference to the Code of Federal Regulations as it is cited: `15 CFR 744`."""
    if not isinstance(reference, dict):
        return ""
    title, part = string(reference.get("title")), string(reference.get("part"))
    return f"{title} CFR {part}" if title and part else ""


def number_in(address: str) -> str:
    """The document number in an address such as `/documents/2026/09/24/2026-19537/title`."""
    found = re.search(r"/(?:documents/\d{4}/\d{2}/\d{2}|public-inspection)/([A-Za-z0-9-]+)", address)
    return found[1] if found else ""


def day(value: Any) -> Moment | None:
    """A day as the API writes it; None for anything else."""
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


def listed(value: Any) -> list[Any]:
    """A list; anything else is an empty one."""
    return value if isinstance(value, list) else []


def string(value: Any) -> str:
    """A text, stripped (titles may end in blanks); a number as its digits; anything else is nothing.

    Half characters and control characters, which no store takes, are dropped.
    """
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    text = str(value)
    return (text if text.isprintable() else _UNSEEN.sub("", text)).strip()
