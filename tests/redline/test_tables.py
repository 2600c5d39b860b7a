"""Rows of tables: each is compared as one, with the row of its name, and told by the heads of its columns."""

from __future__ import annotations

import random

import pytest

from bot.redline import HunkKind, Redline
from bot.redline.callouts import callouts
from bot.redline.documents import document_of, redline_of_documents
from tests.liveness import lively

HEADS = ("Country", "[D:1]", "[D:4]", "[D:5]")
GROUPS = {"Freedonia": "  X ", "Grand Fenwick": " X X", "Ruritania": " X  ", "Sylvania": "  X ", "Zubrowka": " X  "}
"""A mark for each column, of five countries that are in no atlas."""


def html_row(tag: str, cells) -> str:
    return "<TR>" + "".join(f'<{tag} class="gpotbl_cell">{cell.strip()}</{tag}>' for cell in cells) + "</TR>"


def marked(groups: dict[str, str]) -> list[list[str]]:
    return [[country, *marks[1:]] for country, marks in groups.items()]


def ecfr(*tables: str) -> str:
    body = "".join(f'<DIV width="100%"><DIV class="gpotbl_div">{table}</DIV></DIV>' for table in tables)
    return (
        f'<DIV9 N="Supplement No. 9 to Part 740" TYPE="APPENDIX"><HEAD>Supplement No. 9—Groups</HEAD>{body}'
        "<P>(1) A note.</P></DIV9>"
    )


def table(rows, heads=HEADS) -> str:
    head = f"<THEAD>{html_row('TH', heads)}</THEAD>" if heads else ""
    return f'<TABLE border="1">{head}<TBODY>{"".join(html_row("TD", row) for row in rows)}</TBODY></TABLE>'


def register(rows, heads=HEADS) -> str:
    """The same table as the Federal Register writes it."""
    head = "".join(f'<CHED H="1">{head}</CHED>' for head in heads)
    body = "".join(f'<ROW><ENT I="01">{"</ENT><ENT>".join(row)}</ENT></ROW>' for row in rows)
    return f'<GPOTABLE COLS="4" CDEF="s50,8,8,8"><TTITLE>Groups</TTITLE><BOXHD>{head}</BOXHD>{body}</GPOTABLE>'


def page(rows, heads=HEADS) -> str:
    return f"<!doctype html><html><body><main><h1>Groups</h1>{table(rows, heads).lower()}</main></body></html>"


def changes(old: str, new: str) -> Redline:
    change = redline_of_documents(document_of(old.encode()), document_of(new.encode()))
    for hunk in change.hunks:
        assert "".join(text for operation, text in hunk.words if operation != "+") == (hunk.old or "")
        if hunk.kind is not HunkKind.REMOVED:
            assert "".join(text for operation, text in hunk.words if operation != "-") == hunk.new
    return change


def told(change: Redline) -> list[tuple[str, str]]:
    return [(hunk.kind.value, hunk.where.removeprefix("Supplement No. 9 to Part 740 › ")) for hunk in change.hunks]


WRITERS = [
    lambda rows: ecfr(table(rows)),
    lambda rows: ecfr(register(rows)),
    lambda rows: page(rows).replace("x</", "X</"),
]


@pytest.mark.parametrize("write", WRITERS, ids=["code", "register", "page"])
def test_a_mark_that_goes_from_one_column_to_another_is_one_change_of_its_row(write):
    change = changes(write(marked(GROUPS)), write(marked(GROUPS | {"Sylvania": "   X"})))
    (hunk,) = change.hunks
    assert hunk.kind is HunkKind.CHANGED
    assert hunk.where.lower().endswith("sylvania › [d:4], [d:5]")
    assert hunk.words[0][1].lower() == "country: sylvania · "
    assert [run for run in hunk.words if run[0] != "="] == [
        ("-", hunk.old.partition(" · ")[2]),
        ("+", hunk.new.partition(" · ")[2]),
    ]
    assert (hunk.old[-1], hunk.new[-1]) == ("X", "X")


