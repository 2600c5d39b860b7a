"""What binds in an act, as the text itself says it: from when, above which figures, how much, on which conditions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from bot.knowledge.vocabulary import Match
from bot.model import NOTHING_BINDING, Binding, Kind
from bot.pipeline.assess.evidence import Evidence
from bot.pipeline.textdates import DATES, day_in

_ACTS = frozenset(
    (
        Kind.RULE,
        Kind.RESCISSION,
        Kind.ENTITY_LIST,
        Kind.LICENCE_REQUIREMENT,
        Kind.LICENCE_GRANTED,
        Kind.TARIFF_OR_REVENUE_SHARE,
        Kind.FOREIGN_MEASURE,
        Kind.GUIDANCE,
        Kind.BILL,
    )
)
_CONDITIONS = tuple(
    (name, f"T.terms.{name}", f"L.terms.{name}") for name in ("case_by_case", "revenue_share", "tariff")
)
"""Each condition with the features that name it."""
_SHARED = frozenset((Kind.TARIFF_OR_REVENUE_SHARE, Kind.LICENCE_GRANTED, Kind.RULE))
_SHARES = ("terms.revenue_share", "terms.tariff")
_NEAR_DATE = 48
_NEAR_SHARE = 80
_MOST = 3
_STOP = re.compile(r"[.!?;]\s|[。！？；]")
_PERCENT = re.compile(r"(?<![\d.,])(\d{1,2}(?:[.,]\d)?)\s?(?:%|percent\b|per cent\b|prozent\b)")
_COUNT = re.compile(
    r"(?<![a-z\d.,$€£¥])(\d{1,3}(?:[,.]\d{3})+|\d{3,7}|\d{1,3}(?:[.,]\d)?\s?万)\s?(?:units? of \w+ )?"
    r"(?:(?:h20|h200|ai|nvidia|amd) ){0,2}(?:-?chips?\b|gpus?\b|units?\b|stück\b|块|颗|片|枚|张)"
)
_MEASURED = ("tpp", "performance", "leistung", "性能")
_FIGURE = re.compile(
    r"\b(tpp|total processing performance|performance density|gesamtrechenleistung|leistungsdichte)\b"
    r"[^.;\d]{0,40}?(\d{1,3}(?:[,.]\d{3})+|\d+(?:\.\d+)?)|(总处理性能|性能密度)[^。；\d]{0,16}?(\d[\d,]*)"
)
_FIGURES = {
    "total processing performance": "tpp",
    "gesamtrechenleistung": "tpp",
    "总处理性能": "tpp",
    "performance density": "pd",
    "leistungsdichte": "pd",
    "性能密度": "pd",
}


def binding_of(evidence: Evidence, kind: Kind, chips: Sequence[Match]) -> Binding:
    """What a text of a kind says of what binds; for a text that tells no act only the chips that it is headed by."""
    stop = max(evidence.first_stop, evidence.border)
    headed = tuple(match.concept.partition(".")[2] for match in chips if match.start < stop)
    if kind not in _ACTS:
        return Binding(headed) if headed else NOTHING_BINDING
    told = evidence.named("terms")
    text, features = evidence.folded.text, evidence.features
    return Binding(
        chips=headed,
        effective=_effective(text, [match for match in told if match.concept == "terms.in_force"]),
        thresholds=tuple(sorted(set(_thresholds(text))))[:_MOST] if any(word in text for word in _MEASURED) else (),
        amounts=_amounts(evidence, kind, told),
        conditions=tuple([name for name, title, lead in _CONDITIONS if title in features or lead in features]),
    )


def _effective(text: str, force: Sequence[Match]) -> tuple[str, ...]:
    """The day beside the first words of taking effect that have one."""
    for match in force[:_MOST]:
        near = text[max(0, match.start - _NEAR_DATE) : match.end + _NEAR_DATE]
        days = sorted(
            (abs(found.start() - (match.start - max(0, match.start - _NEAR_DATE))), day)
            for pattern in DATES
            for found in pattern.finditer(near)
            if (day := day_in(found)) is not None
        )
        if days:
            return (date.fromordinal(days[0][1]).isoformat(),)
    return ()


def _in_one_sentence(evidence: Evidence, percent: re.Match[str], share: Match) -> bool:
    """Whether a percentage stands near the word for the share, with no end of sentence or title between."""
    first, last = min(percent.start(), share.start), max(percent.end(), share.end)
    if last - first > _NEAR_SHARE or first < evidence.border < last - 1:
        return False
    return _STOP.search(evidence.folded.text, first, last) is None


def _amounts(evidence: Evidence, kind: Kind, told: Sequence[Match]) -> tuple[str, ...]:
    text = evidence.folded.text
    found: dict[str, None] = {}
    if kind in _SHARED:
        shares = [match for match in told if match.concept in _SHARES]
        for percent in _PERCENT.finditer(text) if shares else ():
            if any(_in_one_sentence(evidence, percent, match) for match in shares):
                found[f"{float(percent[1].replace(',', '.')):g}%"] = None
    if kind is Kind.LICENCE_GRANTED:
        found |= dict.fromkeys(_counts(text, evidence.named("chips")))
    return tuple(sorted(found))[:_MOST]


def _counts(text: str, names: Iterable[Match]) -> Iterator[str]:
    """The numbers of chips; one that belongs to a chip's name ("RTX 4090 chips") is none."""
    inside = {place for name in names for place in range(name.start, name.end)}
    for count in _COUNT.finditer(text):
        if count.start() in inside:
            continue
        written = count[1]
        if "万" in written:
            number = float(written.replace("万", "").replace(",", ".")) * 10_000
        else:
            number = float(re.sub("[,.]", "", written))
        yield f"{number:g} chips" if number < 1e6 else f"{number:.0f} chips"


def _thresholds(text: str) -> Iterator[str]:
    for figure in _FIGURE.finditer(text):
        name, value = (figure[1], figure[2]) if figure[1] else (figure[3], figure[4])
        yield f"{_FIGURES.get(name, name)} {value.replace(',', '')}"
