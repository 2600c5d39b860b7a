"""The Consolidated Screening List (data.trade.gov, without a key) and the Bureau of Industry and Security's own CSV."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from pydantic import Field

from bot.errors import SourceError
from bot.fetch.exchange import Answer, Request
from bot.model import Document, Trust
from bot.sources.base import Reading, Source
from bot.sources.challenge import refuse_challenge
from bot.sources.rolls.gathering import parties
from bot.sources.rolls.rows import json_rows, table_rows

CONSOLIDATED = "https://data.trade.gov/downloadable_consolidated_screening_list/v1/consolidated"
MAX_BYTES = 96 * 1024 * 1024
"""The consolidated list has 26,000 parties (2026) and more than 8 MiB, the cap of other sources."""

TITLES = {
    "EL": "Entity List",
    "MEU": "Military End User List",
    "UVL": "Unverified List",
    "DPL": "Denied Persons List",
}
"""The lists of the Bureau of Industry and Security by their short codes; other lists are called as printed."""


class ScreeningList(Source, kind="screening_list"):
    """One document for each list in the download, with its parties as rows.

    `format` is `csl_json`, `csl_csv` or `bis_csv`; without one it is told from the bytes. `lists` keeps only the lists
    of these short codes (EL, MEU, UVL, DPL, ...); empty: all.
    """

    trust: Trust = Trust.OFFICIAL
    format: Literal["csl_json", "csl_csv", "bis_csv"] | None = None
    lists: tuple[str, ...] = ()
    max_bytes: int = Field(default=MAX_BYTES, ge=1024)

    def requests(self) -> Iterator[Request]:
        ending = "csv" if self.format == "csl_csv" else "json"
        yield Request(self.url or f"{CONSOLIDATED}.{ending}", max_bytes=self.max_bytes)

    def read(self, answer: Answer) -> Reading:
        """The lists in one download. A cut one is partial: what it lacks was not removed.

        Raises SourceError `challenge`, `not_a_list`, `not_json`, `malformed_csv`, `no_parties`.
        """
        refuse_challenge(answer)
        cut: list[str] = []
        head = answer.body[:64].lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
        if head == b"<":
            refuse_challenge(answer, answer.text())
            raise SourceError("not_a_list", "the answer is a page, no list")
        as_json = self.format == "csl_json" or (self.format is None and head in (b"{", b"["))
        found, labels, nobody = parties(json_rows(answer.body, cut) if as_json else table_rows(answer.text())[1])
        if self.lists:
            found = {roll: rows for roll, rows in found.items() if roll in self.lists}
        if not found:
            raise SourceError("no_parties", "the list names nobody")
        documents = tuple(self._document(roll, labels[roll]) for roll in found)
        return Reading(
            documents=documents,
            partial=bool(cut),
            parties=found,
            warnings=(*cut, *(("rows_left_out",) if nobody else ())),
        )

    def _document(self, roll: str, label: str) -> Document:
        """The list itself. Its rows are stored beside it, so that a new row does not make a new text of it."""
        title = TITLES.get(roll) or label.partition(" (")[0].strip()[:120] or roll
        return Document(
            source=self.id,
            key=roll,
            title=title,
            url=self.url or (f"{CONSOLIDATED}.json" if self.format else None),
            language="en",
            kind="list",
            details={"list": roll},
        )