def test_groups_that_a_country_leaves_and_enters_are_called_out():
    change = changes(ecfr(table(marked(GROUPS))), ecfr(table(marked(GROUPS | {"Sylvania": "   X"}))))
    assert [str(found) for found in callouts(change.hunks[0])] == ["D:4 → D:5"]


def test_one_country_that_leaves_and_another_that_enters_are_two_rows_and_nothing_moved():
    after = GROUPS | {"Freedonia": "    ", "Zubrowka": " X X"}
    change = changes(ecfr(table(marked(GROUPS))), ecfr(table(marked(after))))
    assert told(change) == [("changed", "Freedonia › [D:4]"), ("changed", "Zubrowka › [D:5]")]
    assert [hunk.new for hunk in change.hunks] == ["Country: Freedonia", "Country: Zubrowka · [D:1]: X · [D:5]: X"]
    assert [[str(found) for found in callouts(hunk)] for hunk in change.hunks] == [["D:4 → ∅"], ["∅ → D:5"]]


def test_a_country_that_leaves_one_table_and_enters_another_is_told_in_both():
    allies = [["Lutha", "X"], ["Osterlich", "X"]]
    rest = {country: marks for country, marks in GROUPS.items() if country != "Sylvania"}
    old = ecfr(table(marked(GROUPS)), table(allies, ("Country", "[A:5]")))
    new = ecfr(table(marked(rest)), table([*allies, ["Sylvania", "X"]], ("Country", "[A:5]")))
    change = changes(old, new)
    assert told(change) == [("removed", "Sylvania"), ("added", "Sylvania")]
    assert change.hunks[1].new == "Country: Sylvania · [A:5]: X"


def test_another_country_with_the_same_marks_is_another_row():
    rows = [row for row in marked(GROUPS) if row[0] != "Ruritania"]
    change = changes(ecfr(table(marked(GROUPS))), ecfr(table([["Borduria", "X", "", ""], *rows])))
    assert sorted(told(change)) == [("added", "Borduria"), ("removed", "Ruritania")]


@pytest.mark.parametrize("name", ["Borduria", ""])
def test_a_name_that_is_replaced_is_one_change_of_its_row(name):
    renamed = [[name, *row[1:]] if row[0] == "Grand Fenwick" else row for row in marked(GROUPS)]
    change = changes(ecfr(table(marked(GROUPS))), ecfr(table(renamed)))
    assert told(change) == [("changed", f"{name or 'X'} › Country")]


def test_a_country_whose_name_is_corrected_is_the_same_row():
    renamed = [["Freedonia (Republic)", *row[1:]] if row[0] == "Freedonia" else row for row in marked(GROUPS)]
    change = changes(ecfr(table(marked(GROUPS))), ecfr(table(renamed)))
    assert told(change) == [("changed", "Freedonia (Republic) › Country")]


def test_a_row_with_another_name_and_its_own_cells_is_the_same_row():
    rows = [["Lutha", "0.50 mg", "X"], ["Osterlich", "0.75 mg", ""], ["Graustark", "0.10 mg", ""]]
    after = [rows[0], ["Vulgaria", *rows[1][1:]], ["", *rows[2][1:]]]
    change = changes(ecfr(table(rows, HEADS[:3])), ecfr(table(after, HEADS[:3])))
    assert told(change) == [("changed", "Vulgaria › Country"), ("changed", "0.10 mg › Country")]


def test_rows_that_change_places_are_moved_as_before():
    rows = marked(GROUPS)
    change = changes(ecfr(table(rows)), ecfr(table([*rows[1:], rows[0]])))
    assert told(change) == [("moved", "Freedonia")]


LISTED = [
    ["RURITANIA", "Alpha Works, 1 Quay, Strelsau.", "All items. (See § 744.11)", "Presumption of denial.", "88 FR 1"],
    ["RURITANIA", "Beta Works, 2 Quay, Strelsau.", "All items. (See § 744.11)", "Case-by-case review.", "88 FR 1."],
    ["RURITANIA", "Gamma Yard, 3 Quay, Strelsau.", "All items. (See § 744.11)", "Presumption of denial.", "88 FR 1"],
]  # fmt: skip


