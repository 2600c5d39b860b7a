"""The Federal Register's documents API v1 (www.federalregister.gov/developers/documentation/api/v1), without a key."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from pydantic import field_validator

from bot.clock import Moment
from bot.errors import SourceError
from bot.fetch.exchange import Answer, Request
from bot.model import Document, State, Trust
from bot.sources.base import Reading, Source
from bot.sources.canonical import canonical_link
from bot.sources.challenge import refuse_challenge
from bot.sources.feed import language_of
from bot.sources.plain_text import summary_of, title_of

HOST = "https://www.federalregister.gov"
DOCUMENTS = f"{HOST}/api/v1/documents.json"
PER_PAGE = 100
TYPES = {"rule": "RULE", "proposed rule": "PRORULE", "notice": "NOTICE", "presidential document": "PRESDOCU"}
"""What the answers call a type, in lower case, and what the request calls it."""

# Named one by one: a name that the API does not know is answered with 400, and what is not asked for (page views)
# cannot change a document's digest.
FIELDS = (
    "abstract", "action", "agencies", "cfr_references", "citation", "comments_close_on", "correction_of", "dates",
    "docket_ids", "document_number", "effective_on", "executive_order_number", "html_url", "pdf_url",
    "presidential_document_number", "proclamation_number", "publication_date", "regulation_id_numbers", "significant",
    "signing_date", "subtype", "title", "type",
)  # fmt: skip
_STATED = (
    "document_number", "citation", "action", "dates", "effective_on", "comments_close_on", "signing_date", "subtype",
    "executive_order_number", "proclamation_number", "presidential_document_number", "correction_of", "pdf_url",
)  # fmt: skip
_CORRECTING_NUMBER = re.compile(r"[CR]\d+-\d")
_CORRECTING_ACTION = re.compile(r"\bcorrect(?:ion|ing|s|ed)\b", re.IGNORECASE)
_LONGEST_STATEMENT = 2000


class FederalRegister(Source, kind="federal_register"):
    """Documents of the Federal Register, newest first.

    `agencies` are slugs (`industry-and-security-bureau`), `term` full text (the word OR in it acts like AND: one source
    a term), `types` the publisher's own ("Rule") or the API's names (RULE). Page 2 and later come as `Reading.more`.
    """

    trust: Trust = Trust.OFFICIAL
    agencies: tuple[str, ...] = ()
    term: str | None = None
    types: tuple[str, ...] = ()

    @field_validator("types")
    @classmethod
    def _known_types(cls, types: tuple[str, ...]) -> tuple[str, ...]:
        named = tuple(TYPES.get(name.strip().lower(), name.strip().upper()) for name in types)
        if unknown := set(named) - set(TYPES.values()):
            raise ValueError(f"there is no type {', '.join(sorted(unknown))}; known: {', '.join(TYPES.values())}")
        return named

    def requests(self) -> Iterator[Request]:
        conditions = [("conditions[agencies][]", agency) for agency in self.agencies]
        conditions += [("conditions[type][]", name) for name in self.types]
        conditions += [("conditions[term]", self.term)] if self.term else []
        page = [("order", "newest"), ("per_page", str(PER_PAGE)), *(("fields[]", name) for name in FIELDS)]
        yield Request(self.url or DOCUMENTS, params=(*conditions, *page), max_bytes=self.max_bytes)

    def read(self, answer: Answer) -> Reading:
        """The documents in one answer. A search without matches has no `results` key at all.

        Raises SourceError `not_json`, `challenge`, `not_the_register` (JSON of another kind), `refused` (the service's
        own words).
        """
        refuse_challenge(answer)
        try:
            page = answer.json()
        except SourceError:
            refuse_challenge(answer, answer.text())
            raise
        if isinstance(page, dict) and "document_number" in page:
            page = {"results": [page]}  # a single document
        if not isinstance(page, dict) or not ({"results", "count"} & page.keys()):
            errors = page.get("errors") or page.get("error") if isinstance(page, dict) else None
            if errors:
                raise SourceError("refused", f"the Federal Register says: {str(errors)[:200]}")
            raise SourceError("not_the_register", "the answer is no list of Federal Register documents")
        results = [entry for entry in _list(page.get("results")) if isinstance(entry, dict)]
        found = [document for entry in results if (document := self._document(entry)) is not None]
        first = {document.key: document for document in reversed(found)}
        return Reading(
            documents=tuple(document for document in found if first[document.key] is document),
            more=self._next(page.get("next_page_url")),
            warnings=("without_number",) if len(found) < len(results) else (),
        )

    def _next(self, address: Any) -> Request | None:
        """The next page, if the answer names one at the Register itself; a cache-buster in it is dropped."""
        own = (self.url or HOST).partition("://")[2].partition("/")[0]
        if not isinstance(address, str) or address.partition("://")[2].partition("/")[0] != own:
            return None
        return Request(re.sub(r"(?<=[?&])_=\d+(?:&|$)", "", address), max_bytes=self.max_bytes)

    def _document(self, entry: Mapping[str, Any]) -> Document | None:
        address = _string(entry.get("html_url"))
        number = _string(entry.get("document_number")) or _number_in(address)
        if not number:
            return None
        page = canonical_link(address) if address else ""
        summary = _string(entry.get("abstract")) or _string(entry.get("excerpts"))
        kind = _string(entry.get("type"))
        return Document(
            source=self.id,
            key=number,
            title=title_of(_string(entry.get("title")), markup=True),
            url=address or None,
            published=_day(entry.get("publication_date")),
            summary=summary_of(summary, markup=True),
            language=language_of(self.language) or "en",
            kind=kind or None,
            state=_state(number, entry),
            aliases=(f"fr:{number}", *((f"link:{page}",) if page else ())),
            details=_details(number, entry),
        )


def _state(number: str, entry: Mapping[str, Any]) -> State:
    """`corrected` for what corrects or was corrected: C1- numbers, a stated relation, or an action that says so.

    A record of the inspection desk, where documents lie before they are published, is `scheduled`, or `withdrawn` when
    its editorial note says so.
    """
    if "filing_type" in entry:
        return State.WITHDRAWN if "withdraw" in _string(entry.get("editorial_note")).lower() else State.SCHEDULED
    related = entry.get("correction_of") or entry.get("corrections")
    says_so = _CORRECTING_ACTION.search(_string(entry.get("action"))) is not None
    return State.CORRECTED if _CORRECTING_NUMBER.match(number) or related or says_so else State.CURRENT


def _details(number: str, entry: Mapping[str, Any]) -> dict[str, object]:
    """What the Register states besides: nulls and empty lists left out, nothing that changes by being looked at."""
    details: dict[str, object] = {"document_number": number}
    for name in _STATED:
        if value := _string(entry.get(name)):
            details[name] = value[:_LONGEST_STATEMENT]
    for name in ("docket_ids", "regulation_id_numbers"):
        if values := [value for value in map(_string, _list(entry.get(name))) if value]:
            details[name] = values
    if agencies := [agency for agency in map(_agency, _list(entry.get("agencies"))) if agency]:
        details["agencies"] = agencies
    if references := [reference for reference in map(_reference, _list(entry.get("cfr_references"))) if reference]:
        details["cfr_references"] = references
    if isinstance(entry.get("significant"), bool):
        details["significant"] = entry["significant"]
    return details


def _agency(agency: Any) -> dict[str, str]:
    """An agency's name and slug. One that the Register could not map has a raw name only, which differs by service."""
    if not isinstance(agency, dict):
        return {}
    name = _string(agency.get("name")) or _string(agency.get("raw_name"))
    slug = _string(agency.get("slug"))
    return {**({"name": name} if name else {}), **({"slug": slug} if slug else {})}


def _reference(reference: Any) -> str:
    """A reference to the Code of Federal Regulations as it is cited: `15 CFR 744`."""
    if not isinstance(reference, dict):
        return ""
    title, part = _string(reference.get("title")), _string(reference.get("part"))
    return f"{title} CFR {part}" if title and part else ""


def _number_in(address: str) -> str:
    """The document number in an address such as `/documents/2026/09/24/2026-19537/title`."""
    found = re.search(r"/documents/\d{4}/\d{2}/\d{2}/([A-Za-z0-9-]+)", address)
    return found[1] if found else ""


def _day(value: Any) -> Moment | None:
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _string(value: Any) -> str:
    """A text, stripped (titles may end in blanks); a number as its digits; anything else is nothing."""
    if isinstance(value, bool):
        return ""
    return str(value).strip() if isinstance(value, str | int) else ""
