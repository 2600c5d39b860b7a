"""The redline itself: what was added, removed, changed and moved between two texts or two lists."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypedDict

from bot.redline.alignment import Block, alignment
from bot.redline.pairing import Gap, moved, rewritten, same_row
from bot.redline.paragraphs import Lines, paragraphs, parted_by_line
from bot.redline.places import place_of
from bot.redline.rows import Rows, pair_rows
from bot.redline.tables import Place, TableRow
from bot.redline.words import Operation, Run, WordComparison


class HunkKind(StrEnum):
    """What happened to one paragraph or row."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    MOVED = "moved"


@dataclass(frozen=True, slots=True)
class Hunk:
    """One paragraph (or row of a list) that is not as it was.

    `old` and `new` have no white space at their ends and single blanks inside; one of them is empty for what was added
    or removed. `old_at` and `new_at` count the paragraphs of either text from 0; None where there is none.
    """

    kind: HunkKind
    where: str
    old: str
    new: str
    words: tuple[Run, ...]
    old_at: int | None
    new_at: int | None


class HunkJson(TypedDict):
    """A hunk as `chipwatch diff --json` prints it."""

    where: str
    old: str
    new: str
    words: list[list[str]]


class RedlineJson(TypedDict):
    """A redline as `chipwatch diff --json` prints it: counts of paragraphs, or of rows for lists."""

    added: int
    removed: int
    changed: int
    moved: int
    hunks: list[HunkJson]


@dataclass(frozen=True, slots=True)
class Cut:
    """How two plain texts fell into paragraphs, for the rebuilding alone.

    `by_line`: each line was one. `length` counts those of the new text, `leading` is the white space before the first,
    `spacing` holds the paragraphs whose white space differs from what the hunks and the old text give.
    """

    by_line: bool
    length: int
    leading: str = ""
    spacing: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Redline:
    """Every paragraph that is not as it was, in the order of the new text; removed ones stand where they stood.

    `cut` is there when it was made of two plain texts that differ: what `rebuild` needs besides.
    """

    hunks: tuple[Hunk, ...] = ()
    cut: Cut | None = None

    def count(self, kind: HunkKind) -> int:
        """How many paragraphs were added, removed, changed or moved."""
        return sum(hunk.kind is kind for hunk in self.hunks)

    def __bool__(self) -> bool:
        return bool(self.hunks)

    def json(self) -> RedlineJson:
        """The redline with JSON values only."""
        counts = Counter(hunk.kind for hunk in self.hunks)
        return {
            "added": counts[HunkKind.ADDED],
            "removed": counts[HunkKind.REMOVED],
            "changed": counts[HunkKind.CHANGED],
            "moved": counts[HunkKind.MOVED],
            "hunks": [
                {
                    "where": hunk.where,
                    "old": hunk.old,
                    "new": hunk.new,
                    "words": [[operation, text] for operation, text in hunk.words],
                }
                for hunk in self.hunks
            ],
        }


def redline(old: str, new: str) -> Redline:
    """What changed between two plain texts. White space alone is no change.

    Time grows with the length of the texts, whatever stands in them: alignment, pairing and the comparison of words
    have bounds, beyond which a change is shown more coarsely, never left out.
    """
    if old == new:
        return Redline()
    old_lines, new_lines = Lines(old), Lines(new)
    by_line = parted_by_line(old_lines, new_lines)
    before, after = paragraphs(old_lines, by_line=by_line), paragraphs(new_lines, by_line=by_line)
    hunks = _compare(before, after, (), ())
    given = _rebuilt(before, hunks, Cut(by_line, len(after)))
    spacing = {j: piece for j, (guess, piece) in enumerate(zip(given, after, strict=True)) if guess != piece}
    return Redline(hunks, Cut(by_line, len(after), new_lines.leading, spacing))


def redline_of_paragraphs(
    old: Sequence[str], new: Sequence[str], old_places: Sequence[Place] = (), new_places: Sequence[Place] = ()
) -> Redline:
    """What changed between two texts that come as paragraphs, each with the place to name it by ("§ 744.23(q)").

    Where a place is a row of a table, the row is compared cell by cell, and with the row of its name.
    """
    return Redline(_compare(old, new, old_places, new_places))


def redline_of_lists(old: Rows, new: Rows) -> Redline:
    """What changed between two lists, row by row; the order of rows is no change."""
    compare = WordComparison()
    hunks = []
    for i, j in pair_rows(old, new):
        before, after = old.text(i) if i is not None else "", new.text(j) if j is not None else ""
        if before == after:
            continue
        place = new.name(j) if j is not None else old.name(i) if i is not None else ""
        hunks.append(_hunk(_kind(i, j), place, before, after, i, j, compare))
    return Redline(tuple(hunks))


def rebuild(old: str, change: Redline) -> str:
    """The new text, to the letter, from the old one and the redline that `redline` made of the two."""
    if change.cut is None:
        return old
    pieces = _rebuilt(paragraphs(Lines(old), by_line=change.cut.by_line), change.hunks, change.cut)
    spacing = change.cut.spacing
    return change.cut.leading + "".join(spacing.get(j, piece) for j, piece in enumerate(pieces))


