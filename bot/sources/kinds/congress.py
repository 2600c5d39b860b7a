"""Bills of the United States Congress: api.congress.gov v3 (github.com/LibraryOfCongress/api.congress.gov).

A key of api.data.gov is needed; it goes in the header `X-Api-Key`, never into an address.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, ClassVar

from pydantic import Field, SecretStr, field_validator

from bot.errors import SourceError
from bot.fetch.exchange import Answer, Request
from bot.model import Document, Trust
from bot.sources.base import Reading, Source, Told
from bot.sources.challenge import refuse_challenge
from bot.sources.plain_text import stated, summary_of, title_of

HOST = "https://api.congress.gov"
PER_PAGE = "250"
MOST_ACTIONS = 12
DATA_GOV_HEADER = "X-Api-Key"
KEY_MISSING = "the service wants a key of api.data.gov: set fetch.data_gov_key (CHIPWATCH_FETCH__DATA_GOV_KEY)"

_CHAMBERS = {
    "HR": ("house-bill", "H.R."),
    "S": ("senate-bill", "S."),
    "HJRES": ("house-joint-resolution", "H.J.Res."),
    "SJRES": ("senate-joint-resolution", "S.J.Res."),
    "HCONRES": ("house-concurrent-resolution", "H.Con.Res."),
    "SCONRES": ("senate-concurrent-resolution", "S.Con.Res."),
    "HRES": ("house-resolution", "H.Res."),
    "SRES": ("senate-resolution", "S.Res."),
}
"""What the answers call a type: its name in the addresses of www.congress.gov, and in writing."""
_BILL = re.compile(r"([a-z]{1,7})[\s./]*0*(\d{1,5})")


class Congress(Source, kind="congress"):
    """Bills of one Congress: those of `bills` ("H.R. 2683", "hr/2683", "s1705"), or else all, the last touched first,
    those alone whose title has `term` in it where one is given (the service has no search).

    A bill is one document; each action of Congress is a change of it.
    """

    official_numbers: ClassVar[bool] = True
    looks_further: ClassVar[bool] = True
    LOOSE: ClassVar[Mapping[str, Any]] = {"congress": 1}

    trust: Trust = Trust.OFFICIAL
    congress: int = Field(ge=1, le=999)
    bills: tuple[str, ...] = ()
    term: str | None = None
    api_key: SecretStr | None = None

    @field_validator("bills")
    @classmethod
    def _types_and_numbers(cls, bills: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(_path_of(bill) for bill in bills)

    def rests(self, contact: str) -> str | None:
        return super().rests(contact) or (None if self.api_key else KEY_MISSING)

    def requests(self) -> Iterator[Request]:
        base = self.url or f"{HOST}/v3/bill/{self.congress}"
        headers = {DATA_GOV_HEADER: self.api_key.get_secret_value()} if self.api_key else {}
        for bill in self.bills:
            yield Request(f"{base}/{bill}", (("format", "json"),), headers, max_bytes=self.max_bytes)
        if not self.bills:
            listed = (("format", "json"), ("sort", "updateDate desc"), ("limit", PER_PAGE))
            yield Request(base, listed, headers, max_bytes=self.max_bytes)

    def read(self, answer: Answer) -> Reading:
        """The bills in one answer, a list or a single one; the next page as `more`.

        What moves with any touch of a record (`updateDate`) is left out: a change is an action, a title, a law. Raises
        SourceError `challenge`, `not_congress`, `refused` (in the service's own words), `not_json`.
        """
        refuse_challenge(answer)
        try:
            page = answer.json()
        except SourceError:
            refuse_challenge(answer, answer.text())
            raise
        if isinstance(page, dict) and "error" in page and not {"bill", "bills"} & page.keys():
            said = page["error"].get("message") if isinstance(page["error"], dict) else page["error"]
            raise SourceError("refused", f"Congress.gov says: {stated(said)[:200]}")
        if not isinstance(page, dict) or not isinstance(page.get("bill", page.get("bills")), list | dict):
            raise SourceError("not_congress", "the answer is no list of bills")
        listed = page["bills"] if isinstance(page.get("bills"), list) else [page.get("bill")]
        bills = [bill for bill in listed if isinstance(bill, dict)]
        found: dict[str, Document] = {}
        for bill in bills:
            document = self._document(bill)
            if document is not None and (not self.term or self.term.casefold() in document.title.casefold()):
                found.setdefault(document.key, document)
        numbered = sum(_identity(bill) is not None for bill in bills)
        return Reading(
            documents=tuple(found.values()),
            more=self._next(page.get("pagination")),
            warnings=("without_number",) if numbered < len(bills) else (),
        )

    def wanted(self, document: Document, before: Document | None) -> Sequence[Request]:
        """All actions of a bill that has moved: its record names the latest alone."""
        if before is None or _latest(document) == _latest(before):
            return ()
        congress, kind, number = document.key.split("-")
        headers = {DATA_GOV_HEADER: self.api_key.get_secret_value()} if self.api_key else {}
        base = (self.url or HOST).partition("/v3/")[0]
        address = f"{base}/v3/bill/{congress}/{kind}/{number}/actions"
        return [Request(address, (("format", "json"), ("limit", PER_PAGE)), headers, max_bytes=self.max_bytes)]

    def settled(
        self, document: Document, before: Document | None, answers: Sequence[Answer | None]
    ) -> tuple[Document, Mapping[str, object]]:
        """The bill with every action since the stored one, oldest first; what was told of it stays while it rests."""
        if before is None:
            return document, {}
        if _latest(document) == _latest(before):
            kept = {"actions": before.details["actions"]} if "actions" in before.details else {}
            return replace(document, summary=before.summary, details={**document.details, **kept}), {}
        found = _actions_since(answers[0] if answers else None, _latest(before))
        if len(found) < 2:
            return document, {}
        told = document.summary.partition(". ")[0]
        words = " ".join(f"{day}: {text}" for day, text in found)
        listed = [{"date": day, "text": text} for day, text in found]
        return replace(
            document,
            summary=summary_of(f"{told}. {words}", markup=False),
            details={**document.details, "actions": listed},
        ), {}

    def told(self, before: Document, now: Document) -> Told:
        """The bill's title with the actions that are new: a card quotes titles."""
        if _latest(before) == _latest(now) or not _latest(now)[1]:
            return Told(now)
        listed = now.details.get("actions")
        fresh = [stated(each.get("text")) for each in listed] if isinstance(listed, list) else [_latest(now)[1]]
        return Told(replace(now, title=title_of(f"{now.title}: {'; '.join(fresh)}", markup=False)))

    def _next(self, pagination: Any) -> Request | None:
        """The next page, at this service alone: its address comes with a blank in it and without the key."""
        address = stated(pagination.get("next")) if isinstance(pagination, dict) else ""
        own = (self.url or HOST).partition("://")[2].partition("/")[0]
        if address.partition("://")[2].partition("/")[0] != own:
            return None
        headers = {DATA_GOV_HEADER: self.api_key.get_secret_value()} if self.api_key else {}
        return Request(address.replace(" ", "+"), headers=headers, max_bytes=self.max_bytes)

    def _document(self, bill: Mapping[str, Any]) -> Document | None:
        identity = _identity(bill)
        if identity is None:
            return None
        congress, kind, number = identity
        path, written = _CHAMBERS[kind]
        action = bill.get("latestAction")
        action = action if isinstance(action, dict) else {}
        acted, text = stated(action.get("actionDate")), stated(action.get("text"))
        details: dict[str, object] = {"bill": f"{written} {number}", "congress": congress}
        if text:
            details["latest_action"] = {"date": acted, "text": text[:1000]}
        if laws := _laws(bill.get("laws")):
            details["laws"] = laws
        told = f"{written} {number}, {_ordinal(congress)} Congress."
        return Document(
            source=self.id,
            key=f"{congress}-{kind.lower()}-{number}",
            title=title_of(stated(bill.get("title")) or f"{written} {number}", markup=False),
            url=f"https://www.congress.gov/bill/{_ordinal(congress)}-congress/{path}/{number}",
            published=_day(bill.get("introducedDate")) or _day(acted),
            updated=_day(acted),
            summary=summary_of(f"{told} {acted}: {text}" if text else told, markup=False),
            language="en",
            kind=kind,
            aliases=(f"bill:{congress}-{kind.lower()}-{number}",),
            details=details,
        )


def _latest(document: Document) -> tuple[str, str]:
    action = document.details.get("latest_action")
    return (stated(action.get("date")), stated(action.get("text"))) if isinstance(action, Mapping) else ("", "")


def _actions_since(answer: Answer | None, last: tuple[str, str]) -> list[tuple[str, str]]:
    """The actions behind the last one that was told, oldest first; none where the answer holds none. The service lists
    an action once for each system that reports it."""
    if answer is None:
        return []
    try:
        page = answer.json()
    except SourceError:
        return []
    listed = page.get("actions") if isinstance(page, dict) else None
    found: dict[tuple[str, str], None] = {}
    for action in listed if isinstance(listed, list) else ():
        if not isinstance(action, dict):
            continue
        day, text = stated(action.get("actionDate")), stated(action.get("text"))[:1000]
        if (day, text) == last or day < last[0]:
            break
        if text:
            found.setdefault((day, text))
    return list(found)[::-1][-MOST_ACTIONS:]


def _path_of(bill: str) -> str:
    """`hr/2683` for any way of writing a bill. Raises ValueError."""
    spelled = re.sub(r"(?<=[a-z])[.\s]+(?=[a-z])", "", bill.strip().lower())
    found = _BILL.fullmatch(spelled)
    if found is None or found[1].upper() not in _CHAMBERS:
        raise ValueError(f"{bill!r} is no bill; write for example hr/2683 or s/1705")
    return f"{found[1]}/{found[2]}"


def _identity(bill: Mapping[str, Any]) -> tuple[int, str, int] | None:
    """Congress, type and number; the service gives the number as a text."""
    congress, kind, number = stated(bill.get("congress")), stated(bill.get("type")).upper(), stated(bill.get("number"))
    if kind not in _CHAMBERS or not _is_number(congress) or not _is_number(number):
        return None
    return int(congress), kind, int(number)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 6


def _laws(laws: Any) -> list[str]:
    listed = laws if isinstance(laws, list) else []
    named = [
        f"{stated(law.get('type'))} {stated(law.get('number'))}".strip() for law in listed if isinstance(law, dict)
    ]
    return [name for name in named if name]


def _ordinal(number: int) -> str:
    last = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{last}"


def _day(value: Any) -> date | None:
    text = stated(value)
    try:
        return date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None
