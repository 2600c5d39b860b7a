"""Rows: two versions of a list, matched by the column that names a row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b

Row = Mapping[str, object]
"""One entry of a list: columns with JSON values."""

KEYS = ("_id", "id", "key", "guid", "uuid", "number", "entity_number", "document_number", "accession_number", "code",
        "eccn", "name", "title", "url", "link")  # fmt: skip
"""Columns that may name a row, the best first; compared without case, blanks and underscores."""

FILLED = 0.95
"""Share of rows in which the column that names them must say something."""

KNOWN_AGAIN = 0.5
"""Share of the shorter list's names that the other list must know; a column of hashes that change is no name."""


@dataclass(frozen=True, slots=True)
class Rows:
    """A list: its rows in order, each a mapping of column to value; `key` is the column that names a row.

    An empty `key` means that no column does: a row is then known by all it says.
    """

    rows: Sequence[Row]
    key: str = ""

    def __len__(self) -> int:
        return len(self.rows)

    def name(self, at: int) -> str:
        """What a row is called: its key, else its first words."""
        row = self.rows[at]
        return cell(row.get(self.key)) or next((text for value in row.values() if (text := cell(value))), "")[:80]

    def text(self, at: int) -> str:
        """A row as one line: `column: value`, what is empty left out."""
        return " · ".join(f"{column}: {text}" for column, value in self.rows[at].items() if (text := cell(value)))


def cell(value: object) -> str:
    """A value as the text of a cell: lists of plain values joined, deeper ones as JSON, nothing for null and empty."""
    if isinstance(value, str):
        return " ".join(value.split())
    if value is None or value == []:
        return ""
    if isinstance(value, list) and all(isinstance(part, str | int | float) for part in value):
        return "; ".join(" ".join(str(part).split()) for part in value)
    import orjson

    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()


def keyed(old: Sequence[Row], new: Sequence[Row]) -> tuple[Rows, Rows]:
    """Two lists with the column that names the rows of both: one that is nearly always filled and whose values stay."""
    columns = {_plain(column): column for row in (*old[:1], *new[:1]) for column in row}
    for wanted in KEYS:
        column = columns.get(_plain(wanted))
        if column is not None and _names(old, column, new):
            return Rows(old, column), Rows(new, column)
    return Rows(old), Rows(new)


def _plain(column: str) -> str:
    return column.casefold().replace("_", "").replace(" ", "")


def _names(old: Sequence[Row], column: str, new: Sequence[Row]) -> bool:
    values = [{cell(row.get(column)) for row in rows} - {""} for rows in (old, new)]
    for rows in (old, new):
        filled = sum(1 for row in rows if row.get(column))
        if filled < FILLED * len(rows):
            return False
    fewest = min(len(found) for found in values)
    return not fewest or len(values[0] & values[1]) >= KNOWN_AGAIN * fewest


def pair_rows(old: Rows, new: Rows) -> list[tuple[int | None, int | None]]:
    """The rows that differ: (old, new) where one changed, None on the side where there is none; in the new order,
    removed rows last. Rows of one name (a party with several addresses) are matched where they are equal, then in
    order."""
    contents, others = _contents(old), _contents(new)
    equal = Counter(contents) & Counter(others)
    before, after = _left(contents, Counter(equal)), _left(others, Counter(equal))
    by_name: dict[str, list[int]] = {}
    if old.key:
        for i in reversed(before):
            by_name.setdefault(cell(old.rows[i].get(old.key)), []).append(i)
    pairs: list[tuple[int | None, int | None]] = []
    paired: set[int | None] = set()
    for j in after:
        row = by_name.get(cell(new.rows[j].get(new.key))) if new.key else None
        source = row.pop() if row else None
        paired.add(source)
        pairs.append((source, j))
    pairs.extend((i, None) for i in before if i not in paired)
    return _named_alike(old, new, pairs)


def _named_alike(
    old: Rows, new: Rows, pairs: list[tuple[int | None, int | None]]
) -> list[tuple[int | None, int | None]]:
    """Pairs in which a row that went and one that came under the same name are one row that changed: some publishers'
    ids are hashes of the row, and an edit gives it another."""
    columns = [next((column for column in (rows.rows[0] if rows.rows else ()) if _plain(column) == "name"), "")
               for rows in (old, new)]  # fmt: skip
    if not all(columns) or _plain(old.key) == "name":
        return pairs
    gone: dict[str, list[int]] = {}
    for i, j in reversed(pairs):
        if i is not None and j is None and (name := cell(old.rows[i].get(columns[0]))):
            gone.setdefault(name, []).append(i)
    taken: set[int] = set()
    matched: list[tuple[int | None, int | None]] = []
    for i, j in pairs:
        row = gone.get(cell(new.rows[j].get(columns[1]))) if i is None and j is not None else None
        if row:
            i = row.pop()
            taken.add(i)
        matched.append((i, j))
    return [(i, j) for i, j in matched if j is not None or i not in taken]


def _contents(rows: Rows) -> list[bytes]:
    """A digest of each row, equal where the rows are; null and an empty list still differ. The rows written out would
    take ten times the memory."""
    import orjson

    return [blake2b(orjson.dumps(row), digest_size=16).digest() for row in rows.rows]


def _left(contents: Sequence[bytes], equal: Counter[bytes]) -> list[int]:
    """The rows that are not among the equal ones, each of which is used up once."""
    left = []
    for at, content in enumerate(contents):
        if equal[content] > 0:
            equal[content] -= 1
        else:
            left.append(at)
    return left
