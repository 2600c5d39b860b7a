"""What an entry of a screening list means for AI chips: its footnotes, and whether it concerns them at all."""

from __future__ import annotations

import re
from functools import lru_cache

from bot.model import Party

CHIP_FOOTNOTES = ("1", "4", "5")
"""Footnote 4 reaches foreign-made items for advanced computing; 1 and 5 chips and what makes them."""

_BY_PARAGRAPH = {"1": "1", "2": "4", "3": "5"}
_PARAGRAPH = re.compile(r"734\.9\s*\(e\)\s*\((\d)\)")
_AFTER_PARAGRAPH = re.compile(r"734\.9\s*\([eg]\)(?:,)?\s?([1-5])(?!\d)")
_AT_THE_END = re.compile(r"EAR\s*\.?\)?\.?\s?([1-5])(?![\d(])")
_IN_WORDS = re.compile(r"footnotes?\s+([1-5])\b", re.IGNORECASE)
_CHIP_WORDS = re.compile(r"744\.23|supercomputer|advanced[- ]computing|advanced[- ]node|\b[34]A090\b", re.IGNORECASE)


@lru_cache(maxsize=1024)
def footnotes_of(requirement: str) -> tuple[str, ...]:
    """The numbers of the footnotes that a licence requirement carries, as printed: a digit glued to a citation
    ("734.9(e)1", "of the EAR)4"), a paragraph of 15 CFR 734.9(e), or words."""
    found = {_BY_PARAGRAPH[number] for number in _PARAGRAPH.findall(requirement) if number in _BY_PARAGRAPH}
    for pattern in (_AFTER_PARAGRAPH, _AT_THE_END, _IN_WORDS):
        found.update(pattern.findall(requirement))
    return tuple(sorted(found))


def concerns_chips(party: Party) -> str | None:
    """Why an entry concerns AI chips, as a stable name with what decided behind a colon; None where nothing says so.

    `footnote:4` a foreign-direct-product footnote, `text:744.23` the words of the requirement or policy,
    `company:Huawei` a name of a company that the vocabulary knows from the chip trade.
    """
    for number in CHIP_FOOTNOTES:
        if number in party.footnotes:
            return f"footnote:{number}"
    found = _CHIP_WORDS.search(f"{party.requirement} {party.policy}")
    if found:
        return f"text:{found[0]}"
    from bot.knowledge.vocabulary import vocabulary

    words = vocabulary()
    for name in (party.name, *party.aliases[:8]):
        for match in words.find(words.folding.fold(name)):
            section, _, company = match.concept.partition(".")
            if section == "companies":
                return f"company:{company}"
    return None
