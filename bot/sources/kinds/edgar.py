"""Filings at the U.S. Securities and Exchange Commission: data.sec.gov/submissions, without a key.

The service wants a declared User-Agent with a contact, and at most 10 requests a second
(www.sec.gov/os/accessing-edgar-data).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, ClassVar
from urllib.parse import urljoin

from pydantic import Field, field_validator

from bot.errors import SourceError
from bot.fetch.exchange import Answer, Request
from bot.model import Assessment, Document, Trust
from bot.sources.base import Reading, Source
from bot.sources.canonical import canonical_link
from bot.sources.challenge import refuse_challenge
from bot.sources.edgar_items import name_of_items
from bot.sources.passages import passages
from bot.sources.plain_text import stated, summary_of, title_of

SUBMISSIONS = "https://data.sec.gov/submissions/CIK{cik:010d}.json"
ARCHIVES = "https://www.sec.gov/Archives/edgar/data"
PACE_S = 0.25
"""Seconds between two requests to each of the service's two hosts: 8 a second in all, 10 are allowed."""
LARGEST_FILING = 24 * 1024 * 1024
"""Bytes of a filing's own text; an annual report with its tagging takes some."""

_NAMES = {
    "10-K": "annual report",
    "10-Q": "quarterly report",
    "20-F": "annual report of a foreign issuer",
    "6-K": "report of a foreign issuer",
}
_TOLD = frozenset(("8-K", "10-K", "10-Q", "20-F", "6-K"))
"""The forms that tell something in words: their text is fetched. Those of trades in shares are lists of numbers."""
_WITH_EXHIBITS = frozenset(("8-K", "6-K"))
_LINK = re.compile(r"href\s{0,3}=\s{0,3}[\"'](?P<link>[^\"'<>\s]{1,260})[\"']", re.IGNORECASE)
_EXHIBIT = re.compile(r"ex[-_.]?(?:hibit)?[-_]?99", re.IGNORECASE)
"""A file that calls itself an exhibit 99: `chip-ex991.htm`, `d123dex991.htm`, `exhibit99-1.htm`."""
_LOOKED_AT = 1_000_000
MOST_PASSAGES = 5
_COLUMNS = ("accessionNumber", "filingDate", "reportDate", "form", "items", "primaryDocument", "primaryDocDescription")


