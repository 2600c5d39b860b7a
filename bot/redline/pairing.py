"""Pairs: which removed paragraph came back elsewhere, and which added one is a removed one rewritten."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise

from bot.redline.tables import Place, TableRow

SIMILAR = 0.5
"""Likeness from which two paragraphs are one paragraph, changed: what they share of words and of neighbouring words."""

SIMILAR_IN_PLACE = 0.36
"""The same where one paragraph alone stands in the place of one other."""

CANDIDATES = 4
"""Removed paragraphs that an added one is compared with in full."""

COMPARED = 20_000
"""Pairs of rows of one name that are compared before the rest are taken in order."""

COMMON_SHINGLE = 8
"""A sequence of words in more removed paragraphs than this says nothing of where one comes from."""

_TERM = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]|\w+")

Gap = tuple[Sequence[int], Sequence[int]]
"""Old paragraphs and the new ones that stand in their place, by number."""

Pair = tuple[int, int]

Texts = Sequence[str] | Mapping[int, str]
"""Paragraphs or rows by number."""


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


def rewritten(
    old: Texts,
    new: Texts,
    gaps: Sequence[Gap],
    in_place: float = SIMILAR_IN_PLACE,
    alike: Callable[[int, int], float] | None = None,
) -> list[Pair]:
    """Removed paragraphs with the added one that each became, by the words they share.

    One alone in the place of one other needs least (`in_place`); the rest are looked for among near neighbours and by
    sequences of three words, and only a few candidates are compared in full, by `alike` where it is given.
    """
    likeness = alike or Likeness(old.__getitem__, new.__getitem__)
    pairs = [
        (here[0], there[0])
        for here, there in gaps
        if len(here) == len(there) == 1 and likeness(here[0], there[0]) >= in_place
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


def same_row(
    old: Sequence[str], new: Sequence[str], places: tuple[Sequence[Place], Sequence[Place]], gaps: Sequence[Gap]
) -> tuple[list[Pair], list[Pair], list[Gap]]:
    """Rows of tables with the row that each became: of one name in one table; else the one with its other cells, in
    its place or where no third row has them; else of names that are alike.

    The second list holds those whose cells are as they were under heads that were renamed; the gaps that are left hold
    no rows. What else stands in the rows says little: two countries with the same marks are two.
    """
    rows = (_rows(places[0], gaps, 0), _rows(places[1], gaps, 1))
    if not any(rows):
        return [], [], list(gaps)
    tables = _tables(rows, places)
    named = [{at: (tables[side][at], row.key) for at, row in rows[side].items()} for side in (0, 1)]
    pairs = paired_by_name(named[0], named[1], Likeness(old.__getitem__, new.__getitem__))
    pairs += _replaced(rows, tables, _unpaired(gaps, rows, pairs))
    pairs += _renamed(rows, tables, places, pairs)
    keys = [{at: row.key for at, row in side.items()} for side in rows]
    alike = Likeness(keys[0].__getitem__, keys[1].__getitem__)

    def alike_in_one_table(i: int, j: int) -> float:
        return alike(i, j) if tables[0][i] == tables[1][j] else 0.0

    pairs += rewritten(keys[0], keys[1], _unpaired(gaps, rows, pairs), SIMILAR, alike_in_one_table)
    same = [(i, j) for i, j in pairs if rows[0][i].values == rows[1][j].values]
    rest: list[Gap] = [
        ([i for i in gap[0] if i not in rows[0]], [j for j in gap[1] if j not in rows[1]]) for gap in gaps
    ]
    return pairs, same, rest


_Rows = Mapping[int, TableRow]
_Tables = Mapping[int, str | None]


def _rows(places: Sequence[Place], gaps: Sequence[Gap], side: int) -> _Rows:
    """The rows of tables in the gaps of one side."""
    if not places:
        return {}
    return {at: place for gap in gaps for at in gap[side] if isinstance(place := places[at], TableRow)}


def _tables(rows: tuple[_Rows, _Rows], places: tuple[Sequence[Place], Sequence[Place]]) -> tuple[_Tables, _Tables]:
    """The table of each row; those that stand on one side alone may be one that was renamed, and are None."""
    here, there = ({place.table for place in side if isinstance(place, TableRow)} for side in places)
    shared = here & there
    first, second = ({at: row.table if row.table in shared else None for at, row in side.items()} for side in rows)
    return first, second


def _unpaired(gaps: Sequence[Gap], rows: tuple[_Rows, _Rows], pairs: Sequence[Pair]) -> list[Gap]:
    """The gaps with only those of the rows that are in no pair."""
    paired = {i for i, _ in pairs}, {j for _, j in pairs}
    return [
        (
            [i for i in gap[0] if i in rows[0] and i not in paired[0]],
            [j for j in gap[1] if j in rows[1] and j not in paired[1]],
        )
        for gap in gaps
    ]


def _replaced(rows: tuple[_Rows, _Rows], tables: tuple[_Tables, _Tables], gaps: Sequence[Gap]) -> list[Pair]:
    """Rows of which one stands in the place of one other, with another name and the same other cells."""
    alone = [(old[0], new[0]) for old, new in gaps if len(old) == len(new) == 1]
    return [(i, j) for i, j in alone if tables[0][i] == tables[1][j] and rows[0][i].others == rows[1][j].others != ()]


def _renamed(
    rows: tuple[_Rows, _Rows],
    tables: tuple[_Tables, _Tables],
    places: tuple[Sequence[Place], Sequence[Place]],
    pairs: Sequence[Pair],
) -> list[Pair]:
    """Rows in any two places of a table whose other cells are equal and telling, where one row of either side has
    them."""
    counts = [Counter(place.others for place in side if isinstance(place, TableRow)) for side in places]
    paired = {i for i, _ in pairs}, {j for _, j in pairs}
    found: list[dict[object, int]] = [
        {
            (tables[side][at], row.others): at
            for at, row in rows[side].items()
            if row.telling and at not in paired[side] and all(count[row.others] == 1 for count in counts)
        }
        for side in (0, 1)
    ]
    return [(i, found[1][cells]) for cells, i in found[0].items() if cells in found[1]]


class Likeness:
    """How alike an old and a new text are, from 0 to 1: what they share of words and of neighbouring words."""

    def __init__(self, old: Callable[[int], str], new: Callable[[int], str]) -> None:
        self._texts = old, new
        self._bags: tuple[dict[int, Counter[object]], dict[int, Counter[object]]] = {}, {}

    def __call__(self, i: int, j: int) -> float:
        here, there = self._bag(0, i), self._bag(1, j)
        total = here.total() + there.total()
        return 2 * (here & there).total() / total if total else 0.0

    def _bag(self, side: int, at: int) -> Counter[object]:
        bag = self._bags[side].get(at)
        if bag is None:
            bag = self._bags[side][at] = _bag(self._texts[side](at))
        return bag


def paired_by_name(old: Mapping[int, object], new: Mapping[int, object], likeness: Likeness) -> list[Pair]:
    """Rows by number, each with its name: those of one name in pairs, the likest first and then the nearest in order.

    When many are compared already, the rest are paired in order.
    """
    by_name: dict[object, tuple[list[int], list[int]]] = {}
    for side, names in enumerate((old, new)):
        for at, name in names.items():
            by_name.setdefault(name, ([], []))[side].append(at)
    allowance = COMPARED
    pairs: list[Pair] = []
    for here, there in by_name.values():
        work = len(here) * len(there)
        if work <= 1 or work > allowance:
            pairs.extend(zip(here, there, strict=False))
            continue
        allowance -= work
        scored = ((-likeness(i, j), abs(x - y), i, j) for x, i in enumerate(here) for y, j in enumerate(there))
        settled_old: set[int] = set()
        settled_new: set[int] = set()
        for _, _, i, j in sorted(scored):
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

    def __init__(self, texts: Texts, places: Iterator[int]) -> None:
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
