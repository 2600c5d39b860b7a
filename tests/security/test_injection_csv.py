"""Cells of exported tables are words, whatever they begin with."""

import csv
import io

import pytest

from bot.cards.spreadsheet import csv_text, names_csv, read_names, safe_cell


@pytest.mark.parametrize("cell", ["=1+1", "+49 30", "-2", "@SUM(A1)", "\t=1", " =1", "＝1", "\r=1", "|x", "%0A"])
def test_no_cell_is_a_formula(cell: str) -> None:
    assert safe_cell(cell).startswith("'")
    assert csv_text(("a",), [(cell,)]).split("\r\n")[1].lstrip('"').startswith("'")


def test_other_cells_stay_as_they_are() -> None:
    assert [safe_cell(cell) for cell in ("H20 → China", "", "2026-07-01")] == ["H20 → China", "", "2026-07-01"]


def test_a_watch_list_goes_out_and_comes_back_the_same() -> None:
    names = [("Acme Co., Ltd.", "supplier; old"), ("=Odd Name", "+note"), ("华为", "")]
    assert read_names(names_csv(names)) == names


def test_no_cell_makes_a_row_or_a_column_of_its_own():
    nasty = 'a"\r\n=1,=2\n\x00b'
    rows = list(csv.reader(io.StringIO(csv_text(("a", "b"), [(nasty, "x")]), newline="")))
    assert len(rows) == 2
    assert [len(row) for row in rows] == [2, 2]
