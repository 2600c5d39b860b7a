"""The Federal Register's documents API v1 (www.federalregister.gov/developers/documentation/api/v1), without a key."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, ClassVar
from urllib.parse import urlsplit

from pydantic import field_validator

from bot.fetch.exchange import Answer, Request
from bot.model import Assessment, Document, State, Trust
from bot.sources.base import Bookmark, Reading, Source
from bot.sources.canonical import canonical_link
from bot.sources.full_text import read_full_text
from bot.sources.kinds.feed import language_of
from bot.sources.plain_text import summary_of, title_of
from bot.sources.register import HOST, day, details_of, listed, named_types, number_in, page_of, state_of, string

DOCUMENTS = f"{HOST}/api/v1/documents.json"
PER_PAGE = 100
LONG_PAUSE = timedelta(days=5)
"""After so long a pause the newest page may not reach back to what is known. A long weekend is no pause."""
LISTED_LATE = timedelta(days=7)

# Named one by one: a name that the API does not know is answered with 400, and what is not asked for (page views)
# cannot change a document's digest.
FIELDS = (
    "abstract", "action", "agencies", "cfr_references", "citation", "comments_close_on", "correction_of", "dates",
    "docket_ids", "document_number", "effective_on", "executive_order_number", "full_text_xml_url", "html_url",
    "pdf_url", "presidential_document_number", "proclamation_number", "publication_date", "raw_text_url",
    "regulation_id_numbers", "significant", "signing_date", "subtype", "title", "type",
)  # fmt: skip


class FederalRegister(Source, kind="federal_register"):
    """Documents of the Federal Register, newest first; after a pause oldest first, from where the last poll ended.

    `agencies` are slugs (`industry-and-security-bureau`), any of them; `term` is full text, or a list of which each is
    asked for by itself (the word OR inside a term acts like AND); `types` the publisher's own ("Rule") or the API's
    names (RULE). Page 2 and later come as `Reading.more`.
    """

    official_numbers: ClassVar[bool] = True

    trust: Trust = Trust.OFFICIAL
    agencies: tuple[str, ...] = ()
    term: str | tuple[str, ...] | None = None
    types: tuple[str, ...] = ()

    @field_validator("types")
    @classmethod
    def _known_types(cls, types: tuple[str, ...]) -> tuple[str, ...]:
        return named_types(types)

    def requests(self) -> Iterator[Request]:
        return self._searches("newest")

    def resume(self, bookmark: Bookmark) -> Iterator[Request]:
        """The newest documents; after a pause, or where a poll did not reach its end, all since then, oldest first."""
        if not self.catches_up(bookmark):
            return self.requests()
        address = bookmark.cursor.get("next")
        if isinstance(address, str) and (page := self._next(address)) is not None:
            return iter((page,))
        return self._searches("oldest", ("conditions[publication_date][gte]", self._since(bookmark)))

    def catches_up(self, bookmark: Bookmark) -> bool:
        if bookmark.cursor.get("since"):
            return True
        return bookmark.last_success is not None and bookmark.at - bookmark.last_success > LONG_PAUSE

    def cursor_after(self, bookmark: Bookmark, rest: Request | None) -> dict[str, Any]:
        """Nothing when the end was reached; else from which day on to catch up, and the page to go on at. The search is
        of one term only: of several each would need an address of its own, and they begin again at the day."""
        if rest is None:
            return {}
        on = {"next": rest.url} if self.catches_up(bookmark) and len(self._terms()) == 1 else {}
        return {"since": self._since(bookmark), **on}

    def _since(self, bookmark: Bookmark) -> str:
        """The day from which to catch up: some days early, since documents may be listed late."""
        kept = bookmark.cursor.get("since")
        if isinstance(kept, str) and day(kept) is not None:
            return kept
        return ((bookmark.last_success or bookmark.at).date() - LISTED_LATE).isoformat()

    def _terms(self) -> tuple[str | None, ...]:
        if isinstance(self.term, tuple):
            return self.term or (None,)
        return (self.term or None,)

    def _searches(self, order: str, *more: tuple[str, str]) -> Iterator[Request]:
        conditions = [("conditions[agencies][]", agency) for agency in self.agencies]
        conditions += [("conditions[type][]", name) for name in self.types]
        page = [*more, ("order", order), ("per_page", str(PER_PAGE)), *(("fields[]", name) for name in FIELDS)]
        for term in self._terms():
            about = [("conditions[term]", term)] if term else []
            yield Request(self.url or DOCUMENTS, params=(*conditions, *about, *page), max_bytes=self.max_bytes)

    def read(self, answer: Answer) -> Reading:
        """The documents in one answer. A search without matches has no `results` key at all.

        Raises SourceError `not_json`, `challenge`, `not_the_register` (JSON of another kind), `refused` (the service's
        own words).
        """
        page = page_of(answer)
        results = [entry for entry in listed(page.get("results")) if isinstance(entry, dict)]
        found = [document for entry in results if (document := self._document(entry)) is not None]
        return Reading(
            documents=_each_once(found),
            more=self._next(page.get("next_page_url")),
            warnings=("without_number",) if len(found) < len(results) else (),
        )

    def follow_up(self, document: Document, assessment: Assessment) -> Request | None:
        """The full text of what is relevant, and of what a president signed: that comes without an abstract."""
        if not assessment.relevant and document.kind != "Presidential Document":
            return None
        stated = document.details.get("full_text_xml_url") or document.details.get("raw_text_url")
        address = stated if isinstance(stated, str) else ""
        if not address and isinstance(document.published, date):
            address = f"{HOST}/documents/full_text/xml/{document.published:%Y/%m/%d}/{document.key}.xml"
        own = urlsplit(address).hostname == urlsplit(self.url or HOST).hostname
        return Request(address, max_bytes=self.max_bytes) if own else None

    def read_follow_up(self, document: Document, answer: Answer) -> Mapping[str, Any]:
        corrects = document.state is State.CORRECTED
        return read_full_text(answer, needs_lead=not document.summary, corrects=corrects)

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


def _each_once(found: list[Document]) -> tuple[Document, ...]:
    """Each document once. In old issues two documents may have one number: the second is told apart by its day."""
    first: dict[str, Document] = {}
    for document in found:
        same = first.setdefault(document.key, document)
        if same.published != document.published and document.published is not None:
            key = f"{document.key}@{document.published}"
            first.setdefault(key, replace(document, key=key, aliases=document.aliases[1:]))
    return tuple(first.values())
