"""Which items of two sequences stand for one another, in order: patience first, and never more than bounded work."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from difflib import SequenceMatcher

Block = tuple[int, int, int]
"""Where a run of equal items begins in the old and in the new sequence, and its length."""

DEEPEST = 24
"""Gaps inside gaps that patience still looks into; hostile input could nest them without end."""

EXACT_WORK = 40_000
"""Equal pairs up to which difflib may search a gap; it needs time in proportion to them, at the least."""

FARTHEST_JUMP = 64
"""Old items that the greedy walk may skip to find a new one's equal."""


def alignment(old: Sequence[str], new: Sequence[str]) -> list[Block]:
    """The runs of equal items, ascending in both sequences.

    Items that stand once on either side anchor the rest (patience); what lies between two anchors is searched by
    difflib while it is small and walked greedily where it is not, so that time grows almost in step with the input.
    """
    pairs: list[tuple[int, int]] = []
    gaps = [(0, len(old), 0, len(new), 0)]
    while gaps:
        old_from, old_to, new_from, new_to, depth = gaps.pop()
        old_from, old_to, new_from, new_to = _trim(old, new, (old_from, old_to, new_from, new_to), pairs)
        if old_from == old_to or new_from == new_to:
            continue
        anchors = _anchors(old, new, old_from, old_to, new_from, new_to) if depth < DEEPEST else []
        if not anchors:
            pairs.extend(_without_anchors(old, new, old_from, old_to, new_from, new_to))
            continue
        for i, j in [*anchors, (old_to, new_to)]:
            if i > old_from and j > new_from:
                gaps.append((old_from, i, new_from, j, depth + 1))
            old_from, new_from = i + 1, j + 1
        pairs.extend(anchors)
    pairs.sort()
    return _blocks(pairs)


def common_ends(old: Sequence[str], new: Sequence[str]) -> tuple[int, int]:
    """How many items are equal at the beginning, and how many at the end of what is left."""
    limit = min(len(old), len(new))
    head = 0
    while head < limit and old[head] == new[head]:
        head += 1
    tail = 0
    while tail < limit - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    return head, tail


def _trim(
    old: Sequence[str], new: Sequence[str], gap: tuple[int, int, int, int], pairs: list[tuple[int, int]]
) -> tuple[int, int, int, int]:
    """The gap without the equal items at its two ends, which go to `pairs`."""
    old_from, old_to, new_from, new_to = gap
    while old_from < old_to and new_from < new_to and old[old_from] == new[new_from]:
        pairs.append((old_from, new_from))
        old_from += 1
        new_from += 1
    while old_from < old_to and new_from < new_to and old[old_to - 1] == new[new_to - 1]:
        old_to -= 1
        new_to -= 1
        pairs.append((old_to, new_to))
    return old_from, old_to, new_from, new_to


def _anchors(
    old: Sequence[str], new: Sequence[str], old_from: int, old_to: int, new_from: int, new_to: int
) -> list[tuple[int, int]]:
    """The longest ascending row of items that stand exactly once in either gap."""
    places = _once(old, old_from, old_to)
    if not places:
        return []
    there = _once(new, new_from, new_to)
    candidates = [(i, there[item]) for item, i in places.items() if item in there]
    return _longest_ascending(candidates)


def _once(items: Sequence[str], begin: int, end: int) -> dict[str, int]:
    """Where each item stands that occurs once between `begin` and `end`, in order."""
    stretch = items[begin:end]
    places = dict(zip(stretch, range(begin, end), strict=True))
    if len(places) == len(stretch):
        return places
    counts = Counter(stretch)
    return {item: begin + at for at, item in enumerate(stretch) if counts[item] == 1}


def _longest_ascending(candidates: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Of pairs in old order, the most whose new places ascend too (patience sorting, n log n)."""
    tops: list[int] = []
    last: list[int] = []
    before: list[int] = []
    for at, (_, place) in enumerate(candidates):
        pile = bisect_left(tops, place) if tops and place < tops[-1] else len(tops)
        before.append(last[pile - 1] if pile else -1)
        if pile == len(tops):
            tops.append(place)
            last.append(at)
        else:
            tops[pile] = place
            last[pile] = at
    chain: list[tuple[int, int]] = []
    at = last[-1] if last else -1
    while at >= 0:
        chain.append(candidates[at])
        at = before[at]
    chain.reverse()
    return chain


def _without_anchors(
    old: Sequence[str], new: Sequence[str], old_from: int, old_to: int, new_from: int, new_to: int
) -> list[tuple[int, int]]:
    here, there = old[old_from:old_to], new[new_from:new_to]
    if equal_pairs(here, there) <= EXACT_WORK:
        blocks = SequenceMatcher(None, here, there, autojunk=False).get_matching_blocks()
        return [(old_from + i + k, new_from + j + k) for i, j, size in blocks for k in range(size)]
    return [(old_from + i, new_from + j) for i, j in _greedy(here, there)]


def equal_pairs(old: Sequence[str], new: Sequence[str]) -> int:
    """In how many ways an item of one sequence meets its equal in the other."""
    counts = Counter(new)
    return sum(n * counts[item] for item, n in Counter(old).items())


def _greedy(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """Each new item with the next old one that equals it and is not too far ahead."""
    places: dict[str, list[int]] = {}
    for i, item in enumerate(old):
        places.setdefault(item, []).append(i)
    pairs = []
    at = 0
    for j, item in enumerate(new):
        row = places.get(item)
        if not row:
            continue
        k = bisect_left(row, at)
        if k < len(row) and row[k] - at <= FARTHEST_JUMP:
            pairs.append((row[k], j))
            at = row[k] + 1
    return pairs


def _blocks(pairs: list[tuple[int, int]]) -> list[Block]:
    blocks: list[Block] = []
    at_old = at_new = -1
    size = 0
    for i, j in pairs:
        if i == at_old + size and j == at_new + size:
            size += 1
            continue
        if size:
            blocks.append((at_old, at_new, size))
        at_old, at_new, size = i, j, 1
    if size:
        blocks.append((at_old, at_new, size))
    return blocks
