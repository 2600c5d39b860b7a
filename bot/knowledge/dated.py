"""The calendar: the dates that the ledger foresees, and the days that stored documents name, in one order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.knowledge.deadlines import Due
from bot.knowledge.ledger import Ledger
from bot.knowledge.scheduled import Foreseen, Outcome, upcoming


@dataclass(frozen=True, slots=True)
class Dated:
    """One day that a stored document names.

    `document` is its name in a public register (`fr:2026-19537`), else source and key; `words` the sentence that says
    so, `contradicts` the day of the publisher's own field where that says another; `about` what the document was
    judged to be about: chips, destinations, kind.
    """

    document: str
    due: Due
    day: date
    source: str
    title: str
    url: str = ""
    story: str = ""
    words: str = ""
    contradicts: date | None = None
    chips: tuple[str, ...] = ()
    destinations: tuple[str, ...] = ()
    kind: str = ""

    @property
    def name(self) -> str:
        """The entry's name, the same as long as the document stands: `fr:2026-19537/comments`."""
        return f"{self.document}/{self.due}"

    def record(self) -> dict[str, Any]:
        """As JSON values."""
        return {
            "document": self.document,
            "due": str(self.due),
            "day": self.day.isoformat(),
            "source": self.source,
            "title": self.title,
            "url": self.url,
            "story": self.story,
            "words": self.words,
            "contradicts": self.contradicts.isoformat() if self.contradicts else None,
            "chips": list(self.chips),
            "destinations": list(self.destinations),
            "kind": self.kind,
        }

    @classmethod
    def of(cls, record: Mapping[str, Any]) -> Dated:
        """The inverse of `record`. Raises KeyError, ValueError, TypeError for what is no such record."""
        other = record.get("contradicts")
        return cls(
            **{
                name: str(record[name] or "")
                for name in ("document", "source", "title", "url", "story", "words", "kind")
            },
            due=Due(record["due"]),
            day=date.fromisoformat(record["day"]),
            contradicts=date.fromisoformat(other) if other else None,
            chips=tuple(map(str, record["chips"])),
            destinations=tuple(map(str, record["destinations"])),
        )

    def json(self, on: date) -> dict[str, Any]:
        """The day as `upcoming` prints it, with the keys of a foreseen date and `due`, `document`, `contradicts`."""
        citation = {"title": self.document.removeprefix("fr:"), "url": self.url, "date": None}
        return {
            "date": self.day.isoformat(),
            "days": (self.day - on).days,
            "state": str(Outcome.AHEAD),
            "title": self.title,
            "ends": self.due is Due.EXPIRES,
            "event": None,
            "acts": [],
            "summary": self.words,
            "actors": [],
            "citations": [citation] if self.url else [],
            "confidence": "uncertain" if self.contradicts else "single_source",
            "due": str(self.due),
            "document": self.document,
            "contradicts": self.contradicts.isoformat() if self.contradicts else None,
        }


def calendar(ledger: Ledger, dated: Iterable[Dated], on: date, *, past: bool = True) -> list[dict[str, Any]]:
    """The dates ahead of a day as `upcoming` prints them, the earliest first: the ledger's, with `past` also those
    whose outcome is not on record, and the days that documents name.

    A document whose event the ledger has is left to the ledger: it is cited there by a person who has read it.
    """
    foreseen = upcoming(ledger, on, past=past)
    recorded = {citation.url for event in ledger.events for citation in event.citations}
    rows = [(f.due, f.event.id, {**f.json(), "name": ledger_name(f)}) for f in foreseen]
    rows += [
        (entry.day, entry.name, {**entry.json(on), "name": entry.name})
        for entry in dated
        if entry.day >= on and not (entry.url in recorded and entry.due is not Due.COMMENTS)
    ]
    return [row for _, _, row in sorted(rows, key=lambda row: (row[0], row[1]))]


def ledger_name(foreseen: Foreseen) -> str:
    """The entry's name of a date that the ledger foresees."""
    return f"ledger:{foreseen.event.id}/{'expires' if foreseen.ends else 'due'}"
