"""What of a page does not count as a change: dates, counters, elements, and words that an operator names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.sources.plain_text import BLOCKS, CELLS, INLINE

_MONTHS = (
    "january|february|march|april|may|june|july|august|september|october|november|december"
    "|januar|februar|märz|mai|juni|juli|oktober|dezember|januari|februari|maart|mei|augustus"
    "|jan|feb|mar|apr|jun|jul|aug|sept|sep|oct|okt|nov|dec|dez"
)
_NUMBERS = {
    name: number
    for number, names in enumerate(
        (
            "january januar januari jan", "february februar februari feb", "march märz maart mar", "april apr",
            "may mai mei", "june juni jun", "july juli jul", "august augustus aug", "september sept sep",
            "october oktober oct okt", "november nov", "december dezember dec dez",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_DATES = (
    r"\b\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2})?(?:\.\d+)?(?:Z|[+-]\d{2}:?\d{2})?)?"
    r"|\d{4}年\d{1,2}月\d{1,2}日"
    rf"|\b(?:{_MONTHS})\.? \d{{1,2}}(?:st|nd|rd|th)?,? \d{{4}}\b"
    rf"|\b\d{{1,2}}(?:st|nd|rd|th|\.)? (?:{_MONTHS})\.?,? \d{{4}}\b"
    r"|\b\d{1,2}[./]\d{1,2}[./]\d{4}\b|\b\d{4}/\d{1,2}/\d{1,2}\b"
    r"|\b\d{1,2}:\d{2}(?::\d{2})?(?: ?[ap]\.?m\.?)?(?: ?(?:UTC|GMT|EST|EDT|CET|CEST|MYT|JST|CST))?\b"
)
_COUNTED = (
    r"views?|visits?|visitors?|reads?|downloads?|shares?|likes?|comments?|hits?|minutes? ago|hours? ago|days? ago"
    r"|seconds? ago|aufrufe|zugriffe|besucher|kommentare|weergaven|次|人|阅读|浏览"
)
_COUNTERS = (
    rf"\b\d[\d,.]*\s?(?:{_COUNTED})\b|\d[\d,.]*\s?(?:次|人)"
    rf"|\b(?:views?|visits?|visitors?|reads?|downloads?|shares?|likes?|hits?|aufrufe|zugriffe)\s?[:：]\s?\d[\d,.]*"
    r"|(?:浏览|阅读|点击)(?:次数|量|数)?\s?[:：]?\s?\d[\d,.]*"
)
_NAMED = {"dates": _DATES, "counters": _COUNTERS}
_TAG = re.compile(r"([a-z][a-z0-9]*)(?:[.#\[:>\s][^|()\\]*)?")
_DAY = re.compile(
    rf"(?P<y1>\d{{4}})-(?P<m1>\d{{2}})-(?P<d1>\d{{2}})|(?P<y2>\d{{4}})年(?P<m2>\d{{1,2}})月(?P<d2>\d{{1,2}})日"
    rf"|(?P<n3>{_MONTHS})\.? (?P<d3>\d{{1,2}}),? (?P<y3>\d{{4}})"
    rf"|(?P<d4>\d{{1,2}})\.? (?P<n4>{_MONTHS})\.? (?P<y4>\d{{4}})"
    r"|(?P<d5>\d{1,2})\.(?P<m5>\d{1,2})\.(?P<y5>\d{4})|(?P<y6>\d{4})/(?P<m6>\d{1,2})/(?P<d6>\d{1,2})",
    re.IGNORECASE,
)
LOOKED_AT = 2000


@dataclass(frozen=True)
class Ignored:
    """The rules of one page: `selectors` of elements that are taken out, `patterns` of text that is."""

    selectors: tuple[str, ...]
    patterns: tuple[Any, ...]

    @classmethod
    def of(cls, rules: Sequence[str]) -> Ignored:
        """`dates` and `counters` by name; what begins with `.`, `#`, `[` or is the name of an HTML element is a CSS
        selector; all else a regular expression (RE2: no pattern can hang). Raises ValueError."""
        selectors = [rule.strip() for rule in rules if _is_selector(rule.strip())]
        patterns = [_NAMED.get(rule.strip(), rule) for rule in rules if not _is_selector(rule.strip())]
        return cls(tuple(map(_selector, selectors)), tuple(map(_pattern, patterns)))

    def without(self, block: str) -> str:
        """A block without what is ignored; empty when nothing else is in it."""
        for pattern in self.patterns:
            block = pattern.sub(" … ", block)
        if not self.patterns:
            return block
        text = " ".join(block.split())
        return text if text.strip("… ") else ""


def day_in(text: str) -> date | None:
    """The first date that a text names, where its parts can be told apart."""
    for found in _DAY.finditer(text[:LOOKED_AT]):
        parts = {name[0]: value for name, value in found.groupdict().items() if value}
        try:
            month = _NUMBERS[parts["n"].casefold()] if "n" in parts else int(parts["m"])
            return date(int(parts["y"]), month, int(parts["d"]))
        except ValueError:
            continue
    return None


def _is_selector(rule: str) -> bool:
    if rule in _NAMED:
        return False
    tag = _TAG.fullmatch(rule)
    return rule.startswith((".", "#", "[")) or (tag is not None and tag[1] in BLOCKS | INLINE | CELLS)


def _selector(rule: str) -> str:
    from selectolax.lexbor import LexborHTMLParser

    try:
        LexborHTMLParser("<p>").css(rule)
    except Exception as error:  # the library has no error of its own for this
        raise ValueError(f"{rule!r} is no CSS selector ({error})") from None
    return rule


def _pattern(rule: str) -> Any:
    import re2

    options = re2.Options()
    options.case_sensitive = False
    options.log_errors = False
    try:
        return re2.compile(rule, options)
    except re2.error as error:
        raise ValueError(f"{rule!r} is no regular expression ({error})") from None