def test_rows_without_heads_are_told_cell_by_cell_and_named_apart():
    swapped = [[*LISTED[0][:3], LISTED[1][3], LISTED[0][4]], [*LISTED[1][:3], LISTED[0][3], LISTED[1][4]], LISTED[2]]
    change = changes(ecfr(table(LISTED, ())), ecfr(table(swapped, ())))
    assert told(change) == [
        ("changed", "RURITANIA, Alpha Works, 1 Quay, Strelsau. › #4"),
        ("changed", "RURITANIA, Beta Works, 2 Quay, Strelsau. › #4"),
    ]
    assert [run for run in change.hunks[0].words if run[0] != "="] == [
        ("-", "Presumption of denial"),
        ("+", "Case-by-case review"),
    ]


def test_an_empty_cell_of_a_table_without_heads_counts():
    rows = [["Alpha", "", "X"], ["Beta", "X", ""]]
    change = changes(ecfr(table(rows, ())), ecfr(table([["Alpha", "X", ""], rows[1]], ())))
    assert [(hunk.where, hunk.old, hunk.new) for hunk in change.hunks] == [
        ("Supplement No. 9 to Part 740 › Alpha › #2, #3", "Alpha | – | X", "Alpha | X")
    ]


def test_a_cell_that_reaches_down_over_rows_belongs_to_each():
    def listed(policy: str) -> str:
        first, second, third = (
            html_row("TD", (*row[1:3], policy if row[1].startswith("Beta") else row[3])) for row in LISTED
        )
        reaching = first.replace("<TR>", '<TR><TD rowspan="3">RURITANIA</TD>')
        heads = html_row("TH", ("Country", "Entity", "Licence requirement", "Licence policy"))
        return ecfr(f"<TABLE><THEAD>{heads}</THEAD>{reaching}{second}{third}</TABLE>")

    (hunk,) = changes(listed("Case-by-case review."), listed("Presumption of denial.")).hunks
    assert hunk.where.endswith(" › RURITANIA, Beta Works, 2 Quay, Strelsau. › Licence policy")
    assert hunk.new == (
        "Country: RURITANIA · Entity: Beta Works, 2 Quay, Strelsau. · Licence requirement: All items. "
        "(See § 744.11) · Licence policy: Presumption of denial."
    )


@pytest.mark.parametrize("kind", ["code", "register"])
def test_heads_of_two_lines_name_a_column_by_both(kind):
    rows = (("Alpha", "1.00", "4.00", "7"), ("Beta", "2.00", "5.00", "8"))

    def written(figure: str) -> str:
        body = [row if row[0] == "Alpha" else (*row[:2], figure, row[3]) for row in rows]
        if kind == "register":
            heads = (
                '<CHED H="1">Set</CHED><CHED H="1">Rate <LI>(percent)</LI></CHED><CHED H="2">Immediate</CHED>'
                '<CHED H="2"><E T="03">i</E><E T="8145">2</E></CHED><CHED H="1">Years</CHED>'
            )
            return ecfr(
                f"<GPOTABLE><BOXHD>{heads}</BOXHD>"
                + "".join(f"<ROW><ENT>{'</ENT><ENT>'.join(row)}</ENT></ROW>" for row in body)
                + "</GPOTABLE>"
            )
        heads = (
            '<TR><TH rowspan="2">Set</TH><TH colspan="2">Rate<br/>(percent)</TH><TH rowspan="2">Years</TH></TR>'
            "<TR><TH>Immediate</TH><TH>i2</TH></TR>"
        )
        return ecfr(f"<TABLE><THEAD>{heads}</THEAD>{''.join(html_row('TD', row) for row in body)}</TABLE>")

    (hunk,) = changes(written("5.00"), written("5.25")).hunks
    assert hunk.where.endswith(" › Beta › Rate (percent) / i2")
    assert hunk.new.endswith("Rate (percent) / i2: 5.25 · Years: 8")


