"""The words of the trade in many languages, and where they stand in a text.

The words are data (`data/vocabulary/*.toml`); all of them are looked for in one pass (Aho-Corasick). A pattern stands
for a concept, written `section.name`: `chips.H20`, `companies.Nvidia`, `places.CN`, `terms.ban`, `off.food`.
Countries are also known by their names in `data/countries.toml`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from itertools import product
from typing import Any, NamedTuple

from bot.knowledge.folding import CJK_FROM, Folded, Folding
from bot.knowledge.place_names import place_patterns

GAP = r"[^.!?;:]{1,60}?"
"""What ` * ` inside a pattern stands for: a few words of one clause. Bounded, so that matching stays linear."""


class Match(NamedTuple):
    """A pattern found in a folded text: where, which concept, and whether it stands for one word only."""

    start: int
    end: int
    concept: str


_NEW = tuple.__new__
"""Builds a match without the detour of its constructor: texts have dozens."""


class _Pattern(NamedTuple):
    """One way of writing a concept. `exact` is the spelling to insist on, `tail` what must follow the searched part."""

    concept: str
    length: int
    left: bool
    right: bool
    exact: str | None
    tail: re.Pattern[str] | None


class Vocabulary:
    """All patterns, compiled. Build it once (`vocabulary()`): it takes some tens of milliseconds."""

    def __init__(self, tables: Mapping[str, Mapping[str, Any]]) -> None:
        import ahocorasick  # here, so that importing the knowledge costs nothing

        letters = tables["folding"]
        self.folding = Folding(
            dict(tuple(pair) for pair in letters["simplified"].split()),
            dict(tuple(pair) for pair in letters["look_alikes"].split()),
            letters["dashes"],
        )
        self.joint = self._word_of(tables, "joint")
        """Finds the words that join two acts: and, und, 并."""
        self.cause = self._word_of(tables, "cause")
        """Finds the words that bring in a cause or circumstance: over, wegen, 因."""
        self.agency_of: Mapping[str, str] = tables["entities"]["agency_of"]
        found: dict[str, list[_Pattern]] = {}
        for concept, written in _concepts(tables):
            for key, pattern in self._compiled(concept, written):
                known = found.setdefault(key, [])
                if pattern not in known:
                    known.append(pattern)
        self._automaton = ahocorasick.Automaton()
        for key, patterns in found.items():
            self._automaton.add_word(key.encode().decode("latin-1"), tuple(patterns))
        self._automaton.make_automaton()

    def _compiled(self, concept: str, written: str) -> Iterator[tuple[str, _Pattern]]:
        exact = written[1:] if written.startswith("=") else None
        plain = written.removeprefix("=")
        open_left, open_right = plain.startswith("*"), plain.endswith("*")
        plain = plain.strip("*")
        head, star, rest = plain.partition("*")
        if star:
            tail = re.escape(self.folding.fold(rest).text).replace(r"\*\ ", r"\w{0,20}\ ").replace(r"\ \*", r"\ " + GAP)
            joint = GAP if head.endswith(" ") else r"\w{0,20}"
            ending = "" if open_right else r"(?!\w)"
            follows = re.compile(joint + tail.replace(r"\*", r"\w{0,20}") + ending)
            head = self.folding.fold(head).text
            yield head, _Pattern(concept, len(head), not open_left and _edged(head[0]), False, None, follows)
            return
        for spelling in _spellings(plain):
            key = self.folding.fold(spelling).text
            left = not open_left and _edged(key[0])
            right = not open_right and _edged(key[-1])
            yield key, _Pattern(concept, len(key), left, right, exact.strip("*") if exact else None, None)

    def _word_of(self, tables: Mapping[str, Mapping[str, Any]], name: str) -> re.Pattern[str]:
        """Finds any of the words that the languages' `[grammar]` tables have under a name."""
        words = {
            self.folding.fold(word).text for table in tables.values() for word in table.get("grammar", {}).get(name, ())
        }
        edged = "|".join(re.escape(word) for word in sorted(words) if _edged(word[0]))
        signs = "|".join(re.escape(word) for word in sorted(words) if not _edged(word[0]))
        return re.compile("|".join(part for part in (edged and rf"\b(?:{edged})\b", signs) if part) or r"(?!)")

    def find(self, folded: Folded) -> list[Match]:
        """Every concept in a text with its place in the folded text, in the order of their ends.

        The automaton reads UTF-8, an octet at a time: no state has more than some dozens of ways on, which it tries one
        after the other, while there are hundreds of ideographs to begin with.
        """
        plain = folded.text.isascii()
        octets = b"" if plain else folded.text.encode("utf-8", "replace")
        text = folded.text + " "  # no word stands before the first character (-1) or after the last one
        matches: list[Match] = []
        at = end = 0  # what was found last ended at this octet, which is this character
        for place, patterns in self._automaton.iter(folded.text if plain else octets.decode("latin-1")):
            place += 1
            if plain:
                end = place
            elif place != at:
                end += len(octets[at:place].decode())
                at = place
            for concept, length, left, right, exact, tail in patterns:
                start = end - length
                if left and (before := text[start - 1]) < CJK_FROM and before.isalnum():
                    continue
                if right and (after := text[end]) < CJK_FROM and after.isalnum() and not _plural(text, end):
                    continue
                if exact is not None:
                    first, beyond = folded.span(start, end)
                    if folded.given[first:beyond] != exact:
                        continue
                if tail is None:
                    matches.append(_NEW(Match, (start, end, concept)))
                elif follows := tail.match(folded.text, end):
                    matches.append(Match(start, follows.end(), concept))
        return matches


def _edged(char: str) -> bool:
    return char < CJK_FROM and char.isalnum()


def _plural(text: str, end: int) -> bool:
    """Whether only a plural "s" follows a code that ends in a digit (H100s). The text ends in a space."""
    return text[end] == "s" and text[end - 1].isdigit() and not _edged(text[end + 1])


def _spellings(plain: str) -> Iterator[str]:
    """`rtx_4090` may be written rtx4090, rtx 4090 and rtx-4090."""
    parts = plain.split("_")
    for joints in product(("", " ", "-"), repeat=len(parts) - 1):
        yield "".join(part + joint for part, joint in zip(parts, (*joints, ""), strict=True))


_SECTIONS = (
    *("chips", "not_chips", "companies", "places", "doubted", "areas", "not_places"),
    *("agencies", "people", "spots", "persons", "named"),
)


def _concepts(tables: Mapping[str, Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    entities = tables["entities"]
    for section in _SECTIONS:
        for name, patterns in entities[section].items():
            for pattern in patterns:
                yield f"{section}.{name}", pattern
    written = entities["place_names"]
    for code, pattern in place_patterns(tables["countries"], entities["doubted"], written):
        yield f"places.{code}", pattern
    for language, table in tables.items():
        if language in ("entities", "folding", "countries"):
            continue
        for name, patterns in table["terms"].items():
            if name == "off":
                for subject, words in patterns.items():
                    for pattern in words:
                        yield f"off.{subject}", pattern
            else:
                for pattern in patterns:
                    yield f"terms.{name}", pattern


@cache
def vocabulary() -> Vocabulary:
    """The shipped vocabulary, built at the first call."""
    data = files("bot.knowledge") / "data"
    entries = (*(data / "vocabulary").iterdir(), data / "countries.toml")
    tables = {
        entry.name.removesuffix(".toml"): tomllib.loads(entry.read_text(encoding="utf-8"))
        for entry in sorted(entries, key=lambda entry: entry.name)
        if entry.name.endswith(".toml")
    }
    return Vocabulary(tables)
