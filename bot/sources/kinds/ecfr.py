"""The Electronic Code of Federal Regulations (www.ecfr.gov/developers/documentation/api/v1), without a key."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any
from urllib.parse import quote

from pydantic import field_validator

from bot.clock import iso
from bot.errors import SourceError
from bot.fetch.exchange import Answer, Request
from bot.model import Document, State, Trust
from bot.redline.record import redline_record
from bot.sources.base import Reading, Source
from bot.sources.challenge import refuse_challenge
from bot.sources.plain_text import summary_of, title_of

HOST = "https://www.ecfr.gov"
VERSIONER = f"{HOST}/api/versioner/v1"
EAR_PARTS = ("734", "736", "740", "742", "743", "744", "746", "748", "762", "770", "772", "774")
"""The parts of 15 CFR that carry the Export Administration Regulations' rules on chips, with their supplements."""

MOST_DATES = 24
"""Dates of a section that are kept with it."""


class Ecfr(Source, kind="ecfr"):
    """One document for each section and supplement of the watched parts, as it was last amended.

    A new (identifier, date) among the publisher's `versions` is an amendment; the texts at both dates are fetched then
    and compared. Nothing is taken while the publisher imports.
    """

    looks_further = True
    trust: Trust = Trust.OFFICIAL
    title: int = 15
    parts: tuple[str, ...] = EAR_PARTS

    @field_validator("parts", mode="before")
    @classmethod
    def _as_text(cls, parts: Any) -> Any:
        return [str(part) for part in parts] if isinstance(parts, list | tuple) else parts

    def requests(self) -> Iterator[Request]:
        """The state of the import, then the versions of each part. Conditions are bare parameters: the service answers
        400 to `conditions[...]`."""
        yield Request(f"{VERSIONER}/titles.json", max_bytes=self.max_bytes)
        for part in self.parts:
            yield Request(self._address("versions", "json"), params=(("part", part),), max_bytes=self.max_bytes)

    def _address(self, what: str, ending: str) -> str:
        return f"{VERSIONER}/{what}/title-{self.title}.{ending}"

    def read(self, answer: Answer) -> Reading:
        """The sections in one list of versions, or in one text. The list of titles only says whether to wait.

        Raises SourceError `challenge`, `not_json`, `refused` (the service's own words), `not_the_code`,
        `malformed_xml`, `entity_declaration`.
        """
        refuse_challenge(answer)
        if answer.body[:64].lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<":
            return self._read_text(answer)
        page = answer.json()
        if not isinstance(page, dict):
            raise SourceError("not_the_code", "the answer is no list of versions")
        if isinstance(page.get("titles"), list):
            meta = page.get("meta")
            return Reading(unready=isinstance(meta, dict) and meta.get("import_in_progress") is True)
        versions = page.get("content_versions")
        if not isinstance(versions, list):
            if page.get("error") or page.get("errors"):
                raise SourceError("refused", f"the Code says: {str(page.get('error') or page['errors'])[:200]}")
            raise SourceError("not_the_code", "the answer is no list of versions")
        return self._read_versions(versions)

    def _read_versions(self, versions: Sequence[Any]) -> Reading:
        of_section: dict[str, list[Mapping[str, Any]]] = {}
        left_out = 0
        for entry in versions:
            if isinstance(entry, dict) and _text(entry.get("identifier")) and _day(entry.get("date")):
                of_section.setdefault(_text(entry["identifier"]), []).append(entry)
            else:
                left_out += 1
        documents = tuple(self._section(identifier, entries) for identifier, entries in of_section.items())
        return Reading(documents=documents, warnings=("without_identifier",) if left_out else ())

    def _section(self, identifier: str, entries: list[Mapping[str, Any]]) -> Document:
        """A section as its newest version has it. The day of amendment may lie years before that of issue; the day of
        the version counts. Several entries of one day are one version."""
        entries.sort(key=lambda entry: (_text(entry.get("date")), _text(entry.get("issue_date"))))
        newest = entries[-1]
        dates: dict[str, bool] = {}
        for entry in entries:
            day = _text(entry["date"])
            dates[day] = dates.get(day, False) or entry.get("substantive") is not False
        kind, part = _text(newest.get("type")) or "section", _text(newest.get("part"))
        return Document(
            source=self.id,
            key=identifier,
            title=title_of(_text(newest.get("name")), markup=False) or identifier,
            url=self._page(identifier, kind, part),
            published=_day(newest["date"]),
            language="en",
            kind=kind,
            state=State.WITHDRAWN if newest.get("removed") is True else State.CURRENT,
            details={
                "part": part,
                "date": _text(newest["date"]),
                "dates": [[day, substantive] for day, substantive in list(dates.items())[-MOST_DATES:]],
            },
        )

    def _page(self, identifier: str, kind: str, part: str) -> str:
        place = f"part-{part}/appendix-{quote(identifier)}" if kind == "appendix" else f"section-{quote(identifier)}"
        return f"{HOST}/current/title-{self.title}/{place}"

    def _read_text(self, answer: Answer) -> Reading:
        """The sections of a text, one document each: what a file of the Code holds."""
        from bot.redline.sections import sections

        text = answer.text()
        if text.lstrip()[:15].lower().startswith(("<!doctype html", "<html")):
            refuse_challenge(answer, text)
            raise SourceError("not_the_code", "the answer is a page, no text of the Code")
        found = {
            section.identifier: Document(
                source=self.id,
                key=section.identifier,
                title=title_of(section.heading, markup=False) or section.identifier,
                url=answer.url or None,
                summary=summary_of(" ".join(section.body[:3]), markup=False),
                language="en",
                kind=section.kind,
            )
            for section in sections(text)
        }
        if not found:
            raise SourceError("not_the_code", "the text holds no section and no appendix")
        return Reading(documents=tuple(found.values()))

    def wanted(self, document: Document, before: Document | None) -> Sequence[Request]:
        """The section's text as it was and as it is; the day of a version may be asked for at once."""
        if not _is_news(document, before):
            return ()
        days = [_date_of(before), _date_of(document) if document.state is State.CURRENT else ""]
        return [self._text_request(document, day) for day in days if day]

    def _text_request(self, document: Document, day: str) -> Request:
        address = f"{VERSIONER}/full/{day}/title-{self.title}.xml"
        which = "appendix" if document.kind == "appendix" else "section"  # an appendix by its full label
        params = (("part", str(document.details.get("part", ""))), (which, document.key))
        return Request(address, params=params, max_bytes=self.max_bytes)

    def settled(
        self, document: Document, before: Document | None, answers: Sequence[Answer | None]
    ) -> tuple[Document, Mapping[str, object]]:
        """The document and its redline; the stored one where no new version was published."""
        if not _is_news(document, before):
            return (before or document), {}
        texts = [answer.text() if answer is not None else None for answer in answers]
        old = texts.pop(0) if _date_of(before) else ""
        new = texts.pop(0) if document.state is State.CURRENT else ""
        record = redline_record(document.key, old, new)
        record |= {"title": self.title, "old_date": _date_of(before) or None, "new_date": _date_of(document)}
        substantive = _substantive(document, before)
        record["substantive"] = substantive
        words = " ".join(str(hunk["new"] or hunk["old"]) for hunk in record["hunks"][:6])
        settled = Document(
            source=document.source,
            key=document.key,
            title=document.title,
            url=document.url,
            published=document.published,
            updated=document.updated,
            summary=summary_of(words, markup=False),
            language=document.language,
            kind=document.kind,
            state=document.state,
            details={**document.details, "substantive": substantive},
        )
        counts = {name: record[name] for name in ("added", "removed", "changed")}
        return settled, {"seat": _date_of(document), "substantive": substantive, **counts, "redline": record}


def _is_news(document: Document, before: Document | None) -> bool:
    """Whether a version was published since the stored one. A day listed again, with a later issue, is none."""
    if before is None:
        return True
    return _date_of(document) > _date_of(before) or (
        _date_of(document) == _date_of(before) and document.state is not before.state
    )


def _substantive(document: Document, before: Document | None) -> bool:
    """Whether any version since the stored one changes the law; what the publisher leaves open counts as substance."""
    since = _date_of(before)
    dates = document.details.get("dates")
    new = [bool(entry[1]) for entry in dates if str(entry[0]) > since] if isinstance(dates, list) else []
    return any(new) or not new


def _date_of(document: Document | None) -> str:
    return str(document.details.get("date", "")) if document is not None else ""


def _day(value: Any) -> date | None:
    try:
        return date.fromisoformat(value) if isinstance(value, str) and len(value) == 10 else None
    except ValueError:
        return None


def _text(value: Any) -> str:
    """A text, stripped; a day as ISO 8601; a number as its digits; anything else is nothing."""
    if isinstance(value, date):
        return iso(value) or ""
    return str(value).strip() if isinstance(value, str | int) and not isinstance(value, bool) else ""
