"""Text of strangers made fit to show: cleaned of what is not text, and cut at grapheme borders.

What a reader takes for one character may be many code points (an accent, a family, a flag). The borders follow Unicode
Standard Annex 29; where that needs tables that Python does not carry (which consonants a virama joins), the rules here
join more than it does, so that a cut never falls inside a character. All of it is linear in the length that is kept.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import replace

from bot.locale.rich import Rich, Span

ELLIPSIS = "…"
LONGEST_CLUSTER = 16
"""Code points of one character that are kept: families and flags of regions fit, towers of accents do not."""

_ZWJ = "\u200d"
_KEPT_FORMATS = frozenset((_ZWJ, "\u200c"))
"""Joiners that emoji, Persian and Indic scripts need; every other invisible format mark is dropped."""


def encodable(text: str) -> str:
    """The text without what no store and no JSON in UTF-8 can hold: lone surrogates are replaced, NUL goes."""
    whole = text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")
    return whole.replace("\0", "")


def clean(text: str, limit: int) -> str:
    """One line of visible text: control, bidirectional and other invisible marks dropped, white space made single
    spaces, lone surrogates replaced, then cut to `limit` characters as `cut` does. Reads no more than it needs."""
    head = text[: limit * (LONGEST_CLUSTER + 1) * 2]
    if head.isascii() and head.isprintable():
        return cut(" ".join(head.split()), limit)
    return cut(" ".join("".join(map(_visible, head)).split()), limit)


def _visible(char: str) -> str:
    if char.isprintable() and not "\U000e0000" <= char <= "\U000e0fff":
        return char
    if char in "\t\n\r\v\f\x85\u2028\u2029" or char.isspace():
        return " "
    if char in _KEPT_FORMATS or "\ufe00" <= char <= "\ufe0f":
        return char
    return "\ufffd" if unicodedata.category(char) == "Cs" else ""


def cut(text: str, limit: int) -> str:
    """The text itself where it has at most `limit` characters (graphemes), else its beginning with an ellipsis, which
    counts as one. Characters of more than `LONGEST_CLUSTER` code points lose the rest of theirs."""
    if len(text) <= limit and text.isascii():
        return text
    if limit <= 0:
        return ""
    kept: list[str] = []
    for cluster in graphemes(text):
        if len(kept) == limit:
            return "".join(kept[:-1]).rstrip() + ELLIPSIS
        kept.append(cluster[:LONGEST_CLUSTER])
    return "".join(kept)


def cut_rich(line: Rich, limit: int) -> Rich:
    """A styled line with at most `limit` characters; the span that crosses the limit is cut, later ones go."""
    if sum(len(span.text) for span in line) <= limit:
        return line
    kept: list[Span] = []
    left = limit
    for number, span in enumerate(line):
        length = count(span.text, left + 1)
        more = number + 1 < len(line)
        if length > left or (length == left and more):
            text = cut(span.text, left) if length > left else cut(span.text + ELLIPSIS * 2, left)
            kept.append(replace(span, text=text))
            break
        kept.append(span)
        left -= length
    return tuple(kept)


def count(text: str, stop: int | None = None) -> int:
    """How many characters a reader sees; counting ends at `stop`."""
    if text.isascii():
        return len(text)
    found = 0
    for _ in graphemes(text):
        found += 1
        if found == stop:
            break
    return found


def graphemes(text: str) -> Iterator[str]:
    """The characters as a reader sees them."""
    start, flags = 0, 0
    for at in range(1, len(text)):
        before, char = text[at - 1], text[at]
        flags = flags + 1 if _is_regional(before) else 0
        if _joins(before, char, flags):
            continue
        yield text[start:at]
        start = at
    if text:
        yield text[start:]


def _joins(before: str, char: str, flags: int) -> bool:
    """Whether no border lies between two neighbouring code points; `flags`: regional indicators up to `before`."""
    if before < "\x80" and char < "\x80":
        return before == "\r" and char == "\n"
    if _is_control(before) or _is_control(char):
        return False
    if _extends(char):
        return True
    if before == _ZWJ:
        return not char.isascii()
    if _is_regional(char):
        return flags % 2 == 1
    if _is_hangul(before) and _is_hangul(char):
        return _hangul_joins(before, char)
    if unicodedata.combining(before) == 9:  # a virama ties the next letter to its own
        return unicodedata.category(char) == "Lo"
    return _is_prepended(before)


def _is_control(char: str) -> bool:
    if char in ("\u200c", _ZWJ):
        return False
    category = unicodedata.category(char)
    return category in ("Cc", "Zl", "Zp", "Cs") or (category == "Cf" and not _extends(char) and not _is_prepended(char))


def _extends(char: str) -> bool:
    """Marks of every sort, joiners, variation selectors, skin tones, tag characters, half-width sound marks, and the
    Thai and Lao AM."""
    if char < "\u0300":
        return False
    if char in "\u200c\u200d\uff9e\uff9f\u0e33\u0eb3" or "\U0001f3fb" <= char <= "\U0001f3ff":
        return True
    return "\U000e0020" <= char <= "\U000e007f" or unicodedata.category(char)[0] == "M"


def _is_regional(char: str) -> bool:
    return "\U0001f1e6" <= char <= "\U0001f1ff"


def _is_prepended(char: str) -> bool:
    """Signs that belong to what follows them: Arabic number signs and their like."""
    return "\u0600" <= char <= "\u0605" or char in "\u06dd\u070f\u0890\u0891\u08e2\u0d4e\U000110bd\U000110cd"


def _is_hangul(char: str) -> bool:
    return "\u1100" <= char <= "\u11ff" or "\ua960" <= char <= "\ua97c" or "\uac00" <= char <= "\ud7fb"


def _hangul_joins(before: str, char: str) -> bool:
    """Leading consonants, vowels and final consonants make one syllable, in this order."""
    first, second = _hangul_type(before), _hangul_type(char)
    if first == "L":
        return second in ("L", "V", "LV", "LVT")
    if first in ("LV", "V"):
        return second in ("V", "T")
    return second == "T"


def _hangul_type(char: str) -> str:
    if "\uac00" <= char <= "\ud7a3":
        return "LV" if (ord(char) - 0xAC00) % 28 == 0 else "LVT"
    if "\u1100" <= char <= "\u115f" or "\ua960" <= char <= "\ua97c":
        return "L"
    return "V" if "\u1160" <= char <= "\u11a7" or "\ud7b0" <= char <= "\ud7c6" else "T"
