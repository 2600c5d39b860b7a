"""Rows: two versions of a list, matched by the column that names a row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b

from bot.redline.pairing import Likeness, paired_by_name

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
    removed rows last. Rows of one name (a party with several addresses) are matched where they are equal, then the
    likest first."""
    contents, others = _contents(old), _contents(new)
    equal = Counter(contents) & Counter(others)
    before, after = _left(contents, Counter(equal)), _left(others, Counter(equal))
    likeness = Likeness(old.text, new.text)
    sources: dict[int, int] = {}
    for columns in ((old.key, new.key), _name_columns(old, new)):
        if not all(columns):
            continue
        gone, settled = _names_of(old, columns[0], before), set(sources.values())
        come = _names_of(new, columns[1], after)
        pairs = paired_by_name(
            {i: name for i, name in gone.items() if i not in settled},
            {j: name for j, name in come.items() if j not in sources},
            likeness,
        )
        sources |= {j: i for i, j in pairs}
    settled = set(sources.values())
    return [*((sources.get(j), j) for j in after), *((i, None) for i in before if i not in settled)]


def _names_of(rows: Rows, column: str, places: Sequence[int]) -> dict[int, str]:
    """The rows that a column names, by number; those in which it is empty are named by nothing."""
    return {at: name for at in places if (name := cell(rows.rows[at].get(column)))}


def _name_columns(old: Rows, new: Rows) -> tuple[str, str]:
    """The columns called "name", where others are the keys: some publishers' ids are hashes of the row, and an edit
    gives it another. A row that went and one that came under one name are one that changed."""
    if _plain(old.key) == "name":
        return "", ""
    first, second = (
        next((column for column in (rows.rows[0] if rows.rows else ()) if _plain(column) == "name"), "")
        for rows in (old, new)
    )
    return first, second


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
