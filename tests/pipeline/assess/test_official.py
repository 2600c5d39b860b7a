"""A list's change is judged by its rows, a section's by the words that changed; neither by its title."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.model import Change, ChangeKind, Direction, Document, Kind, Severity, Stage, Trust
from bot.pipeline.assess.official import assess_change
from bot.pipeline.assess.severity import severity_of

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
BINDS = severity_of(Kind.ENTITY_LIST, Stage.IN_FORCE, Trust.OFFICIAL, (), ("CN",))
DENIED = "Exports of integrated circuits with a total processing performance of 4800 require a licence."


def row(name: str, chips: str | None = None, *countries: str) -> dict[str, Any]:
    return {"op": "added", "name": name, "chips": chips, "countries": list(countries)}


def listed(*rows: dict[str, Any], of: str = "EL", added: int = 1, removed: int = 0, changed: int = 0):
    document = Document("csl", of, "A list", "https://lists.example/", kind="list")
    record = {"list": of, "added": added, "removed": removed, "changed": changed, "rows": list(rows)}
    return assess_change(Change(ChangeKind.ROWS, document, NOW, detail={"rows": record}), Trust.OFFICIAL, "Lists")


def section(key: str, *hunks: dict[str, str], **detail: Any):
    document = Document("ecfr", key, f"Section {key}", "https://code.example/", summary="nothing of it counts")
    change = Change(ChangeKind.AMENDED, document, NOW, detail={"redline": {"hunks": list(hunks)}, **detail})
    return assess_change(change, Trust.OFFICIAL, "The Code")


def test_a_firm_of_the_trade_makes_a_list_s_change_matter():
    found = listed(row("Inspur", "company:Inspur", "CN", "the high seas"), row("Somebody", None, "IR"))
    assert (found.relevant, found.score, found.severity) == (True, 1.0, BINDS)
    assert (found.companies, found.destinations, found.origin) == (("Inspur",), ("CN",), ("US",))
    assert (found.kind, found.stage, found.trust) == (Kind.ENTITY_LIST, Stage.IN_FORCE, Trust.OFFICIAL)
    assert [(reason.rule, reason.text) for reason in found.reasons] == [("list_company:Inspur", "Inspur")]


def test_a_footnote_names_no_company_and_a_name_may_hold_a_colon():
    assert listed(row("X", "footnote:4", "CN")).companies == ()
    assert listed(row("X", "company:A: B", "CN")).companies == ("A: B",)


def test_a_list_of_others_matters_little_and_one_of_ours_a_bit():
    assert BINDS is not Severity.NORMAL
    plain = listed(row("Somebody", None, "IR"))
    assert (plain.relevant, plain.score, plain.severity, plain.destinations) == (False, 0.0, Severity.NORMAL, ())
    assert listed(row("Inspur", "company:Inspur", "CN"), of="SDN").severity is Severity.LOW
    assert listed(row("Inspur", "company:Inspur", "CN"), added=0, changed=1).severity is Severity.NORMAL


@pytest.mark.parametrize(
    ("added", "removed", "direction"),
    [(2, 1, Direction.RESTRICTS), (1, 2, Direction.RELAXES), (1, 1, Direction.NONE)],
)
def test_who_came_and_who_went_give_the_direction(added, removed, direction):
    assert listed(row("X", "footnote:4", "CN"), added=added, removed=removed).direction is direction


def test_places_and_reasons_are_bounded():
    codes = ["CN", "HK", "MO", "RU", "BY", "IR", "SY", "KP", "CU", "VE"]
    found = listed(*(row(f"F{n}", "footnote:4", codes[n % 10]) for n in range(14)))
    assert (found.destinations, len(found.reasons)) == (tuple(codes[:8]), 12)


@pytest.mark.parametrize("hunk", [{"new": DENIED}, {"old": DENIED}, {"old": "Reserved.", "new": DENIED}])
def test_words_on_chips_make_a_section_matter(hunk):
    found = section("740.9", hunk)
    assert (found.relevant, found.score) == (True, 1.0)
    assert (found.kind, found.stage, found.origin, found.direction) == (
        Kind.RULE, Stage.IN_FORCE, ("US",), Direction.NONE
    )  # fmt: skip
    assert found.severity is severity_of(Kind.RULE, Stage.IN_FORCE, Trust.OFFICIAL, found.chips, found.destinations)
    assert found.severity is not Severity.LOW
    assert [(reason.rule, reason.text.casefold()) for reason in found.reasons[:1]] == [
        ("changed_words", "integrated circuits")
    ]


def test_a_section_of_the_chip_rules_matters_whatever_its_words():
    found = section("744.23", {"new": "Paragraph (a)(3) is revised."})
    assert (found.relevant, found.reasons[0].rule, found.reasons[0].text) == (True, "chip_section", "744.23")
    assert found.severity is not Severity.LOW
    assert not section("740.9", {"new": "Paragraph (a)(3) is revised."}).relevant
    assert not section("Supplement No. 1 to Part 774", {"new": "Fruit and vegetables."}).relevant


def test_what_is_editorial_or_has_no_words_is_low():
    words = {"new": DENIED}
    assert section("744.23", words, substantive=False).severity is Severity.LOW
    assert section("744.23", words, substantive=False).relevant
    assert section("744.23", words, substantive=True).severity is not Severity.LOW
    assert section("744.23").severity is Severity.LOW


def test_a_change_without_rows_or_redline_is_judged_by_its_text():
    document = Document("wire", "a", "US bans exports of Nvidia H20 chips to China", "https://wire.example/a")
    found = assess_change(Change(ChangeKind.NEW, document, NOW), Trust.PRESS, "Wire")
    assert (found.relevant, found.trust, found.chips) == (True, Trust.PRESS, ("H20",))


GROUPS = "Supplement No. 1 to Part 740"


def regrouped(country: str, columns: str, old: str, new: str):
    where = f"{GROUPS} › {country}" + (f" › {columns}" if columns else "")
    return section(GROUPS, {"where": where, "old": old, "new": new})


@pytest.mark.parametrize(
    ("country", "columns", "code"),
    [("Saudi Arabia", "[D:4], [D:5]", "SA"), ("Cambodia", "[D:5]", "KH"), ("Oman", "", "OM")],
)
def test_a_country_that_changes_a_group_of_the_chip_rules_matters(country, columns, code):
    found = regrouped(country, columns, f"Country: {country} · [D:4]: X", f"Country: {country} · [D:5]: X")
    assert (found.relevant, found.destinations, found.kind, found.stage) == (True, (code,), Kind.RULE, Stage.IN_FORCE)
    assert found.severity is not Severity.LOW


@pytest.mark.parametrize("columns", ["[D:2]", "[D:3]", "[E:1]", "[B]"])
def test_a_country_that_changes_another_group_does_not(columns):
    found = regrouped("Oman", columns, "Country: Oman · [D:4]: X", f"Country: Oman · [D:4]: X · {columns}: X")
    assert not found.relevant
