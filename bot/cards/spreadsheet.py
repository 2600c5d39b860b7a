"""Tables for spreadsheets: CSV that no program takes for a formula, and lists of names read back from one."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bot.cards.cutting import clean
from bot.errors import UserError

FORMULA_STARTS = ("=", "+", "-", "@", "|", "%", "\t", "\r", "＝", "＋", "－", "＠")
"""What spreadsheets take for the beginning of a formula, in either width; such a cell gets an apostrophe in front
(CWE-1236)."""

MOST_NAMES = 5000
LONGEST_FILE = 2 * 1024 * 1024
NAME_LIMIT = 300
CELL_LIMIT = 4000
_NAME_COLUMNS = frozenset(("name", "names", "party", "company", "firma", "partei", "名称", "公司"))

ROW_COLUMNS = ("change", "list", "name", "aliases", "countries", "licence requirement", "review policy", "footnotes",
               "notice", "since", "until", "concerns AI chips", "changed fields")  # fmt: skip


def csv_text(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table as CSV with CRLF line ends (RFC 4180), every cell one line and no formula."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([safe_cell(name) for name in header])
    writer.writerows([safe_cell(cell) for cell in row] for row in rows)
    return out.getvalue()


def safe_cell(text: str) -> str:
    """A cell that stays text in a spreadsheet."""
    shown = clean(text, CELL_LIMIT)
    return f"'{shown}" if shown.startswith(FORMULA_STARTS) or text.startswith(FORMULA_STARTS) else shown


def rows_csv(record: Mapping[str, Any]) -> str:
    """The rows of a list's change (`pipeline.rolls.rows_record`) as CSV."""
    return csv_text(ROW_COLUMNS, (_row(record, row) for row in record.get("rows", ())))


def _row(record: Mapping[str, Any], row: Mapping[str, Any]) -> tuple[str, ...]:
    def listed(name: str) -> str:
        return "; ".join(map(str, row.get(name, ())))

    return (
        str(row["op"]), str(record["list"]), str(row["name"]), listed("aliases"), listed("countries"),
        str(row.get("requirement", "")), str(row.get("policy", "")), listed("footnotes"), str(row.get("notice", "")),
        str(row.get("since", "")), str(row.get("until", "")), str(row.get("chips") or ""), listed("fields"),
    )  # fmt: skip


def names_csv(names: Iterable[tuple[str, str]]) -> str:
    """A watch list as CSV: names with their notes, as `read_names` reads them back."""
    return csv_text(("name", "note"), names)


def read_names(text: str) -> list[tuple[str, str]]:
    """Names and notes from a CSV or a plain list with a name a line, each name once, in order.

    The column called "name" (or the first) holds the names, the next one the note. The apostrophe that guards a formula
    is taken off again. Raises UserError `errors.list_too_long` (most) and `errors.list_unreadable`.
    """
    if len(text) > LONGEST_FILE:
        raise UserError("errors.list_too_long", most=MOST_NAMES)
    lines = text.removeprefix("\ufeff").replace("\0", "")
    first = lines.split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    try:
        table = [row for row in csv.reader(io.StringIO(lines, newline=""), delimiter=delimiter) if any(row)]
    except csv.Error:
        raise UserError("errors.list_unreadable") from None
    column = _name_column(table[0]) if table else None
    if column is None and not _has_notes(table):
        table, column = [[line] for line in lines.splitlines() if line.strip()], None  # "Acme Co., Ltd." is one name
    found: dict[str, str] = {}
    for row in table if column is None else table[1:]:
        name, note = _cells(row, column or 0)
        if name:
            found.setdefault(name, note)
    if len(found) > MOST_NAMES:
        raise UserError("errors.list_too_long", most=MOST_NAMES)
    return list(found.items())


def _name_column(header: Sequence[str]) -> int | None:
    return next((at for at, name in enumerate(header) if name.strip().casefold() in _NAME_COLUMNS), None)


def _has_notes(table: Sequence[Sequence[str]]) -> bool:
    """Whether every line has the same two cells: then it is a table without a header, not names with commas."""
    return bool(table) and len(table) > 1 and all(len(row) == 2 for row in table)


def _cells(row: Sequence[str], column: int) -> tuple[str, str]:
    name = row[column] if column < len(row) else ""
    note = row[column + 1] if column + 1 < len(row) else ""
    return _cell(name), _cell(note)


def _cell(text: str) -> str:
    """A cell as it is kept. Signs that nobody sees go first: one may stand before an apostrophe."""
    return clean(_unguarded(clean(text, NAME_LIMIT + 1)), NAME_LIMIT)


def _unguarded(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(FORMULA_STARTS) else cell
