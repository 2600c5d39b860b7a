"""One spelling for many: names are compared without case, width, hyphens, spaces and other punctuation."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

_PARENTHESES = re.compile(r"[(（][^)）]{0,60}[)）]")
_NOT_A_LETTER = re.compile(r"[\W_]+")
_LONGEST = 120


def plain(text: str) -> str:
    """`text` reduced to what its spelling means: NFKC, casefolded, only letters and digits.

    "Ｈ－２０", "h 20" and "H20" become one; a text over 120 characters is cut before anything else looks at it.
    """
    return _NOT_A_LETTER.sub("", unicodedata.normalize("NFKC", text[:_LONGEST]).casefold())


def without_parentheses(text: str) -> str:
    """`text` without what stands in parentheses: "GB200 (per GPU)" is "GB200"."""
    return _PARENTHESES.sub(" ", text[:_LONGEST])


def nearest(text: str, spellings: Iterable[str], *, limit: int = 3, cutoff: float = 0.72) -> list[str]:
    """The spellings most like `text`, the likest first; both are expected in `plain` form."""
    import difflib

    return difflib.get_close_matches(text, list(spellings), n=limit, cutoff=cutoff)
