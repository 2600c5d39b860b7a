"""The Federal Register's public inspection desk: documents one to three days before they are published (API v1).

Regular filings appear at 08:45 Eastern, special ones at 08:45, 11:15, 14:00, 16:15 and 18:00. From midnight to 08:45
the desk is closed and answers without a list, which takes nothing back.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, ClassVar
from urllib.parse import urlsplit

from pydantic import field_validator

from bot.clock import EASTERN, Moment, as_utc
from bot.fetch.exchange import Answer, Request
from bot.model import Assessment, Document, State, Trust
from bot.sources.base import Bookmark, Reading, Source
from bot.sources.canonical import canonical_link
from bot.sources.full_text import read_full_text
from bot.sources.kinds.feed import language_of
from bot.sources.plain_text import summary_of, title_of
from bot.sources.register import (
    HOST,
    TYPES,
    details_of,
    listed,
    named_types,
    number_in,
    page_of,
    state_of,
    string,
)
from bot.sources.register import day as day_in

CURRENT = f"{HOST}/api/v1/public-inspection-documents/current.json"
_LONGEST_NOTE = 1000
_OLDEST_COPY = timedelta(days=2)
_SCHEME = re.compile(r"[^a-z0-9]+")


class PublicInspection(Source, kind="public_inspection"):
    """What lies on the desk now. The service filters by agency for some questions only: the choice is made here.

    `agencies` are slugs (the desk names the issuing agency alone: the bureau, not its department), `term` words of the
    title or subject (any of a list), `types` the publisher's own ("Rule") or the API's names (RULE). Empty: everything.
    """

    official_numbers: ClassVar[bool] = True

    trust: Trust = Trust.OFFICIAL
    timezone: str = "America/New_York"
    agencies: tuple[str, ...] = ()
    term: str | tuple[str, ...] | None = None
    types: tuple[str, ...] = ()

    @field_validator("types")
    @classmethod
    def _known_types(cls, types: tuple[str, ...]) -> tuple[str, ...]:
        return named_types(types)

    def requests(self) -> Iterator[Request]:
        yield Request(self.url or CURRENT, max_bytes=self.max_bytes)

    def resume(self, bookmark: Bookmark) -> Iterator[Request]:
        """A shared cache hands out copies up to two hours old; a parameter that changes each minute passes it by, and
        all who ask in one minute still share an answer."""
        minute = int(bookmark.at.timestamp()) // 60 * 60_000
        yield Request(self.url or CURRENT, params=(("_", str(minute)),), max_bytes=self.max_bytes)

    def read(self, answer: Answer) -> Reading:
        """The documents on the desk, and which moment the answer describes.

        It is complete only as a list of what it says to count: the closed desk has no list, and an empty one takes
        nothing back. Raises SourceError `not_json`, `challenge`, `not_the_register`, `refused`.
        """
        page = page_of(answer)
        results = [entry for entry in listed(page.get("results")) if isinstance(entry, dict)]
        found = [(entry, document) for entry in results if (document := self._document(entry)) is not None]
        wanted = {document.key: document for entry, document in reversed(found) if self._is_wanted(entry, document)}
        count = page.get("count")
        return Reading(
            documents=tuple(document for _, document in found if wanted.get(document.key) is document),
            complete=bool(results) and count == len(results) and not page.get("next_page_url"),
            warnings=("without_number",) if len(found) < len(results) else (),
            as_of=_as_of(answer),
        )

    def left(self, document: Document, at: datetime, elsewhere: bool) -> bool:
        """A document leaves the desk when it is published: on its day, or when the Register lists it already."""
        if elsewhere:
            return False
        published = document.published
        day = as_utc(published).date() if isinstance(published, datetime) else published
        return day is None or at.astimezone(EASTERN).date() < day

    def follow_up(self, document: Document, assessment: Assessment) -> Request | None:
        """The text of what is relevant, as it was filed."""
        address = document.details.get("raw_text_url")
        own = isinstance(address, str) and urlsplit(address).hostname == urlsplit(self.url or HOST).hostname
        return Request(str(address), max_bytes=self.max_bytes) if own and assessment.relevant else None

    def read_follow_up(self, document: Document, answer: Answer) -> Mapping[str, Any]:
        return read_full_text(answer, needs_lead=False, corrects=document.state is State.CORRECTED)

    def _is_wanted(self, entry: Mapping[str, Any], document: Document) -> bool:
        if self.agencies and not _agencies(entry) & set(self.agencies):
            return False
        if self.types and TYPES.get((document.kind or "").lower(), "") not in self.types:
            return False
        words = (document.title, *(string(entry.get(name)) for name in ("subject_1", "subject_2", "subject_3")))
        said = "\n".join(words).casefold()
        terms = (self.term,) if isinstance(self.term, str) else self.term or ()
        return not terms or any(term.strip('"').casefold() in said for term in terms)

    def _document(self, entry: Mapping[str, Any]) -> Document | None:
        address = string(entry.get("html_url"))
        number = string(entry.get("document_number")) or number_in(address)
        if not number:
            return None
        record = {"filing_type": "regular", **entry}  # by which a record of the desk is told from a published one
        page = canonical_link(address) if address else ""
        title = title_of(string(entry.get("title")) or string(entry.get("subject_1")), markup=True)
        excerpt = summary_of(string(entry.get("excerpts")), markup=True)
        return Document(
            source=self.id,
            key=number,
            title=title,
            url=address or string(entry.get("pdf_url")) or None,
            published=day_in(entry.get("publication_date")),
            updated=_instant(entry.get("pdf_updated_at")),
            summary=excerpt,
            language=language_of(self.language) or "en",
            kind=string(entry.get("type")) or None,
            state=state_of(number, record),
            aliases=(f"fr:{number}", *((f"link:{page}",) if page else ())),
            details=_desk_details(number, record, f"{title}\n{excerpt}"),
        )


def _desk_details(number: str, entry: Mapping[str, Any], words: str) -> dict[str, object]:
    """What the desk states of a document. Left out is what changes while the document stays the same: page views, the
    size and date of the file, the issue that it was last listed in."""
    details = details_of(number, entry, words)
    stated = {
        "filing_type": string(entry.get("filing_type"))[:80],
        "filed_at": string(entry.get("filed_at")) if _instant(entry.get("filed_at")) else "",
        "publication_date": string(entry.get("publication_date")) if day_in(entry.get("publication_date")) else "",
    }
    details |= {name: value for name, value in stated.items() if value}
    if note := summary_of(string(entry.get("editorial_note")), markup=True):
        details["editorial_note"] = note[:_LONGEST_NOTE]
    return details


def _agencies(entry: Mapping[str, Any]) -> set[str]:
    """The slugs of a record's agencies; of one that has no slug the one that its name would have."""
    rows = [row for row in listed(entry.get("agencies")) if isinstance(row, dict)]
    slugs = {string(row.get("slug")) for row in rows}
    named = {_slug(string(row.get("name")) or string(row.get("raw_name"))) for row in rows if not row.get("slug")}
    return (slugs | named) - {""}


def _slug(name: str) -> str:
    plain = _SCHEME.sub("-", name.lower()).strip("-")
    return "industry-and-security-bureau" if plain == "bureau-of-industry-and-security" else plain


def _as_of(answer: Answer) -> datetime:
    """When the answer was made: a shared cache says how many seconds ago in `Age`."""
    age = answer.headers.get("age", "").strip()
    seconds = int(age) if age.isascii() and age.isdigit() and len(age) < 9 else 0
    return answer.at - min(timedelta(seconds=seconds), _OLDEST_COPY)


def _instant(value: Any) -> Moment | None:
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    if found is None or found.tzinfo is None:
        return None
    try:
        return as_utc(found)
    except OverflowError:
        return None
