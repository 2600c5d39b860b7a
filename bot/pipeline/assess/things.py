"""Which chips and companies a text is about: those it names, without those that it only compares or recalls."""

from __future__ import annotations

import re

from bot.knowledge.vocabulary import Match
from bot.pipeline.assess.evidence import Evidence, terms

CONTEXT = 200
"""A code that other things bear too (H20, L4) is a chip with a word of the trade this close, in characters."""

_COMPARED_WITHIN = 14
_TRADE = terms("ai_chip", "semi", "export_control", "server", "smuggle", "equipment") | {
    *("companies.Nvidia", "companies.AMD", "companies.Intel", "companies.Huawei", "people.Nvidia", "people.AMD"),
}
_ELSEWHERE = ("off.food", "off.road", "off.home")
_WORDS = frozenset(("A30", "V100", "T4", "L20", "L40", "L4", "L2", "B20", "B40", "Hopper", "Ascend"))
"""Roads, fuels, levels of driving, wagons: chips only in the company of the trade."""
_SHARED = frozenset(("H20", "A100", "A800", "H100", "H800", "B200", "B300", "Blackwell", "HBM"))
"""Water, motorways, aircraft, people: chips also where they themselves are what is exported, sold or licensed.

Every other code (H200, MI325X, RTX PRO 6000D, GB200, Gaudi 3, Ascend 910B) means nothing else and needs no company.
"""
_DEALT_IN = terms("export", "sell", "import", "licence", "require_licence", "issue_licence")
_OF = re.compile(r"(?: (?:of|for|the|its|any|all|on|to|von|der|des|für|die|de|du|des|la|las|los|les))* ?")
_JOINED = re.compile(r"s?[ -]?|的")
_ENDS = re.compile(
    r"s?(?:\s*$|[^\w\s-]|[\u2e80-\uffff]|"
    r" (?:to|into|for|in|from|by|via|and|or|nach|an|auf|für|und|oder|über|vers|à|hacia|a|y|et)\b)"
)
"""What follows a code that is the goods themselves: no noun of other goods (exports of H20 water)."""
_MAY = re.compile(
    r"s? (?:may|can|could|must|will|would|to be|are|is|were|was|dürfen|darf|sollen|soll|werden|wird)\b[^.;:!?]{0,60}"
    r"|(?:芯片)?(?:不得|须|需|可|将|被|获|禁止|不准|不许)[^，。；：！？]{0,20}"
)
"""What follows a code that something is done with: the word of the trade stands in the same clause."""
_BRACKET = re.compile(
    r"\b(?:darf|dürfen|soll|sollen|will|wollen|kann|können|muss|müssen|wird|werden|möchte)\b[^.,;:!?]{0,40} $"
)
"""What stands before a code with which something is done at the end of a German clause: darf H20 nicht mehr kaufen."""
_TO_THE_END = re.compile(r"s?(?:-chips?)? [^.,;:!?]{0,60}")


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
        if not (
            (name not in _SHARED and name not in _WORDS)
            or any(abs(place - match.start) <= CONTEXT for place in trade)
            or (name in _SHARED and _is_dealt_in(evidence, match))
        ):
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


def _is_dealt_in(evidence: Evidence, chip: Match) -> bool:
    """Whether the code itself is what is exported, sold or licensed: H20 exports, sale of H20 to."""
    text = evidence.folded.text[: evidence.border] if evidence.in_title(chip) else evidence.folded.text
    done = _MAY.match(text, chip.end)
    if not done and _BRACKET.search(text, max(0, chip.start - 60), chip.start):
        done = _TO_THE_END.match(text, chip.end)
    for word in evidence.named("terms"):
        if word.concept not in _DEALT_IN:
            continue
        if done and chip.end <= word.start < done.end():
            return True
        if chip.end <= word.start and _JOINED.fullmatch(text, chip.end, word.start):
            return True
        if word.end <= chip.start and _OF.fullmatch(text, word.end, chip.start) and _ENDS.match(text, chip.end):
            return True
    return False


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