class Edgar(Source, kind="edgar"):
    """A company's filings, newest first. `cik` is its number at the SEC, `forms` the types ("8-K"; empty: all), each
    with its amendments ("8-K/A"), which are filings of their own."""

    NEEDS_CONTACT: ClassVar[bool] = True
    official_numbers: ClassVar[bool] = True
    LOOSE: ClassVar[Mapping[str, Any]] = {"cik": 0}

    trust: Trust = Trust.COMPANY
    cik: int = Field(ge=0, lt=10**10)
    forms: tuple[str, ...] = ()
    max_bytes: int = Field(default=LARGEST_FILING, ge=1024)

    @field_validator("forms")
    @classmethod
    def _as_the_service_spells(cls, forms: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(form.strip().upper() for form in forms)

    def requests(self) -> Iterator[Request]:
        yield Request(self.url or SUBMISSIONS.format(cik=self.cik), max_bytes=self.max_bytes, pace=PACE_S)

    def read(self, answer: Answer) -> Reading:
        """The filings in one answer, newest first; a file of older ones, whose arrays lie at the top, will do as well.

        The answer is columnar: parallel arrays, where a missing text is "". Raises SourceError `challenge` (undeclared
        traffic), `not_edgar`, `columns_differ` (arrays that do not fit together say whose filing is whose no more).
        """
        refuse_challenge(answer)
        try:
            page = answer.json()
        except SourceError as error:
            refuse_challenge(answer, answer.text())
            raise SourceError("not_edgar", "the answer is no JSON: EDGAR has nothing under this number") from error
        filings = page.get("filings") if isinstance(page, dict) else None
        columns = filings.get("recent") if isinstance(filings, dict) else page
        if not isinstance(columns, dict) or not isinstance(columns.get("accessionNumber"), list):
            raise SourceError("not_edgar", "the answer is no list of a company's filings")
        company = title_of(stated(page.get("name")), markup=False)
        cik = _number(page.get("cik")) or self.cik
        rows = [row for row in _rows(columns) if self._wants(row["form"])]
        found: dict[str, Document] = {}
        for row in rows:
            if row["accessionNumber"]:
                found.setdefault(row["accessionNumber"], self._document(row, company, cik))
        return Reading(
            documents=tuple(found.values()),
            warnings=("without_number",) if any(not row["accessionNumber"] for row in rows) else (),
        )

    def _wants(self, form: str) -> bool:
        return not self.forms or form.upper().removesuffix("/A") in self.forms or form.upper() in self.forms

    def _document(self, row: Mapping[str, str], company: str, cik: int) -> Document:
        number, form = row["accessionNumber"], row["form"]
        folder = f"{ARCHIVES}/{cik}/{number.replace('-', '')}"
        index = f"{folder}/{number}-index.htm"
        url = f"{folder}/{row['primaryDocument']}" if _is_file_name(row["primaryDocument"]) else index
        items = tuple(item.strip() for item in row["items"].split(",") if item.strip())
        details: dict[str, object] = {"form": form, "accession_number": number, "cik": cik}
        if company:
            details["company"] = company
        if row["reportDate"]:
            details["report_date"] = row["reportDate"]
        if items:
            details["items"] = list(items)
        return Document(
            source=self.id,
            key=number,
            title=title_of(_title(company or f"CIK {cik}", form, items, row), markup=False),
            url=url,
            published=_day(row["filingDate"]),
            summary=summary_of(_summary(row, items), markup=False),
            language="en",
            kind=form or None,
            aliases=(f"accession:{number}", *dict.fromkeys(f"link:{canonical_link(link)}" for link in (index, url))),
            details=details,
        )

    def follow_up(self, document: Document, assessment: Assessment) -> Request | None:
        """The filing's own text, where the form has words: its title says nothing of what is in it."""
        told = (document.kind or "").removesuffix("/A") in _TOLD
        if not told or not document.url or document.url.endswith("-index.htm"):
            return None
        return Request(document.url, max_bytes=self.max_bytes, pace=PACE_S)

    def read_follow_up(self, document: Document, answer: Answer) -> Mapping[str, Any]:
        """The passages of the filing that speak of export, licences or China: assessed, and the first is quoted."""
        refuse_challenge(answer)
        return _told(document, passages(answer.text()))

    def attached(self, document: Document, answer: Answer) -> Sequence[Request]:
        """The exhibits 99 of an 8-K or 6-K, in the filing's own folder: the press release says what the form does not
        (Regulation S-K, 17 CFR 229.601(b)(99))."""
        if (document.kind or "").removesuffix("/A") not in _WITH_EXHIBITS or not document.url:
            return ()
        names = _exhibits(answer.text(), document.url)
        return [Request(name, max_bytes=self.max_bytes, pace=PACE_S) for name in names]

    def with_attached(
        self, document: Document, values: Mapping[str, Any], answers: Sequence[Answer]
    ) -> Mapping[str, Any]:
        """The passages of the filing, then those of its exhibits."""
        found = list(values.get("passages", ()))
        for answer in answers:
            refuse_challenge(answer)
            found += [passage for passage in passages(answer.text()) if passage not in found]
        return _told(document, tuple(found[:MOST_PASSAGES]))


def _told(document: Document, found: Sequence[str]) -> dict[str, Any]:
    if found:
        lead = summary_of("\n".join((document.summary, *found)), markup=False)
        return {"lead": lead, "quote": found[0], "passages": list(found)}
    return {}


def _exhibits(text: str, address: str) -> list[str]:
    """The addresses of the exhibits 99 that a filing links, each once; only those in its own folder."""
    folder = address.rpartition("/")[0] + "/"
    found: dict[str, None] = {}
    for match in _LINK.finditer(text[:_LOOKED_AT]):
        link = urljoin(address, match["link"])
        name = link.removeprefix(folder)
        own = link.startswith(folder) and _is_file_name(name) and link != address
        if own and _EXHIBIT.search(name):
            found.setdefault(link)
    return list(found)


def _rows(columns: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    """The filings, one by one. Raises SourceError `columns_differ`."""
    arrays = {name: columns[name] for name in _COLUMNS if isinstance(columns.get(name), list)}
    lengths = {len(array) for array in arrays.values()}
    if len(lengths) > 1:
        raise SourceError("columns_differ", f"the filings' arrays have {', '.join(map(str, sorted(lengths)))} rows")
    for at in range(lengths.pop() if lengths else 0):
        yield {name: stated(arrays[name][at]) if name in arrays else "" for name in _COLUMNS}


def _title(company: str, form: str, items: tuple[str, ...], row: Mapping[str, str]) -> str:
    base, amended = form.removesuffix("/A"), form.endswith("/A")
    told = name_of_items(items) if base == "8-K" else _NAMES.get(base, "")
    if not told and row["primaryDocDescription"].upper() not in ("", form, f"FORM {form}"):
        told = row["primaryDocDescription"]
    if base in ("10-K", "10-Q", "20-F") and row["reportDate"]:
        told += f" for the period to {row['reportDate']}"
    named = f"form {form}" if base.isdigit() else form
    return f"{company}, {named}{' (amendment)' if amended else ''}{': ' if told else ''}{told}"


def _summary(row: Mapping[str, str], items: tuple[str, ...]) -> str:
    named = [f"Item {item}: {name_of_items((item,))}." for item in items if name_of_items((item,))]
    return " ".join(named) or (f"Report for {row['reportDate']}." if row["reportDate"] else "")


def _is_file_name(text: str) -> bool:
    """A file in the filing's own folder, or one step below (the rendered form of an XML)."""
    return bool(text) and text.isprintable() and " " not in text and ".." not in text and not text.startswith("/")


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None


def _number(value: Any) -> int:
    text = stated(value)
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 10 else 0