def _rebuilt(old: Sequence[str], hunks: Sequence[Hunk], cut: Cut) -> list[str]:
    """The new pieces: the words of the hunks in their places, the untouched old pieces in order between them."""
    placed: dict[int, str] = {}
    gone: set[int] = set()
    for hunk in hunks:
        if hunk.old_at is not None:
            gone.add(hunk.old_at)
        if hunk.new_at is None:
            continue
        if hunk.kind is HunkKind.MOVED and hunk.old_at is not None:
            placed[hunk.new_at] = old[hunk.old_at]
            continue
        words = "".join(text for operation, text in hunk.words if operation != "-")
        space = _trailing_space(old[hunk.old_at]) if hunk.old_at is not None else "\n" if cut.by_line else "\n\n"
        placed[hunk.new_at] = words + space
    untouched = (piece for i, piece in enumerate(old) if i not in gone)
    return [placed[j] if j in placed else next(untouched) for j in range(cut.length)]


def _trailing_space(piece: str) -> str:
    return piece[len(piece.rstrip()) :]


def _compare(
    old: Sequence[str], new: Sequence[str], old_places: Sequence[Place], new_places: Sequence[Place]
) -> tuple[Hunk, ...]:
    """The hunks of two rows of paragraphs. Paragraphs are matched as they are; only what is left is made plain."""
    before, after = list(old), list(new)
    gaps = []
    for here, there in _gaps(alignment(old, new), len(old), len(new)):
        before[here.start : here.stop] = [" ".join(text.split()) for text in old[here.start : here.stop]]
        after[there.start : there.stop] = [" ".join(text.split()) for text in new[there.start : there.stop]]
        blocks = alignment(before[here.start : here.stop], after[there.start : there.stop])
        for i, j in _gaps(blocks, len(here), len(there)):
            gaps.append((_shifted(i, here.start), _shifted(j, there.start)))
    shifted = moved(before, after, gaps)
    rest = _without(gaps, {i for i, _ in shifted}, {j for _, j in shifted})
    pairs: dict[int, tuple[int | None, HunkKind]] = {j: (i, HunkKind.MOVED) for i, j in shifted}
    rows, same, rest = same_row(before, after, (old_places, new_places), rest)
    pairs |= {j: (i, HunkKind.CHANGED) for i, j in [*rows, *rewritten(before, after, rest)]}
    told = _without(gaps, {i for i, _ in same}, {j for _, j in same})
    return _hunks(before, after, told, pairs, (old_places, new_places))


def _gaps(blocks: Sequence[Block], old_length: int, new_length: int) -> list[tuple[range, range]]:
    """What lies between the matched blocks."""
    gaps = []
    at_old = at_new = 0
    for i, j, size in [*blocks, (old_length, new_length, 0)]:
        if i > at_old or j > at_new:
            gaps.append((range(at_old, i), range(at_new, j)))
        at_old, at_new = i + size, j + size
    return gaps


def _shifted(stretch: range, by: int) -> range:
    return range(stretch.start + by, stretch.stop + by)


def _without(gaps: Sequence[Gap], old_gone: set[int], new_gone: set[int]) -> list[Gap]:
    """The gaps without the paragraphs that are settled."""
    return [([i for i in here if i not in old_gone], [j for j in there if j not in new_gone]) for here, there in gaps]


def _hunks(
    old: Sequence[str],
    new: Sequence[str],
    gaps: Sequence[Gap],
    pairs: Mapping[int, tuple[int | None, HunkKind]],
    places: tuple[Sequence[Place], Sequence[Place]],
) -> tuple[Hunk, ...]:
    compare = WordComparison()
    settled = {i for i, _ in pairs.values()}
    hunks: list[Hunk] = []
    for here, there in gaps:
        hunks += [
            _hunk(HunkKind.REMOVED, str(place_of(places[0], old[i], i)), old[i], "", i, None, compare)
            for i in here
            if i not in settled
        ]
        for j in there:
            source, kind = pairs.get(j, (None, HunkKind.ADDED))
            place = place_of(places[1], new[j], j)
            if source is None:
                hunks.append(_hunk(kind, str(place), "", new[j], None, j, compare))
                continue
            was = place_of(places[0], old[source], source)
            if kind is HunkKind.CHANGED and isinstance(place, TableRow) and isinstance(was, TableRow):
                words = place.words_since(was, compare)
                hunks.append(Hunk(kind, place.changed_since(was), old[source], new[j], words, source, j))
            else:
                hunks.append(_hunk(kind, str(place), old[source], new[j], source, j, compare))
    return tuple(hunks)


def _hunk(
    kind: HunkKind, where: str, old: str, new: str, old_at: int | None, new_at: int | None, compare: WordComparison
) -> Hunk:
    if kind is HunkKind.CHANGED:
        words = compare(old, new)
    else:
        operation: Operation = "=" if kind is HunkKind.MOVED else "+" if kind is HunkKind.ADDED else "-"
        words = ((operation, new or old),)
    return Hunk(kind, where, old, new, words, old_at, new_at)


def _kind(old_at: int | None, new_at: int | None) -> HunkKind:
    if old_at is None:
        return HunkKind.ADDED
    return HunkKind.REMOVED if new_at is None else HunkKind.CHANGED
