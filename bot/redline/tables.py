"""Tables: a row is what a redline compares, with its cells told by the heads of their columns."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from bot.redline.alignment import alignment
from bot.redline.words import Operation, Run, WordComparison, joined

WIDEST = 256
"""Columns that are told apart; a cell that claims to span more is hostile or mistaken."""

LONGEST_HEAD = 60
LONGEST_NAME = 60
LONGEST_CARRIED = 80
MOST_CARRIED = 3
"""Characters of a cell that reaches down over rows, and how many such cells, as told in the rows below: each repeats
them, and a hostile table could make gigabytes of it."""

MOST_COLUMNS_NAMED = 4
BETWEEN_HEADED = " · "
BETWEEN_BARE = " | "
"""What stands between two cells of a row, with and without heads."""
EMPTY = "–"
"""How an empty cell is told in a table without heads."""

FILLED = 0.75
DISTINCT = 0.6
"""Shares of its rows that a column must fill, and of its cells that must differ, to name the rows."""

TELLING = 3
"""Letters and digits from which on a cell is more than a mark."""

_Placed = tuple[int, int, str]
"""The first column of a cell, how many it covers, and its words."""

_LABEL = re.compile(r"\W*(?:\d{1,4}|[ivxlc]{1,5}|\w)\W*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell as it stands in the source: its words, and how many columns and rows it covers."""

    text: str
    across: int = 1
    down: int = 1


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row of a table as a redline names and compares it.

    `table` tells its table from others by the heads, `key` is the cell that names the row among its neighbours, `name`
    what a reader is told. `pieces` are its cells with the label of each one's column, as they stand in `text`. `values`
    are the words by column without the heads, equal in two rows under heads that were renamed; `others` are those of
    them that do not name the row, `telling` where they are more than marks that many rows could have.
    """

    place: str
    table: str
    key: str
    name: str
    pieces: tuple[tuple[str, str], ...]
    values: tuple[str, ...] = field(repr=False)
    others: tuple[str, ...] = field(repr=False)
    telling: bool

    def __str__(self) -> str:
        return " › ".join(part for part in (self.place, self.name) if part)

    @property
    def joint(self) -> str:
        """What stands between two cells."""
        return BETWEEN_HEADED if self.table else BETWEEN_BARE

    @property
    def text(self) -> str:
        """The row as one line: `head: cell`, what is empty left out; cell by cell where the table has no heads."""
        return self.joint.join(piece for _, piece in self.pieces)

    def changed_since(self, before: TableRow) -> str:
        """The place of the row with the columns whose cells differ from those of `before`."""
        here, there = dict(self.pieces), dict(before.pieces)
        labels = [label for label in {**there, **here} if label and here.get(label) != there.get(label)]
        more = ["…"] if len(labels) > MOST_COLUMNS_NAMED else []
        columns = ", ".join([*labels[:MOST_COLUMNS_NAMED], *more])
        return f"{self} › {columns}" if columns else str(self)

    def words_since(self, before: TableRow, compare: WordComparison) -> tuple[Run, ...]:
        """The runs that make this row of `before`, cell by cell: no word of one column is kept as one of another."""
        if self.joint != before.joint:
            return compare(before.text, self.text)
        runs: list[Run] = []
        at_old = at_new = 0
        labels = [label for label, _ in before.pieces], [label for label, _ in self.pieces]
        for i, j, size in [*alignment(*labels), (len(before.pieces), len(self.pieces), 0)]:
            gone = [piece for _, piece in before.pieces[at_old:i]]
            come = [piece for _, piece in self.pieces[at_new:j]]
            runs += self._replaced(gone, come, at_old > 0, at_new > 0)
            for step in range(size):
                (_, was), (_, now) = before.pieces[i + step], self.pieces[j + step]
                operation: Operation = "=" if i + step and j + step else "-" if i + step else "+"
                runs.append((operation, self.joint if i + step or j + step else ""))
                runs += [("=", now)] if was == now else compare(was, now)
            at_old, at_new = i + size, j + size
        return joined(runs)

    def _replaced(self, gone: list[str], come: list[str], after_old: bool, after_new: bool) -> list[Run]:
        """Cells of the one row alone and of the other alone; `after_...`: whether cells stand before them."""
        shared = bool(gone and come and after_old and after_new)
        lead_old, lead_new = (self.joint if after and not shared else "" for after in (after_old, after_new))
        return [
            ("=", self.joint if shared else ""),
            ("-", lead_old + self.joint.join(gone) if gone else ""),
            ("+", lead_new + self.joint.join(come) if come else ""),
        ]


Place = str | TableRow
"""Where a paragraph stands in its document; a row of a table is its own place."""

Paragraph = tuple[str, Place]
"""The text of a paragraph and its place; of a table each row is one."""


def number_in(written: str | None, otherwise: int) -> int:
    """The number that an attribute of a cell states ("2", "L02"), else another one."""
    digits = "" if not written else "".join(letter for letter in written[:8] if letter in "0123456789")
    return int(digits) if digits else otherwise


def heads_of(rows: Sequence[Sequence[Cell]]) -> list[str]:
    """The name of each column from the rows of heads above it: "RDI / Adults"."""
    columns: list[list[str]] = []
    for cells in _grid(rows):
        for at, across, text in cells:
            columns += [[] for _ in range(at + across - len(columns))]
            for column in columns[at : at + across]:
                if text and text not in column and text not in (part[:LONGEST_CARRIED] for part in column):
                    column.append(text)
    return [" / ".join(parts) for parts in columns]


def heads_by_level(heads: Sequence[tuple[int, str]]) -> list[str]:
    """The name of each column from heads in reading order, each with its level: one that is followed by a deeper one
    stands above several columns."""
    columns: list[str] = []
    above: list[tuple[int, str]] = []
    for at, (level, text) in enumerate(heads):
        above = [entry for entry in above if entry[0] < level]
        above.append((level, text))
        if at + 1 == len(heads) or heads[at + 1][0] <= level:
            columns.append(" / ".join(words for _, words in above if words))
    return columns


def table_rows(heads: Sequence[str], rows: Sequence[Sequence[Cell]], place: str) -> list[TableRow]:
    """The rows of a table that say something, in order."""
    grid = list(_grid(rows))
    width = max([len(heads), *(at + across for cells in grid for at, across, _ in cells)], default=0)
    labels = _labels(heads, width)
    table = " · ".join(labels) if any(heads) else ""
    naming = _naming_column(grid, width)
    told = []
    for cells in grid:
        filled = [text for _, _, text in cells if text]
        if not filled:
            continue
        key = next((text for at, _, text in cells if at == naming and text), filled[0])
        name = ", ".join(dict.fromkeys(_cut(text, LONGEST_NAME) for text in (filled[0], key)))
        values = tuple((at, f"{at} {text}") for at, _, text in cells if text)
        named_at = values[0][0] if naming is None else naming
        telling = any(at != named_at and sum(map(str.isalnum, text)) >= TELLING for at, _, text in cells)
        told.append(
            TableRow(
                place,
                table,
                key,
                name,
                pieces=_pieces(cells, labels, bool(table)),
                values=tuple(value for _, value in values),
                others=tuple(value for at, value in values if at != named_at),
                telling=telling,
            )
        )
    return told


def _grid(rows: Sequence[Sequence[Cell]]) -> Iterator[list[_Placed]]:
    """Each row's cells in their columns, with those that reach down from the rows above; nothing for a row that says
    nothing of its own."""
    taken_until = [0] * WIDEST
    carried: list[tuple[int, int, int, str]] = []
    for number, row in enumerate(rows):
        carried = [entry for entry in carried if entry[0] > number]
        placed = {at: (across, text) for _, at, across, text in carried}
        at = 0
        beyond: list[str] = []
        for cell in row:
            while at < WIDEST and taken_until[at] > number:
                at += 1
            if at >= WIDEST:
                beyond.append(cell.text)
                continue
            across = min(max(1, cell.across), WIDEST - at)
            placed[at] = (across, cell.text)
            if cell.down > 1:
                taken_until[at : at + across] = [number + cell.down] * across
                if cell.text and len(carried) < MOST_CARRIED:
                    carried.append((number + cell.down, at, across, cell.text[:LONGEST_CARRIED]))
            at += across
        if beyond:  # told as one cell, so that nothing is lost
            placed[WIDEST] = (1, " ".join(beyond).strip())
        speaks = any(cell.text for cell in row)
        yield [(at, across, text) for at, (across, text) in sorted(placed.items())] if speaks else []


def _labels(heads: Sequence[str], width: int) -> list[str]:
    """A label for each column, no two alike: its head, else its number ("#2"). The first without one needs none
    where others have theirs."""
    labels: list[str] = []
    seen: Counter[str] = Counter()
    bare = any(heads)
    for at in range(width):
        label = _cut(heads[at], LONGEST_HEAD) if at < len(heads) else ""
        if not label and not bare:
            label = f"#{at + 1}"
        bare = bare and bool(label)
        seen[label] += 1
        labels.append(f"{label} ({seen[label]})" if seen[label] > 1 else label)
    return labels


def _pieces(cells: Sequence[_Placed], labels: Sequence[str], headed: bool) -> tuple[tuple[str, str], ...]:
    """The cells with their columns' labels as they are told: the filled ones behind their heads, or all in a row."""
    if headed:
        pieces = []
        for at, across, text in cells:
            spanned = labels[at : at + min(across, MOST_COLUMNS_NAMED)] if across < len(labels) else []
            label = _cut(", ".join(filter(None, spanned)), LONGEST_HEAD)
            if text:
                pieces.append((label, f"{label}: {text}" if label else text))
        return tuple(pieces)
    row = [EMPTY] * (max(at for at, _, text in cells if text) + 1)
    for at, _, text in cells:
        if text:
            row[at] = text
    return tuple(zip(labels, row, strict=False))


def _naming_column(grid: Sequence[Sequence[_Placed]], width: int) -> int | None:
    """The first column that nearly every row fills with words of its own; numbers in a row name nothing."""
    columns: list[list[str]] = [[] for _ in range(width)]
    counted = 0
    for cells in grid:
        if sum(bool(text) for _, _, text in cells) < 2 < width:
            continue  # a heading between the rows
        counted += 1
        for at, _, text in cells:
            if text:
                columns[at].append(text)
    for at, column in enumerate(columns):
        words = [text for text in column if not _LABEL.fullmatch(text)]
        if column and len(words) >= FILLED * counted and len(set(words)) >= DISTINCT * len(words):
            return at
    return None


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1].rstrip()}…"
