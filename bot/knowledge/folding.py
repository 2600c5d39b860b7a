"""Folds a text of strangers into the form in which words are looked for, and knows where each character stood."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

CJK_FROM = "\u2e80"
"""Characters from here on are written without spaces: a word has no edge there."""

_SPELLINGS = (("licenc", "licens"), ("centre", "center"), ("defence", "defense"), ("authoris", "authoriz"))
_TAG = re.compile(r"<[a-zA-Z/!][^<>]{0,200}>")
_ENTITY = re.compile(r"&(?:#\d{1,6}|#x[0-9a-fA-F]{1,5}|[a-zA-Z]{2,8});")
_ODD_ASCII = re.compile(r"[<&`\x00-\x08\x0b-\x1f\x7f]")
_PLAIN_ASCII = bytes.maketrans(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ\n\r\t`", b"abcdefghijklmnopqrstuvwxyz   '")
"""What folding makes of ASCII, before anything slower looks at a text."""
_FOREIGN = re.compile(r"[\u0370-\u04ff]")
_MIXED_WORD = re.compile(r"(?<![a-z0-9])[a-z0-9]*+[\u0370-\u03ff\u0400-\u04ff][a-z0-9\u0370-\u03ff\u0400-\u04ff]*")


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text. `starts` gives for each of its characters the place in the text as given; None: the same place."""

    text: str
    given: str
    starts: tuple[int, ...] | None = None

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The place of `text[start:end]` in the text as given."""
        if self.starts is None:
            return start, end
        return self.starts[start], self.starts[end - 1] + 1 if end > start else self.starts[start]


IDEOGRAPHS = "\u4e00", "\u9fa5"
SYLLABLES = "\uac00", "\ud7a3"
"""Unified ideographs (the traditional ones apart) and Korean syllables fold to themselves."""
_PERHAPS_SAME = (*range(0x20, 0x180), *range(0x370, 0x500), *range(0x3000, 0x3100))
"""Where else most characters that are not ASCII capitals fold to themselves; which do is tried out."""


class Folding(dict[int, str]):
    """A table for `str.translate`: NFKC and casefold of each character, traditional Chinese as simplified.

    Characters that show nothing (zero-width, marks of direction, soft hyphen, control) vanish.
    """

    def __init__(self, simplified: Mapping[str, str], look_alikes: Mapping[str, str], dashes: str) -> None:
        super().__init__()
        self.simplified = simplified
        self.look_alikes = str.maketrans(dict(look_alikes))
        self.dashes = frozenset(dashes)
        self._expanding: set[str] = set()  # characters that fold to none or to several
        self._expands: re.Pattern[str] | None = None
        same = "".join(char for code in _PERHAPS_SAME if self[code] == (char := chr(code)))
        changing = "".join(char for char in simplified if IDEOGRAPHS[0] <= char <= IDEOGRAPHS[1])
        self._changes = re.compile(
            rf"[^{re.escape(same)}{IDEOGRAPHS[0]}-{IDEOGRAPHS[1]}{SYLLABLES[0]}-{SYLLABLES[1]}]|[{changing}]"
        )

    def __missing__(self, code: int) -> str:
        char = chr(code)
        if unicodedata.category(char) in ("Cn", "Co", "Cs"):
            return ""  # hundreds of thousands without a meaning: not worth remembering
        folded = self._fold(char)
        self[code] = folded
        if len(folded) != 1:
            self._expanding.add(char)
            self._expands = None
        return folded

    def _uneven(self, text: str, length: int) -> list[tuple[int, int]]:
        """The characters of a text that fold to none or to several, so that places shift: where each stands and to how
        many it folds. `length` is that of the folded text."""
        if self._expands is None:
            known = re.escape("".join(sorted(self._expanding)))
            self._expands = re.compile(f"[{known}]" if known else "(?!)")
        uneven = [(found.start(), len(self[ord(found[0])])) for found in self._expands.finditer(text)]
        if len(text) + sum([width - 1 for _, width in uneven]) == length:
            return uneven
        widths = [len(self[ord(char)]) for char in text]  # some were not worth remembering
        return [(place, width) for place, width in enumerate(widths) if width != 1]

    def _fold(self, char: str) -> str:
        category = unicodedata.category(char)
        if char in self.dashes:
            return "-"
        if char in "\n\r\t" or category in ("Zs", "Zl", "Zp"):
            return " "
        if category in ("Cf", "Cc") or "\ufe00" <= char <= "\ufe0f":
            return ""
        if char in "\u2018\u2019\u02bc\u2032`\u00b4":
            return "'"
        if char in "\u201c\u201d\u201e\u201f\u00ab\u00bb\u300c\u300d\u300e\u300f":
            return '"'
        folded = unicodedata.normalize("NFKC", char).casefold()
        return self.simplified.get(folded, folded)

    def fold(self, given: str) -> Folded:
        """The folded text. Its cost grows with the length of the text and with nothing else."""
        if given.isascii() and not _ODD_ASCII.search(given):
            return Folded(_one_spelling(given.lower().replace("\n", " ").replace("\t", " ")), given)
        text = given
        if not text.isascii() and not unicodedata.is_normalized("NFC", text):
            text = unicodedata.normalize("NFC", text)
        if "<" in text or "&" in text:
            text = _blank(text)
        plain = text.encode("utf-8", "surrogatepass").translate(_PLAIN_ASCII).decode("utf-8", "surrogatepass")
        folded = self._changes.sub(self._changed, plain)
        starts = None
        uneven = self._uneven(text, len(folded))
        if uneven or len(text) != len(given):
            starts = _starts(uneven, len(text), max(len(given) - 1, 0))
        if not folded.isascii() and _FOREIGN.search(folded):
            folded = _MIXED_WORD.sub(self._latinised, folded)
        return Folded(_one_spelling(folded), given, starts)

    def _changed(self, found: re.Match[str]) -> str:
        return self[ord(found[0])]

    def _latinised(self, found: re.Match[str]) -> str:
        word = found.group()
        if not any("a" <= char <= "z" or "0" <= char <= "9" for char in word):
            return word
        return word.translate(self.look_alikes)


def _one_spelling(text: str) -> str:
    """British and American spellings of the field's own words as one; letter for letter, so that places stay."""
    for british, american in _SPELLINGS:
        if british in text:
            text = text.replace(british, american)
    return text


def _blank(text: str) -> str:
    """Tags become spaces and entities their character, both padded to the same length."""
    text = _TAG.sub(lambda found: " " * len(found.group()), text)
    return _ENTITY.sub(lambda found: html.unescape(found.group())[:1].ljust(len(found.group())), text)


def _starts(uneven: Iterable[tuple[int, int]], length: int, last: int) -> tuple[int, ...]:
    """Where each folded character of a text of this length stood; nothing stands after `last`."""
    starts: list[int] = []
    done = 0
    for place, width in uneven:
        starts += range(done, place)
        starts += [place] * width
        done = place + 1
    starts += range(done, length)
    return tuple(starts) if length <= last + 1 else tuple(min(place, last) for place in starts)
