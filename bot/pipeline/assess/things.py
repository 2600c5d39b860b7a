"""Which chips and companies a text is about: those it names, without those that it only compares or recalls."""

from __future__ import annotations

from bot.knowledge.vocabulary import Match
from bot.pipeline.assess.evidence import Evidence, terms

CONTEXT = 200
"""A short code such as H20 or L4 is a chip only with a word of the trade this close, in characters."""

_COMPARED_WITHIN = 14
_TRADE = terms("ai_chip", "semi", "export_control", "server", "smuggle", "equipment") | {
    *("companies.Nvidia", "companies.AMD", "companies.Intel", "companies.Huawei", "people.Nvidia", "people.AMD"),
}
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
        if any(_compares(evidence, end, match) for end in compared):
            continue
        kept.setdefault(name, match)
    first_stop = evidence.first_stop
    others = [match for name, match in kept.items() if name != "HBM"]
    if "HBM" in kept and (kept["HBM"].start > first_stop or (others and not evidence.in_title(kept["HBM"]))):
        del kept["HBM"]
    if "Ascend" in kept and any(name.startswith("Ascend ") for name in kept):
        del kept["Ascend"]
    return sorted(kept.values())


def _compares(evidence: Evidence, end: int, chip: Match) -> bool:
    """Whether the words of comparison that end at `end` are about this chip: close before it, with no chip between."""
    if not 0 <= chip.start - end <= _COMPARED_WITHIN or (end <= evidence.border < chip.start):
        return False
    return not any(end <= other.start and other.end <= chip.start for other in evidence.named("chips"))


def companies_of(evidence: Evidence) -> list[Match]:
    """The matches that name a company the text is about, one a company, in the order of the text."""
    kept: dict[str, Match] = {}
    stop = evidence.first_stop
    for match in sorted((*evidence.named("companies"), *evidence.named("people"))):
        section, _, name = match.concept.partition(".")
        if match.start <= stop or (section == "companies" and name in _MAKERS):
            kept.setdefault(name, match)
    return sorted(kept.values())


_MAKERS = frozenset(("Nvidia", "AMD", "Huawei"))
"""Companies that a text on their chips is about wherever it names them."""
