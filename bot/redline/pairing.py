"""Pairs: which removed paragraph came back elsewhere, and which added one is a removed one rewritten."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

SIMILAR = 0.5
"""Likeness from which two paragraphs are one paragraph, changed: what they share of words and of neighbouring words."""

SIMILAR_IN_PLACE = 0.36
"""The same where one paragraph alone stands in the place of one other."""

CANDIDATES = 4
"""Removed paragraphs that an added one is compared with in full."""

COMMON_SHINGLE = 8
"""A sequence of words in more removed paragraphs than this says nothing of where one comes from."""

_TERM = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]|\w+")

Gap = tuple[Sequence[int], Sequence[int]]
"""Old paragraphs and the new ones that stand in their place, by number."""

Pair = tuple[int, int]


def moved(old: Sequence[str], new: Sequence[str], gaps: Sequence[Gap]) -> list[Pair]:
    """Removed paragraphs that stand unchanged in another place, each with its new place.

    Paragraphs without a letter or digit (rules of dashes, stars) are left out: they come and go unnoticed.
    """
    places: dict[str, list[int]] = {}
    for here, _ in gaps:
        for i in here:
            places.setdefault(old[i], []).append(i)
    for row in places.values():
        row.reverse()
    pairs = []
    for _, there in gaps:
        for j in there:
            row = places.get(new[j], [])
            if row and _TERM.search(new[j]):
                pairs.append((row.pop(), j))
    return pairs


def rewritten(old: Sequence[str], new: Sequence[str], gaps: Sequence[Gap]) -> list[Pair]:
    """Removed paragraphs with the added one that each became, by the words they share.

    One alone in the place of one other needs least; the rest are looked for among near neighbours and by sequences of
    three words, and only a few candidates are compared in full.
    """
    bags: dict[tuple[str, int], Counter[object]] = {}

    def likeness(i: int, j: int) -> float:
        here = bags.setdefault(("old", i), _bag(old[i]))
        there = bags.setdefault(("new", j), _bag(new[j]))
        total = here.total() + there.total()
        return 2 * (here & there).total() / total if total else 0.0

    pairs = [
        (here[0], there[0])
        for here, there in gaps
        if len(here) == len(there) == 1 and likeness(here[0], there[0]) >= SIMILAR_IN_PLACE
    ]
    settled_old, settled_new = {i for i, _ in pairs}, {j for _, j in pairs}
    sources = _Shingles(old, (i for here, _ in gaps for i in here if i not in settled_old))
    scored: list[tuple[float, int, int]] = []
    for here, there in gaps:
        neighbours: Sequence[int] = here if len(here) <= CANDIDATES else ()
        for j in there:
            if j in settled_new:
                continue
            likely = {*sources.most_like(new[j]), *(i for i in neighbours if i not in settled_old)}
            scored.extend((score, i, j) for i in likely if (score := likeness(i, j)) >= SIMILAR)
    for _, i, j in sorted(scored, key=lambda entry: (-entry[0], abs(entry[1] - entry[2]), entry[1:])):
        if i not in settled_old and j not in settled_new:
            settled_old.add(i)
            settled_new.add(j)
            pairs.append((i, j))
    return pairs


def _bag(text: str) -> Counter[object]:
    """The words of a text and its pairs of neighbours: common words alone make nothing alike."""
    terms = _TERM.findall(text)
    return Counter([*terms, *pairwise(["", *terms, ""])])


class _Shingles:
    """Paragraphs by their sequences of three words."""

    def __init__(self, texts: Sequence[str], places: Iterator[int]) -> None:
        self._places: dict[tuple[str, ...], list[int]] = {}
        for i in places:
            for shingle in set(_shingles(texts[i])):
                row = self._places.setdefault(shingle, [])
                if len(row) <= COMMON_SHINGLE:
                    row.append(i)

    def most_like(self, text: str) -> list[int]:
        """The few paragraphs that share the most sequences with `text`."""
        votes: Counter[int] = Counter()
        for shingle in _shingles(text):
            row = self._places.get(shingle, ())
            if len(row) <= COMMON_SHINGLE:
                votes.update(row)
        return [i for i, _ in votes.most_common(CANDIDATES)]


def _shingles(text: str) -> Iterator[tuple[str, ...]]:
    terms = _TERM.findall(text)
    return zip(terms, terms[1:], terms[2:], strict=False)
