"""Words: what changed inside one paragraph."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import SequenceMatcher
from typing import Literal

from bot.redline.alignment import Block, alignment, common_ends, equal_pairs

Operation = Literal["=", "-", "+"]
Run = tuple[Operation, str]
"""Neighbouring words that are kept, removed or added, with the white space between them."""

EXACT_WORK = 60_000
"""Equal pairs of words up to which difflib searches a paragraph."""

SMALL = 3
"""Letters of a kept run that is not worth showing between two replacements ("of", "the")."""

# A number keeps its separators, percent sign and unit letters ("4,800", "3A090.a", "744.23"); a group keeps its colon
# ("D:5"); section signs stand alone; scripts without spaces fall into single characters.
_CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_WORD = re.compile(
    rf"(?<!\s)\s*+(?:[{_CJK}]"
    rf"|\d[^\W_{_CJK}]*(?:[.,:/'\u2019\u2013\u2212-][^\W_{_CJK}]+)*%?"
    rf"|[^\W\d_{_CJK}][^\W_{_CJK}]*(?:[.:/'\u2019-][^\W_{_CJK}]+)*"
    rf"|\S)"
)
_UNSPACED = re.compile(f"[{_CJK}]")


class WordComparison:
    """Compares paragraphs word by word, with an allowance of work for the whole redline.

    When the allowance is used up, the rest of the paragraphs get the coarse answer: what the two begin and end with is
    kept, all between is removed and added.
    """

    def __init__(self, allowance: int = 4_000_000) -> None:
        self._allowance = allowance

    def __call__(self, old: str, new: str) -> tuple[Run, ...]:
        """The runs of two paragraphs without white space at their ends.

        `=` and `-` together read as `old`, `=` and `+` as `new`; of neighbours, the removed words come first.
        """
        if _UNSPACED.match(old) and _UNSPACED.match(new):
            before, after = _WORD.findall(old), _WORD.findall(new)
            return _flat(_tidied(_runs(before, after, self._blocks(before, after))))
        # A blank in front lets the first word equal one that was pushed on by an insertion before it.
        before, after = _WORD.findall(" " + old), _WORD.findall(" " + new)
        return _flat(_tidied(_without_first_blank(_runs(before, after, self._blocks(before, after)))))

    def _blocks(self, before: list[str], after: list[str]) -> list[Block]:
        head, tail = common_ends(before, after)
        blocks: list[Block] = [(0, 0, head)]
        middle, there = before[head : len(before) - tail], after[head : len(after) - tail]
        if middle and there:
            blocks.extend((head + i, head + j, size) for i, j, size in self._inner(middle, there))
        blocks.append((len(before) - tail, len(after) - tail, tail))
        return blocks

    def _inner(self, middle: list[str], there: list[str]) -> list[Block]:
        if self._allowance <= 0:
            return []
        work = equal_pairs(middle, there)
        self._allowance -= len(middle) + len(there) + min(work, EXACT_WORK)
        if work > EXACT_WORK:
            return alignment(middle, there)
        matcher = SequenceMatcher(None, middle, there, autojunk=False)
        return [(i, j, size) for i, j, size in matcher.get_matching_blocks() if size]


def _runs(before: list[str], after: list[str], blocks: list[Block]) -> list[tuple[str, str, str]]:
    """Triples of (removed, added, kept) text in reading order; small kept runs between replacements are dissolved."""
    triples: list[tuple[str, str, str]] = []
    at_old = at_new = 0
    for i, j, size in [*blocks, (len(before), len(after), 0)]:
        removed, added = "".join(before[at_old:i]), "".join(after[at_new:j])
        kept = "".join(before[i : i + size])
        at_old, at_new = i + size, j + size
        if not (removed or added):
            if kept and triples:
                triples[-1] = (triples[-1][0], triples[-1][1], triples[-1][2] + kept)
            elif kept:
                triples.append(("", "", kept))
        elif triples and removed and added and _dissolves(triples[-1]):
            minus, plus, small = triples[-1]
            triples[-1] = (minus + small + removed, plus + small + added, kept)
        else:
            triples.append((removed, added, kept))
    return triples


def _dissolves(triple: tuple[str, str, str]) -> bool:
    removed, added, kept = triple
    word = kept.strip()
    small = len(word) <= SMALL and (word.isascii() or len(word) == 1)
    return bool(removed and added and small and not any(letter.isdigit() for letter in word))


def _without_first_blank(triples: list[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
    """The triples without the blank that was put in front of both paragraphs."""
    removed, added, kept = triples[0] if triples else ("", "", "")
    if bool(removed) != bool(added) and kept:
        # Only one side has words here: the blank goes from the kept run to the end of these words.
        first = (removed and removed[1:] + " ", added and added[1:] + " ", kept[1:])
    elif removed or added:
        first = (removed[1:], added[1:], kept)
    else:
        first = ("", "", kept[1:])
    return [first, *triples[1:]]


def _tidied(triples: list[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
    """The triples with the blank before two replaced words kept in the run before them: "4800", not " 4800"."""
    for at in range(1, len(triples)):
        removed, added, kept = triples[at]
        if removed[:1] == added[:1] == " ":
            minus, plus, before = triples[at - 1]
            triples[at - 1 : at + 1] = [(minus, plus, before + " "), (removed[1:], added[1:], kept)]
    return triples


def _flat(triples: list[tuple[str, str, str]]) -> tuple[Run, ...]:
    """The runs in reading order, neighbours of one operation as one."""
    runs: list[Run] = []
    for removed, added, kept in triples:
        runs += [("-", removed), ("+", added), ("=", kept)]
    return joined(runs)


def joined(pieces: Iterable[Run]) -> tuple[Run, ...]:
    """The runs without empty ones, neighbours of one operation as one."""
    runs: list[Run] = []
    for operation, text in pieces:
        if text and runs and runs[-1][0] == operation:
            runs[-1] = (operation, runs[-1][1] + text)
        elif text:
            runs.append((operation, text))
    return tuple(runs)
