"""Finds the chips and places that a text names, in any spelling and in three languages: for questions in free words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from bot.knowledge.chips import Chips
from bot.knowledge.countries import Countries
from bot.knowledge.spelling import plain

LONGEST_TEXT = 6000
"""Characters of a text that are read."""
MOST_WORDS = 5
"""Words of the longest name ("RTX PRO 6000 Blackwell D")."""
_WORD = re.compile(r"[^\W_]+(?:[-.'’][^\W_]+)*", re.UNICODE)
_HAN = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff]")
_PLURAL = re.compile(r"(?<=\d)s$|(?:'s|’s)$", re.IGNORECASE)
_FEW_WORDS = 6
"""Up to so many words any code of two letters is a place; in longer texts only those that are usual in prose."""
_IN_PROSE = frozenset({"US", "UK", "HK", "CN", "SG", "TW", "KR", "JP", "AE", "SA", "QA", "RU", "IR"})
_NEVER = frozenset({"AI", "IT", "PC", "TV", "ID", "NO", "SO", "IS", "BE", "DO", "ME", "AM", "AN", "TO"})
_SHORT = 3
"""Latin names of places up to this length count only in capitals: CAN is Canada, "can" is not."""


@dataclass(frozen=True, slots=True)
class Named:
    """A chip (short name), place (ISO code) or family in a text, and where: characters, end exclusive."""

    what: str
    name: str
    start: int
    end: int
    text: str


class Naming:
    """Finds names. Latin ones are looked up word by word, at most five together; Chinese ones stand anywhere."""

    def __init__(self, chips: Chips, countries: Countries) -> None:
        self.chips = chips
        self.countries = countries

    def find(self, text: str) -> tuple[Named, ...]:
        """Every chip, family and place in a text, in their order; nothing overlaps. Linear in its length."""
        given = text[:LONGEST_TEXT]
        words = list(_WORD.finditer(given))
        shouted = given == given.upper() and len(words) > _FEW_WORDS
        codes = None if len(words) <= _FEW_WORDS else frozenset[str]() if shouted else _IN_PROSE
        found: list[Named] = []
        at = 0
        while at < len(words):
            named, taken = self._at(given, words, at, codes)
            if named:
                found.append(named)
            at += taken
        taken_up = [(each.start, each.end) for each in found]
        found += [each for each in self._han(given) if not any(a < each.end and each.start < b for a, b in taken_up)]
        return tuple(sorted(found, key=lambda each: each.start))

    def _at(
        self, given: str, words: list[re.Match[str]], at: int, codes: frozenset[str] | None
    ) -> tuple[Named | None, int]:
        """The longest name that begins at a word, and how many words it takes."""
        for count in range(min(MOST_WORDS, len(words) - at), 0, -1):
            start, end = words[at].start(), words[at + count - 1].end()
            if end - start > 80:
                continue
            phrase = given[start:end]
            if _HAN.search(phrase) and count > 1:
                continue
            named = self._named(phrase, codes, single=count == 1)
            if named:
                return Named(*named, start, end, phrase), count
        return None, 1

    def _named(self, phrase: str, codes: frozenset[str] | None, *, single: bool) -> tuple[str, str] | None:
        for form in dict.fromkeys((phrase, _PLURAL.sub("", phrase))):
            spelling = plain(form)
            if len(spelling) < 2:
                continue
            if name := self.chips.spellings.get(spelling):
                return ("chip", name) if any(char.isdigit() for char in spelling) or len(spelling) > 4 else None
            if code := self.countries.spellings.get(spelling):
                if len(spelling) <= _SHORT and spelling.isascii() and (form != form.upper() or codes == frozenset()):
                    return None
                return "place", code
            if single and _is_code(form, codes) and (code := self.countries.exact(form)):
                return "place", code
            if single and (family := self.chips.family(form)) and len(spelling) > 3:
                return "family", family.name
        return None

    def _han(self, given: str) -> Iterator[Named]:
        """Names written in Chinese characters: the longest first where they overlap."""
        if not _HAN.search(given):
            return
        folded = unicodedata.normalize("NFKC", given)
        if len(folded) != len(given):
            folded = given
        hits = [
            (end - length + 1, end + 1, what, name)
            for end, (length, what, name) in self._automaton.iter(folded.casefold())
            if not (_latin(folded, end) and _latin(folded, end + 1))
            and not (_latin(folded, end - length + 1) and _latin(folded, end - length))
        ]
        last = 0
        for start, end, what, name in sorted(hits, key=lambda hit: (hit[0], -hit[1])):
            if start >= last:
                yield Named(what, name, start, end, given[start:end])
                last = end

    @cached_property
    def _automaton(self) -> Any:
        import ahocorasick  # here, so that importing the knowledge costs nothing

        made = ahocorasick.Automaton()
        for what, spellings in (("place", self.countries.spellings), ("chip", self.chips.spellings)):
            for spelling, name in spellings.items():
                written_together = _HAN.search(spelling) or (what == "chip" and _is_code_name(spelling))
                if written_together and len(spelling) > 1:
                    made.add_word(spelling, (len(spelling), what, name))
        made.make_automaton()
        return made


def _is_code_name(spelling: str) -> bool:
    """Whether letters and digits stand in it: H20出口 has no space between the chip and the next word."""
    return any(char.isdigit() for char in spelling) and any(char.isalpha() for char in spelling)


def _is_code(form: str, allowed: frozenset[str] | None) -> bool:
    return len(form) == 2 and form.isupper() and form not in _NEVER and (allowed is None or form in allowed)


def _latin(text: str, at: int) -> bool:
    """Whether a Latin letter or a digit stands there: a name must not begin or end inside a word of these."""
    return 0 <= at < len(text) and text[at].isascii() and text[at].isalnum()