def test_a_heading_between_rows_stands_without_a_head():
    rows = [html_row("TD", row) for row in marked(GROUPS)]

    def written(heading: str) -> str:
        between = f'<TR><TD colspan="4">{heading}</TD></TR>'
        return ecfr(f"<TABLE><THEAD>{html_row('TH', HEADS)}</THEAD>{rows[0]}{between}{''.join(rows[1:])}</TABLE>")

    (hunk,) = changes(written("Group of the east"), written("Group of the far east")).hunks
    assert (hunk.kind, hunk.new) == (HunkKind.CHANGED, "Group of the far east")


def test_a_head_that_is_renamed_is_one_change_and_not_one_of_every_row():
    heads = ("Country", "[D:1]", "[D:4] missiles", "[D:5]")
    after = GROUPS | {"Grand Fenwick": " X  "}
    change = changes(ecfr(table(marked(GROUPS))), ecfr(table(marked(after), heads)))
    assert [(hunk.kind.value, hunk.new) for hunk in change.hunks] == [
        ("changed", "Country · [D:1] · [D:4] missiles · [D:5]"),
        ("changed", "Country: Grand Fenwick · [D:1]: X"),
    ]


def test_a_column_that_comes_empty_changes_its_head_alone():
    heads = ("Country", "[D:1]", "[D:2]", "[D:4]", "[D:5]")
    after = [[*row[:2], "", *row[2:]] for row in marked(GROUPS)]
    change = changes(ecfr(table(marked(GROUPS))), ecfr(table(after, heads)))
    assert [hunk.new for hunk in change.hunks] == ["Country · [D:1] · [D:2] · [D:4] · [D:5]"]


def test_two_columns_of_one_head_are_told_apart():
    heads = ("Country", "Mark", "Mark")
    change = changes(ecfr(table([["Lutha", "X", ""]], heads)), ecfr(table([["Lutha", "", "X"]], heads)))
    assert [hunk.new for hunk in change.hunks] == ["Country: Lutha · Mark (2): X"]


def test_words_around_a_table_are_paragraphs_of_their_own():
    old = (
        f"<DIV8 N='1.1' TYPE='SECTION'><EXTRACT>Before {table([['Lutha', 'X']], ())} words behind it.</EXTRACT></DIV8>"
    )
    (hunk,) = changes(old, old.replace("behind", "beyond")).hunks
    assert (hunk.old, hunk.new) == ("words behind it.", "words beyond it.")


@pytest.mark.parametrize(
    "odd",
    [
        "<TABLE>Loose words.<TR><TD>Lutha</TD></TR></TABLE>",
        "<TABLE><TBODY><TR><TD>Lutha</TD></TR>Loose words.</TBODY></TABLE>",
        "<TABLE><TR>Loose words.<TD>Lutha</TD></TR></TABLE>",
        "<TABLE><TR><TD>Lutha</TD><P>Loose words.</P></TR></TABLE>",
        "<TABLE><TR><TH>Lutha</TH></TR><TR><TH>Loose words.</TH></TR><TR><TH>Lutha</TH></TR></TABLE>",
        "<TABLE><TR><TD>Lutha</TD></TR><TNOTE>Loose words.</TNOTE></TABLE>",
        "<TABLE><CAPTION><P>Loose words.</P></CAPTION><TR><TD>Lutha</TD></TR></TABLE>",
        "<TABLE><TR><TD><TABLE><TR><TD>Loose words.</TD></TR></TABLE></TD></TR></TABLE>",
    ],
)
def test_no_word_of_an_odd_table_is_lost(odd):
    change = changes(ecfr(odd), ecfr(odd.replace("Loose words", "Other words")))
    assert any("Loose words." in hunk.old for hunk in change.hunks)
    assert any("Other words." in hunk.new for hunk in change.hunks)


