"""Cards of the official sources: the redline, a list's rows, a party, a watch list, in three languages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from bot.cards.card import Card, Span, Style, plain
from bot.cards.details import with_details
from bot.cards.party import party_card
from bot.cards.redline import redline_line, redline_text
from bot.cards.rows import with_watch_hits
from bot.cards.spreadsheet import names_csv, read_names, rows_csv
from bot.errors import UserError
from bot.locale.catalogue import LANGUAGES, catalogue
from bot.model import Party
from bot.redline.record import redline_record

BASE = Card(title=(Span("Story"),), marks=(Span("● LAW"),), lines=((Span("Law: old"),),), footer=((Span("seen"),),))
OLD, NEW = (
    f'<DIV8 N="742.6" TYPE="SECTION"><HEAD>§ 742.6 Regional stability.</HEAD><P>(b) <I>Policy.</I> There is a {policy} '
    f"for items with a performance below {figure}.</P>{more}</DIV8>"
    for policy, figure, more in (
        ("presumption of denial", "4,800", "<P>(c) Old.</P>"),
        ("case-by-case review", "21,000", ""),
    )
)


def redline(**more: Any) -> dict[str, Any]:
    record = redline_record("742.6", OLD, NEW)
    return record | {"title": 15, "old_date": "2025-12-01", "new_date": "2026-01-15", "substantive": True} | more


def row(name: str, country: str, op: str = "added", **more: Any) -> dict[str, Any]:
    return {"op": op, "chips": None, "name": name, "countries": [country], "notice": "90 FR 14046", **more}


MARCH_2025: dict[str, Any] = {
    "list": "EL",
    "title": "Entity List",
    "total": 3000,
    "added": 12,
    "removed": 0,
    "changed": 0,
    "chips": 12,
    "rows": [
        row(
            f"Server Maker {number}",
            "TW" if number == 11 else "CN",
            chips="footnote:4",
            policy="Presumption of denial.",
        )
        for number in range(12)
    ],
}


def words(card: Card) -> list[str]:
    return [plain(card.title), *(plain(line) for line in card.lines)]


def rows_card(language: str = "en", **more: Any) -> Card:
    return with_details(BASE, [{"rows": MARCH_2025 | more}], language, "s-1")


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("en", "Entity List: +12, none removed, none changed (11 China, 1 Taiwan)"),
        ("de", "Entity List: +12, keine Streichung, keine Änderung (11 China, 1 Taiwan)"),
        ("zh", "实体清单：+12、无移除、无修改（中国11家、台湾1家）"),
    ],
)
def test_the_alert_of_a_list_counts_and_says_from_where(language: str, title: str) -> None:
    card = rows_card(language)
    assert plain(card.title) == title
    assert card.marks == BASE.marks
    assert any(button.action == "rows" for button in card.buttons)


def test_the_alert_of_a_list_names_what_concerns_chips_the_terms_and_the_notice() -> None:
    _, chips, terms, savings, cited = words(rows_card())
    assert chips.startswith("AI-chip relevant: all 12. Server Maker 0 (footnote 4), ")
    assert chips.endswith("and 7 more")
    assert "Presumption of denial" in terms
    assert savings == "Goods already under way: see savings clause, date as printed in the notice"
    assert cited == "Notices: 90 FR 14046"


def test_the_day_of_the_savings_clause_is_given_as_printed() -> None:
    assert any("April 28, 2025 as printed in the notice" in line for line in words(rows_card(savings="April 28, 2025")))


def test_many_countries_are_counted_as_elsewhere() -> None:
    seats = ["CN", "CN", "RU", "RU", "IR", "PK", "AE", ""]
    rows = [row(f"Firm {number}", seat) for number, seat in enumerate(seats)]
    title = plain(rows_card(rows=rows, added=8, chips=0).title)
    assert title.endswith("(2 China, 2 Russia, 1 UAE, 1 Iran, 2 elsewhere)")


def test_removals_alone_are_told_with_their_countries() -> None:
    card = rows_card(rows=[row("Firm", "IN", "removed")], added=0, removed=1, chips=0)
    assert words(card)[0] == "Entity List: none added, 1 removed, none changed (1 India)"
    assert "none by footnote" in words(card)[1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_redline_shows_what_went_and_came_without_colour(language: str) -> None:
    card = with_details(BASE, [{"redline": redline()}], language, "s-1")
    line = next(line for line in card.lines if plain(line).startswith("§ 742.6(b)"))
    struck = [span.text for span in line if span.style is Style.STRIKE]
    bold = [span.text for span in line if span.style is Style.BOLD]
    assert struck == ["presumption of denial", "4,800"]
    assert bold == ["case-by-case review", "21,000"]
    assert "presumption of denial → case-by-case review" in plain(line)
    assert any("4,800 → 21,000" in text for text in words(card))
    assert [button.action for button in card.buttons] == ["redline"]


def test_the_titles_of_redlines_count_and_name_the_sections() -> None:
    def title(*records: dict[str, Any]) -> str:
        return plain(with_details(BASE, [{"redline": record} for record in records], "en").title)

    assert title(redline()) == "15 CFR 742.6 amended: 1 paragraph changed, 1 removed"
    other = redline(section="744.23")
    assert title(redline(), other) == "15 CFR 742.6, 15 CFR 744.23 amended: 2 paragraphs changed, 2 removed"
    same = redline_record("742.6", OLD, OLD) | {"title": 15, "old_date": "", "new_date": "x", "substantive": False}
    assert title(same) == "15 CFR 742.6: editorial change, no words of the law differ"
    missing = redline_record("742.6", None, NEW) | {"title": 15, "old_date": "", "new_date": "", "substantive": True}
    assert title(missing).endswith("could not be compared yet")
    assert "no change of substance" in title(redline(substantive=False))


def test_a_removed_paragraph_and_a_removed_country_group_say_so_in_words() -> None:
    say = catalogue("en")
    gone = next(hunk for hunk in redline()["hunks"] if hunk["kind"] == "removed")
    assert plain(redline_line(say, gone)) == "§ 742.6(c), removed: [− (c) Old.]"
    old, new = OLD.replace("performance below", "group D:1 below"), OLD.replace("performance below", "thing below")
    card = with_details(BASE, [{"redline": redline_record("742.6", old, new) | {
        "title": 15, "old_date": "", "new_date": "", "substantive": True}}], "en")  # fmt: skip
    assert any("D:1 → removed" in text for text in words(card))


def of_table(before: str, after: str, name: str = "Sylvania") -> dict[str, Any]:
    old, new = (
        '<DIV9 N="Supplement No. 9 to Part 740" TYPE="APPENDIX"><HEAD>Supplement No. 9</HEAD><TABLE><THEAD><TR>'
        "<TH>Country</TH><TH>[D:4]</TH><TH>[D:5]</TH><TH>Policy</TH></TR></THEAD>"
        f"<TR><TD>Lutha</TD><TD>X</TD><TD></TD><TD>denial</TD></TR><TR><TD>{name}</TD>{cells}</TR></TABLE></DIV9>"
        for cells in (before, after)
    )
    return redline() | redline_record("Supplement No. 9 to Part 740", old, new)


@pytest.mark.parametrize(
    ("after", "shown", "in_file"),
    [
        (
            "<TD></TD><TD>X</TD><TD>Presumption of denial.</TD>",
            "[D:4], [D:5]: [D:4]: X → [D:5]: X",
            "[D:4], [D:5]: Country: Sylvania · [-[D:4]: X-]{+[D:5]: X+} · Policy: Presumption of denial.",
        ),
        (
            "<TD></TD><TD></TD><TD>Presumption of denial.</TD>",
            "[D:4]: [− [D:4]: X]",
            "[D:4]: Country: Sylvania[- · [D:4]: X-] · Policy: Presumption of denial.",
        ),
        (
            "<TD>X</TD><TD></TD><TD>Presumption of approval.</TD>",
            "Policy: Presumption of denial → approval",
            "Policy: Country: Sylvania · [D:4]: X · Policy: Presumption of [-denial-]{+approval+}.",
        ),
    ],
)
def test_a_row_of_a_table_is_told_by_its_name_and_the_cells_that_changed(after: str, shown: str, in_file: str) -> None:
    record = of_table("<TD>X</TD><TD></TD><TD>Presumption of denial.</TD>", after)
    line = plain(redline_line(catalogue("en"), record["hunks"][0])).strip()
    assert line == f"Supplement No. 9 to Part 740 › Sylvania › {shown}"
    assert f"changed Supplement No. 9 to Part 740 › Sylvania › {in_file}" in redline_text([record])


def test_a_row_with_a_long_name_still_names_its_column() -> None:
    name = "The Sylvanian Institute of Very Applied Mathematics and of All Other Sciences, 1 Castle Road, Sylvania"
    record = of_table("<TD></TD><TD></TD><TD>denial</TD>", "<TD></TD><TD>X</TD><TD>denial</TD>", name)
    line = plain(redline_line(catalogue("en"), record["hunks"][0])).strip()
    assert "› The Sylvanian Institute of Very Applied" in line
    assert line.endswith("… › [D:5]: [+ [D:5]: X]")


def test_long_redlines_are_cut_in_chat_and_say_how_much_is_left() -> None:
    body = "".join(f"<P>({letter}) Paragraph {{}} of the {letter} sort.</P>" for letter in "abcdefghij")
    text = f'<DIV8 N="742.6" TYPE="SECTION"><HEAD>§ 742.6 X.</HEAD>{body}</DIV8>'
    record = redline_record("742.6", text.replace("{}", "one"), text.replace("{}", "two"))
    card = with_details(BASE, [{"redline": redline() | record}], "en")
    assert "6 more paragraphs in the full redline" in words(card)
    assert all(len(text) <= 440 for text in words(card))


@dataclass
class Match:
    party: Party
    matched: str
    score: float
    why: tuple[str, ...]


PARTY = Party("EL", "Inspur (Beijing) Electronic", ("Langchao",), ("CN",), "For all items.", "Denial", (), "90 FR 1",
              "2025-03-25")  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_party_stands_with_score_and_reason_and_the_bounds_of_the_answer(language: str) -> None:
    card = party_card("Langchao", [Match(PARTY, "Langchao", 0.941, ("alias", "near"))], language, listed=25_000)
    first = plain(card.lines[0])
    assert first.startswith("94")
    assert PARTY.name in first
    assert "Langchao" in first
    assert "50" in plain(card.footer[0])


def test_nobody_found_is_not_called_clean() -> None:
    card = party_card("Acme", [], "en", listed=10)
    assert plain(card.title) == "Acme: no listed name is like it"
    assert "may still be listed" in plain(card.footer[1])
    assert "no screening list is stored" in plain(party_card("Acme", [], "en", listed=0).title)
    assert "none is the same" in plain(party_card("Acme", [Match(PARTY, "x", 0.8, ("near",))], "en", listed=9).title)


def test_hits_of_a_watch_list_stand_on_the_owners_card_alone() -> None:
    card = with_watch_hits(
        rows_card(), 38, [{"asked": "Inspur Beijing", "name": "Inspur (Beijing)", "score": 0.94}], "en"
    )
    (line,) = (text for text in words(card) if text.startswith("Your list"))
    assert (
        line
        == "Your list (38 names): 1 close match. “Inspur Beijing” is like “Inspur (Beijing)”, 94 %. Only you see this"
    )
    assert with_watch_hits(rows_card(), 38, [], "en") == rows_card()


HOSTILE = "=cmd|' /C calc'!A0 @everyone **b** \u202e<b>\n\x1b[31m" + "x" * 9000


def test_hostile_rows_and_redlines_are_cut_to_one_visible_line() -> None:
    rows = [row(HOSTILE, HOSTILE, chips=f"company:{HOSTILE}", notice=HOSTILE, policy=HOSTILE)]
    text = OLD.replace("presumption of denial", "y" * 5000).replace("There", "@everyone \u202e")
    record = redline_record("742.6", OLD, text) | {"title": HOSTILE, "old_date": HOSTILE, "new_date": HOSTILE}
    for card in (
        rows_card(rows=rows, list=HOSTILE, title=HOSTILE, savings=HOSTILE),
        with_details(
            BASE, [{"redline": record | {"substantive": True, "pending": [HOSTILE], "section": HOSTILE}}], "en"
        ),
        party_card(HOSTILE, [Match(Party("EL", HOSTILE, (), (HOSTILE,), HOSTILE), HOSTILE, 0.9, ("near",))], "en"),
    ):
        for line in words(card):
            assert len(line) <= 700
            assert not set(line) & set("\n\x1b\u202e")


def test_the_rows_are_a_table_for_spreadsheets() -> None:
    lines = rows_csv(MARCH_2025 | {"rows": [row('=HYPERLINK("x")', "CN", aliases=["A", "B"])]}).split("\r\n")
    assert lines[0].startswith("change,list,name,aliases")
    assert lines[1].startswith('added,EL,"\'=HYPERLINK(""x"")",A; B,CN')


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Acme Co., Ltd.\nOther\n", ["Acme Co., Ltd.", "Other"]),
        ("\ufeffname;note\r\nAcme;x\r\n\r\nAcme;y\r\n", ["Acme"]),
        ("id,Company\n1,Acme\n2,Beta\n", ["Acme", "Beta"]),
        ("", []),
        ("\0\n  \n", []),
    ],
)
def test_lists_of_names_are_read_as_people_write_them(text: str, names: list[str]) -> None:
    assert [name for name, _ in read_names(text)] == names


@pytest.mark.parametrize("sign", ["\x01", "\u200b", " ", "\x01 "])
def test_a_sign_that_nobody_sees_before_an_apostrophe_changes_no_name_on_its_way(sign: str) -> None:
    names = read_names(f"name\n{sign}'=Acme\nOther\n")
    assert names == [("=Acme", ""), ("Other", "")]
    assert read_names(names_csv(names)) == names


def test_a_list_that_is_too_long_is_refused() -> None:
    with pytest.raises(UserError, match="list_too_long"):
        read_names("\n".join(f"Firm {number}" for number in range(5001)))
