"""Which chips and companies a text is about: those it names, without those that it only compares or recalls."""

from __future__ import annotations

from bot.knowledge.vocabulary import Match
from bot.pipeline.assess.evidence import Evidence

CONTEXT = 200
"""A short code such as H20 or L4 is a chip only with a word of the trade this close, in characters."""
FAMILIES = frozenset(("Blackwell", "Hopper", "Ascend", "HBM"))

_COMPARED_WITHIN = 14
_TRADE = frozenset(
    ("terms.ai_chip", "terms.semi", "terms.export_control", "terms.server", "companies.Nvidia", "companies.AMD")
    + ("companies.Intel", "companies.Huawei", "terms.smuggle", "people.Nvidia", "people.AMD", "terms.equipment")
)
_ELSEWHERE = ("off.food", "off.road", "off.home")


def chips_of(evidence: Evidence) -> list[Match]:
    """The matches that name a chip the text is about, one a chip, in the order of the text."""
    named = evidence.named("chips")
    if not named or any(match.concept in _ELSEWHERE for match in evidence.named("off")):
        return []
    trade = [m.start for m in evidence.matches if m.concept in _TRADE]
    compared = [m.end for m in evidence.matches if m.concept == "terms.compare"]
    kept: dict[str, Match] = {}
    for match in named:
        name = match.concept.partition(".")[2]
        if not any(abs(place - match.start) <= CONTEXT for place in trade):
            continue
        if any(0 <= match.start - end <= _COMPARED_WITHIN for end in compared):
            continue
        kept.setdefault(name, match)
    first_stop = _end_of_first_sentence(evidence)
    others = [match for name, match in kept.items() if name != "HBM"]
    if "HBM" in kept and (kept["HBM"].start > first_stop or (others and not evidence.in_title(kept["HBM"]))):
        del kept["HBM"]
    if "Ascend" in kept and any(name.startswith("Ascend ") for name in kept):
        del kept["Ascend"]
    return sorted(kept.values())


def _end_of_first_sentence(evidence: Evidence) -> int:
    text = evidence.folded.text
    ends = [place for stop in (". ", "。", "! ", "? ") if (place := text.find(stop, evidence.border + 1)) > 0]
    return min(ends, default=len(text))


def companies_of(evidence: Evidence) -> list[Match]:
    """The matches that name a company the text is about, one a company, in the order of the text."""
    kept: dict[str, Match] = {}
    stop = _end_of_first_sentence(evidence)
    for match in evidence.matches:
        section, _, name = match.concept.partition(".")
        if (section == "companies" and (match.start <= stop or name in _MAKERS)) or (section == "people" and match.start <= stop):
            kept.setdefault(name, match)
    return sorted(kept.values())


_MAKERS = frozenset(("Nvidia", "AMD", "Huawei"))
"""Companies that a text on their chips is about wherever it names them."""
