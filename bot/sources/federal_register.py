"""The Federal Register's documents API v1 (www.federalregister.gov/developers/documentation/api/v1), without a key."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from pydantic import field_validator

from bot.fetch.exchange import Answer, Request
from bot.model import Document, Trust
from bot.sources.base import Reading, Source
from bot.sources.canonical import canonical_link
from bot.sources.feed import language_of
from bot.sources.plain_text import summary_of, title_of
from bot.sources.register import HOST, day, details_of, listed, named_types, number_in, page_of, state_of, string

DOCUMENTS = f"{HOST}/api/v1/documents.json"
PER_PAGE = 100

# Named one by one: a name that the API does not know is answered with 400, and what is not asked for (page views)
# cannot change a document's digest.
FIELDS = (
    "abstract", "action", "agencies", "cfr_references", "citation", "comments_close_on", "correction_of", "dates",
    "docket_ids", "document_number", "effective_on", "executive_order_number", "html_url", "pdf_url",
    "presidential_document_number", "proclamation_number", "publication_date", "regulation_id_numbers", "significant",
    "signing_date", "subtype", "title", "type",
)  # fmt: skip


class FederalRegister(Source, kind="federal_register"):
    """Documents of the Federal Register, newest first.

    `agencies` are slugs (`industry-and-security-bureau`), `term` full text (the word OR in it acts like AND: one source
    a term), `types` the publisher's own ("Rule") or the API's names (RULE). Page 2 and later come as `Reading.more`.
    """

    official_numbers: ClassVar[bool] = True

    trust: Trust = Trust.OFFICIAL
    agencies: tuple[str, ...] = ()
    term: str | None = None
    types: tuple[str, ...] = ()

    @field_validator("types")
    @classmethod
    def _known_types(cls, types: tuple[str, ...]) -> tuple[str, ...]:
        return named_types(types)

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
        page = page_of(answer)
        results = [entry for entry in listed(page.get("results")) if isinstance(entry, dict)]
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
        address = string(entry.get("html_url"))
        number = string(entry.get("document_number")) or number_in(address)
        if not number:
            return None
        page = canonical_link(address) if address else ""
        title = title_of(string(entry.get("title")), markup=True)
        summary = summary_of(string(entry.get("abstract")) or string(entry.get("excerpts")), markup=True)
        kind = string(entry.get("type"))
        return Document(
            source=self.id,
            key=number,
            title=title,
            url=address or None,
            published=day(entry.get("publication_date")),
            summary=summary,
            language=language_of(self.language) or "en",
            kind=kind or None,
            state=state_of(number, entry),
            aliases=(f"fr:{number}", *((f"link:{page}",) if page else ())),
            details=details_of(number, entry, f"{title}\n{summary}"),
        )