def test_a_long_head_that_reaches_down_is_told_once():
    head = "A head of very many words that goes on and on, as heads of the Code of Federal Regulations do at times"
    heads = f'<TR><TH rowspan="2">{head}</TH><TH>B</TH></TR><TR><TH>C</TH></TR>'
    text = f"<TABLE><THEAD>{heads}</THEAD><TR><TD>1</TD></TR></TABLE>"
    (hunk,) = changes(ecfr(text), ecfr(text.replace(">C<", ">D<"))).hunks
    assert hunk.new == f"{head} · B / D"


def test_many_tables_are_compared_in_step_with_their_number():
    def many(mark: str) -> str:
        return ecfr(*(table([["Lutha", mark], ["Osterlich", "Y"]], ("Country", f"[G:{at}]")) for at in range(1500)))

    with lively(1.0):
        change = changes(many("X"), many(""))
    assert change.count(HunkKind.CHANGED) == len(change.hunks) == 1500


def test_a_page_that_is_laid_out_by_tables_is_compared_by_its_blocks():
    def laid_out(limit: int) -> str:
        cell = "".join(f"<p>Paragraph {number} has a limit of {limit + number} items.</p>" for number in range(6))
        inner = "<table><tr><td>Lutha</td><td>X</td></tr></table>"
        return f"<html><body><table><tr><td>{cell}</td><td>Side</td></tr><tr><td>{inner}</td></tr></table>"

    change = changes(laid_out(100), laid_out(100).replace("limit of 103", "limit of 203"))
    assert [hunk.new for hunk in change.hunks] == ["Paragraph 3 has a limit of 203 items."]


def test_whatever_cells_change_every_row_that_did_is_told_once():
    chance = random.Random(7)
    words = ["", "", "X", "4800", "Presumption of denial.", "License Exception NAC", "see (a)"]
    for _ in range(60):
        heads = [f"Head {at}" for at in range(5)] if chance.random() < 0.7 else []
        rows = [[f"Row {chr(65 + at)}{at}", *(chance.choice(words) for _ in range(4))] for at in range(12)]
        after = [list(row) for row in rows]
        for at in chance.sample(range(12), 3):
            after[at][chance.randrange(1, 5)] = chance.choice(words)
        expected = [("changed", new[0]) for old, new in zip(rows, after, strict=True) if old != new]
        change = changes(ecfr(table(rows, heads)), ecfr(table(after, heads)))
        assert [(kind, where.partition(" › ")[0]) for kind, where in told(change)] == expected


def test_spans_without_bounds_lose_nothing_and_end():
    wide = "".join(f"<TD>c{at}</TD>" for at in range(600))
    hostile = (
        '<TABLE><TR><TH colspan="999999999">Head</TH></TR>'
        '<TR><TD rowspan="99999999" colspan="3">Reaching</TD><TD colspan="-5x">y</TD></TR>'
        f"<TR>{wide}</TR>" + "<TR><TD>z</TD></TR>" * 5000 + "</TABLE>"
        "<TABLE><TR>" + '<TD rowspan="5000">w</TD>' * 250 + "</TR>" + "<TR><TD>z</TD></TR>" * 5000 + "</TABLE>"
    )
    with lively(1.0):
        change = changes(ecfr(hostile), ecfr(hostile.replace(">c599<", ">changed<")))
    assert len(change.hunks) == 1
    assert "changed" in change.hunks[0].new


def test_a_long_table_is_compared_in_step_with_its_length():
    rows = [["RURITANIA", f"Works {at}, {at} Quay.", "For all items.", "Presumption of denial."] for at in range(4000)]
    after = [[*row[:3], "Case-by-case."] if at % 400 == 0 else row for at, row in enumerate(rows)]
    old, new = ecfr(table(rows, HEADS)), ecfr(table(after, HEADS))
    with lively(0.6):
        change = changes(old, new)
    assert len(change.hunks) == change.count(HunkKind.CHANGED) == 10
