"""Labels: the words on a picture, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

from bot.knowledge.statuses import StatusName, surface

SHADES = (
    "barred",
    "licence_denial_expected",
    "licence_open",
    "own_measure",
    "none_for_chip_and_country",
    "unclear",
    "none_known",
)
"""What a colour can say, in the order of a legend: the five words of a status as `bot.knowledge.statuses.surface` names
them, a measure of the destination's own short of a bar, and that no measure is known."""

ENGLISH: Mapping[str, str] = MappingProxyType(
    {
        "chart.status.barred": "barred",
        "chart.status.licence_denial_expected": "licence, denial expected",
        "chart.status.licence_open": "licence, outcome open",
        "chart.status.own_measure": "the destination's own measure",
        "chart.status.none_for_chip_and_country": "none for chip and country alone",
        "chart.status.unclear": "unclear",
        "chart.status.none_known": "no measure known",
        "chart.short.barred": "barred",
        "chart.short.licence_denial_expected": "denial",
        "chart.short.licence_open": "open",
        "chart.short.own_measure": "own measure",
        "chart.short.unclear": "unclear",
        "chart.ledger": "Ledger to {day}",
        "chart.today": "ledger ends",
        "chart.asked": "asked: {day}",
        "chart.event.line": "{day}: {text}",
        "chart.event.law": "act or rule",
        "chart.event.words": "statement or report",
        "chart.timeline.title": "{chip}: export status over time",
        "chart.timeline.alt": "Timeline of {chip}, {begins} to {ends}.",
        "chart.timeline.alt_lane": "{lane}: {stretches}.",
        "chart.timeline.alt_stretch": "{word} from {begins}",
        "chart.timeline.alt_events": "Events: {events}.",
        "chart.lane.us_export": "US law → {place}",
        "chart.lane.destination_side": "{place}'s own measures",
        "chart.clocks.title": "{chip} → {place}: law and knowledge",
        "chart.clocks.law": "Law in force",
        "chart.clocks.known": "What anyone outside could know",
        "chart.clocks.gap": "days in force before public: {days}",
        "chart.clocks.alt": "Two clocks for {chip} to {place}.",
        "chart.limits.title": "Limits of ECCN 3A090, and where chips stand",
        "chart.limits.x": "TPP: dense TOPS × bit length",
        "chart.limits.y": "PD: TPP per mm² of die",
        "chart.limits.window": "case-by-case limit {tpp}",
        "chart.limits.asked": "asked",
        "chart.limits.other": "other chips",
        "chart.limits.estimated": "estimated",
        "chart.limits.scale": "Both scales logarithmic",
        "chart.limits.note_2": "Outside all the same, not made or sold for data centres (Note 2): {chips}",
        "chart.limits.without_area": "No usable die area, TPP only: {chips}",
        "chart.limits.alt": "Map of performance density against TPP with the areas 3A090.a and 3A090.b.",
        "chart.limits.alt_chip": "{chip}: TPP {tpp}, PD {density}, {paragraph}",
        "chart.limits.outside": "outside 3A090.a and .b",
        "chart.limits.unknown": "unknown",
        "chart.matrix.title": "Chips and destinations on {day}",
        "chart.matrix.note": "Shipped from the US, chip and country alone. Fixed order, not a ranking.",
        "chart.matrix.alt": "Matrix of {chips} chips against {places} destinations on {day}.",
    }
)


SHORT = frozenset({"barred", "licence_denial_expected", "licence_open", "own_measure", "unclear"})
"""The shades that may be said in one word. That none is needed is never said without "for chip and country alone"."""

_OWN_MEASURES = (StatusName.DISCOURAGES, StatusName.CONDITIONAL, StatusName.ONWARD_PERMIT)


def shade_of(status: str | None) -> str:
    """The shade of a status by its name; None is that no measure is known. Raises ValueError for an unknown name."""
    if status is None:
        return "none_known"
    name = StatusName(status)
    return "own_measure" if name in _OWN_MEASURES else surface(name)


@dataclass(frozen=True, slots=True)
class Labels:
    """The words of the pictures. `texts` is the language's catalogue (any mapping that holds the keys of `ENGLISH`);
    a key that it lacks is taken from English, so that a picture never fails for a word."""

    language: str = "en"
    texts: Mapping[str, str] = field(default_factory=lambda: ENGLISH)

    def text(self, key: str, **values: object) -> str:
        """The words of `chart.<key>` with its placeholders filled."""
        words = self.texts.get(f"chart.{key}") or ENGLISH[f"chart.{key}"]
        return words.format(**values) if values else words

    def day(self, day: date) -> str:
        """A date in the manner of the language, short: 9 Apr 2025 is "9. Apr. 2025" or "2025年4月9日"."""
        from babel.dates import format_date

        return format_date(day, "d MMM y" if self.language == "en" else "medium", locale=self._locale)

    def number(self, value: float, digits: int = 0) -> str:
        """A number with the separators of the language."""
        from babel.numbers import format_decimal

        return format_decimal(value, f"#,##0.{'0' * digits}" if digits else "#,##0", locale=self._locale)

    @property
    def _locale(self) -> str:
        return {"en": "en_GB", "zh": "zh_Hans_CN"}.get(self.language, self.language)
