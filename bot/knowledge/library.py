"""Everything that is known, loaded once: chips, destinations, groups, ledger; and the questions it answers."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from importlib import resources
from typing import Any

from bot.errors import UserError
from bot.knowledge.chips import Chip, Chips, chips_from
from bot.knowledge.citing import readable_by
from bot.knowledge.classify import Classification, classify
from bot.knowledge.conditions import Answered, conditions, notes
from bot.knowledge.countries import HOME, Countries, Country
from bot.knowledge.country_groups import CountryGroups
from bot.knowledge.emirates import G42_UNTIL
from bot.knowledge.event import Effect, Event, Layer
from bot.knowledge.export import decide_export, with_chip_confidence
from bot.knowledge.ledger import Ledger, load_ledger
from bot.knowledge.naming import Naming
from bot.knowledge.onward import decide_destination
from bot.knowledge.provision import LEDGER_BEGINS, PROVISIONS, Standpoint
from bot.knowledge.question import LEVEL_3A090, Decision, Question, is_at_3a090
from bot.knowledge.status import Branch, LayerStatus, Segment, Status, classified, segment_on, segments
from bot.knowledge.statuses import StatusName
from bot.knowledge.wording import english, say

_CACHED = 4096
_SPECIAL = frozenset({"CN", "HK", "MO", "AE", "RU", "BY", "MY", *HOME})
"""Destinations that law names one by one; all others share their answers with those of equal groups and events."""


@dataclass
class Knowledge:
    """The library. It is never changed after loading; `with_ledger` gives another one over the same chips."""

    chips: Chips
    countries: Countries
    groups: CountryGroups
    ledger: Ledger
    _found: dict[tuple[object, ...], tuple[tuple[Segment, ...], tuple[Segment, ...]]] = field(
        default_factory=dict, repr=False
    )

    @classmethod
    def load(cls, ledger: Ledger | None = None) -> Knowledge:
        """The shipped knowledge, read from the package's TOML files; with another ledger where one is given."""
        if ledger is None:
            ledger = load_ledger()
        english()
        data = resources.files("bot.knowledge") / "data"
        chip_files = sorted((f for f in (data / "chips").iterdir() if f.name.endswith(".toml")), key=lambda f: f.name)
        return cls(
            chips=chips_from(tomllib.loads(file.read_text(encoding="utf-8")) for file in chip_files),
            countries=Countries(tomllib.loads((data / "countries.toml").read_text(encoding="utf-8"))),
            groups=CountryGroups(tomllib.loads((data / "country_groups.toml").read_text(encoding="utf-8"))),
            ledger=ledger,
        )

    def with_ledger(self, ledger: Ledger) -> Knowledge:
        """The same knowledge over another ledger: the shipped events and those recorded since."""
        return Knowledge(self.chips, self.countries, self.groups, ledger)

    def status(
        self,
        chip: str | Chip,
        destination: str,
        on: date | str,
        *,
        known_on: date | str | None = None,
        buyer_hq: str | None = None,
        shipped_from: str | None = None,
        end_user: str | None = None,
    ) -> Status:
        """The export status of a chip for a destination on a day.

        Chip and places in any spelling; days as dates or YYYY-MM-DD. `known_on` uses only what was public by that day;
        `buyer_hq` is the seat of the buyer or of its parent, `shipped_from` another country than the US, `end_user` a
        name. Raises UserError for an unknown chip, destination or day, and for days before the ledger begins.
        """
        system = isinstance(chip, str) and self.chips.is_system(chip)
        found = self.chips.find(chip) if isinstance(chip, str) else chip
        place = self.countries.find(destination)
        view = Standpoint(self._day(on), self._day(known_on) if known_on is not None else None)
        seat = self.countries.find(buyer_hq).code if buyer_hq else None
        origin = self.countries.find(shipped_from).code if shipped_from else None
        question = self._question(found, place.code, seat, None if origin in HOME else origin, end_user or None)
        return self._answer(question, place, view, origin, system=system)

    def classify(
        self,
        ops: Mapping[str, float],
        die: float | None,
        *,
        bandwidth: float | None = None,
        io: float | None = None,
        data_centre: bool = True,
        on: date | str,
        to: str | None = None,
    ) -> Classification:
        """Any chip from its numbers: dense TOPS by precision, die area in mm2, DRAM bandwidth and link in GB/s.

        With `to` the layers say what its status would be there. Raises UserError for figures that are not positive, for
        an unknown precision, and as `status` does.
        """
        day = self._day(on)
        result = classify(ops, die, bandwidth, io, data_centre, day, catalogue=self.chips)
        if to is None:
            return result
        return replace(result, status=self.status(result.as_chip(), to, day))

    def lanes(
        self, chip: str | Chip, destination: str, *, known_on: date | str | None = None
    ) -> dict[Layer, tuple[LayerStatus, ...]]:
        """The statuses of both layers from the ledger's first day on, in order; days without a status are left out.

        With `known_on` as far as was public by that day. Raises UserError as `status` does.
        """
        found = self.chips.find(chip) if isinstance(chip, str) else chip
        place = self.countries.find(destination)
        known = self._day(known_on) if known_on is not None else None
        question = self._question(found, place.code, None, None, None)
        both = zip(Layer, self._segments(question, known), strict=True)
        return {
            layer: tuple(s for segment in row if (s := self._layer(segment, question, place, known)) is not None)
            for layer, row in both
        }

    def classes(self) -> dict[str, tuple[str, ...]]:
        """The destinations by class: those of one class share all groups and events, so also every answer."""
        classes: dict[str, list[str]] = {}
        for code in self.countries:
            classes.setdefault(self._class_of[code], []).append(code)
        return {first: tuple(codes) for first, codes in classes.items()}

    def _day(self, value: date | str) -> date:
        if isinstance(value, date):
            day = value
        else:
            try:
                day = date.fromisoformat(value.strip())
            except ValueError:
                raise UserError("errors.no_such_day", day=value) from None
        if day < LEDGER_BEGINS:
            raise UserError("errors.before_ledger", day=day.isoformat(), begins=LEDGER_BEGINS.isoformat())
        return day

    @cached_property
    def naming(self) -> Naming:
        """Finds chips and places in free text."""
        return Naming(self.chips, self.countries)

    @cached_property
    def _class_of(self) -> dict[str, str]:
        named = {d for event in self.ledger.events for effect in event.effects for d in effect.destinations}
        first: dict[object, str] = {}
        return {
            code: code if code in _SPECIAL or code in named else first.setdefault(self.groups.history(code), code)
            for code in self.countries
        }

    @cached_property
    def _law_days(self) -> frozenset[date]:
        days = {provision.begins for provision in PROVISIONS} | set(self.groups.days()) | {G42_UNTIL}
        return frozenset(days)

    def _question(
        self, chip: Chip, destination: str, seat: str | None, origin: str | None, end_user: str | None
    ) -> Question:
        return Question(
            chip=chip,
            destination=destination,
            groups=self.groups,
            buyer_hq=seat,
            shipped_from=origin,
            end_user=end_user,
            letters=self._effects(Layer.US_EXPORT, chip, destination),
            measures=self._effects(Layer.DESTINATION_SIDE, chip, destination),
        )

    def _effects(self, layer: Layer, chip: Chip, destination: str) -> tuple[tuple[Event, Effect], ...]:
        """The ledger's effects in order; a version follows its chip, a 3A090 chip what is said of all of them."""
        names = (*chip.names_in_events, LEVEL_3A090) if is_at_3a090(chip) else chip.names_in_events
        found = [effects for name in names if (effects := self.ledger.effects(layer, name, destination))]
        if len(found) < 2:
            return found[0] if found else ()
        once = {id(pair[1]): pair for effects in found for pair in effects}
        return tuple(sorted(once.values(), key=lambda pair: pair[1].begins))

    def _segments(self, question: Question, known_on: date | None) -> tuple[tuple[Segment, ...], tuple[Segment, ...]]:
        key = (
            question.chip.name if question.chip.name in self.chips else question.chip,
            self._class_of[question.destination],
            question.buyer_hq,
            question.shipped_from,
            question.end_user,
            known_on,
        )
        cached = self._found.get(key) if isinstance(key[0], str) else None
        if cached:
            return cached
        days = set(self._law_days)
        for _, effect in (*question.letters, *question.measures):
            days.add(effect.begins)
            if effect.ends:
                days.add(effect.ends)
        found = (
            segments(lambda day: decide_export(question, Standpoint(day, known_on)), days),
            segments(lambda day: decide_destination(question, Standpoint(day, known_on)), days),
        )
        if isinstance(key[0], str):
            if len(self._found) >= _CACHED:
                self._found.clear()
            self._found[key] = found
        return found

    def _answer(
        self, question: Question, place: Country, view: Standpoint, origin: str | None, *, system: bool
    ) -> Status:
        export, side = (segment_on(found, view.day) for found in self._segments(question, view.known_on))
        # The interval keeps the decision of its first day; what decides since may be another act.
        export = replace(export, decision=decide_export(question, view))
        answered = Answered(
            question, view, place, export.decision, side.decision, self.ledger.events, self.ledger.as_of, system
        )
        return Status(
            chip=question.chip,
            destination=place,
            on=view.day,
            us_export=self._layer(export, question, place, view.known_on),
            destination_side=self._layer(side, question, place, view.known_on),
            classification=classified(question.chip, view),
            conditions=conditions(answered),
            notes=notes(answered),
            branches=self._branches(question, view, export.decision),
            ledger_as_of=self.ledger.as_of,
            known_on=view.known_on,
            buyer_hq=question.buyer_hq,
            shipped_from=origin,
            end_user=question.end_user,
        )

    def _layer(self, segment: Segment, question: Question, place: Country, known_on: date | None) -> LayerStatus | None:
        if segment.decision is None:
            return None
        decision = with_chip_confidence(segment.decision, question)
        first = segment.begins == LEDGER_BEGINS
        values: dict[str, Any] = {"chip": question.chip.name, "place": place, "end_user": question.end_user or ""}
        values |= dict(decision.values)
        since = min(decision.begins, segment.begins) if first else segment.begins
        return LayerStatus(
            name=decision.status,
            since=since,
            until=segment.until,
            reason=say(decision.reason, **values),
            citations=readable_by(decision.all_citations, known_on, self.ledger.as_of),
            confidence=decision.confidence,
            public_from=decision.first.public_from,
            binds_from=decision.stands_on[0].begins if decision.begun_by else since,
            outcomes=tuple((say(key, **values), status) for key, status in decision.outcomes),
        )

    def _branches(self, question: Question, view: Standpoint, decision: Decision | None) -> tuple[Branch, ...]:
        """What the things not said would change: the buyer's seat, where it ships from, a named end user."""
        if decision is None:
            return ()
        branches: list[Branch] = []

        def ask(key: str, other: Question) -> None:
            then = decide_export(other, view)
            if then and then.status is not decision.status:
                branches.append(Branch(say(key), then.status))

        if question.buyer_hq is None:
            ask("branch.headquarters", replace(question, buyer_hq="CN"))
            if decision.reason == "reason.denial_2022":
                ask("branch.favoured_headquarters_2022", replace(question, buyer_hq="US"))
        if question.shipped_from is None and decision.reason == "reason.january":
            ask("branch.shipped_elsewhere", replace(question, shipped_from="SG"))
        if question.end_user is None and decision.status is StatusName.LISTED_USERS:
            ask("branch.named_end_user", replace(question, end_user="UAE government"))
        branches += [Branch(say(key), status) for key, status in decision.outcomes]
        return tuple(branches)
