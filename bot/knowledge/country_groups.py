"""Country groups of the EAR by date: A:5, A:6, D:1, D:4, D:5, E:1 and E:2 (supplement no. 1 to part 740)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.knowledge.event import Citation
from bot.knowledge.provision import LEDGER_BEGINS, Standpoint

MACAU = "MO"
FAVOURED = frozenset({"A:5", "A:6"})
EMBARGOED = frozenset({"E:1", "E:2"})
CONTROLLED = frozenset({"D:1", "D:4", "D:5"})


@dataclass(frozen=True, slots=True)
class Membership:
    """A destination's stay in a group. `until` is the first day after it; None while it lasts."""

    group: str
    begins: date
    public_from: date
    until: date | None
    citation: Citation
    confidence: str

    def holds(self, view: Standpoint) -> bool:
        """Whether the destination stands in the group on the day, as far as could be known."""
        known = view.known_on
        if view.day < self.begins or (known is not None and self.public_from > known):
            return False
        return self.until is None or view.day < self.until or (known is not None and known < self.until)


class CountryGroups:
    """The groups of every destination, on any day."""

    def __init__(self, tables: Mapping[str, Any]) -> None:
        sources = {
            s["id"]: Citation(s["title"], s["url"], s.get("date"), None if "date" in s else LEDGER_BEGINS)
            for s in tables["source"]
        }
        rows: dict[str, list[Membership]] = {}
        for row in tables["membership"]:
            begins = row.get("from", LEDGER_BEGINS)
            stay = Membership(
                group=row["group"],
                begins=begins,
                public_from=row.get("public_from", begins),
                until=row.get("until"),
                citation=sources[row["source"]],
                confidence=row.get("confidence", "confirmed"),
            )
            for code in row["countries"]:
                rows.setdefault(code, []).append(stay)
        self._rows = {code: tuple(stays) for code, stays in rows.items()}
        self.source = sources["supplement-1-740"]

    def of(self, code: str, view: Standpoint) -> frozenset[str]:
        """The groups that a destination stands in on a day."""
        return frozenset(stay.group for stay in self._rows.get(code, ()) if stay.holds(view))

    def history(self, code: str) -> tuple[Membership, ...]:
        """Every stay of a destination in a group; destinations with equal histories share their answers."""
        return self._rows.get(code, ())

    def days(self) -> Iterable[date]:
        """The days on which any destination enters or leaves a group."""
        for stays in self._rows.values():
            for stay in stays:
                yield stay.begins
                if stay.until:
                    yield stay.until

    def is_strict(self, code: str, view: Standpoint) -> bool:
        """Whether a place is Macau or in D:5: as a destination, or as the seat of a buyer or its parent."""
        return code == MACAU or "D:5" in self.of(code, view)

    def asks_licence(self, code: str, view: Standpoint) -> bool:
        """Whether 742.6(a)(6)(iii) reaches the destination: D:1, D:4, D:5 or Macau, and neither in A:5 nor in A:6."""
        groups = self.of(code, view)
        return (code == MACAU or bool(groups & CONTROLLED)) and not groups & FAVOURED

    def confidence(self, code: str, view: Standpoint) -> str:
        """How well the destination's groups are known for a day."""
        stays = [stay for stay in self._rows.get(code, ()) if stay.holds(view)]
        return "uncertain" if any(stay.confidence == "uncertain" for stay in stays) else "confirmed"

    def citations(self, code: str, view: Standpoint) -> tuple[Citation, ...]:
        """Where the destination's groups can be read; the supplement itself when it stands in none."""
        found = dict.fromkeys(stay.citation for stay in self._rows.get(code, ()) if stay.holds(view))
        return tuple(found) or (self.source,)
