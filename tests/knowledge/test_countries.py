import itertools
from datetime import date
from typing import Any

import pytest

from bot.errors import UserError
from bot.knowledge.library import Knowledge
from bot.knowledge.provision import Standpoint

DECISIVE = {"A:5", "A:6", "D:1", "D:4", "D:5", "E:1", "E:2"}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Malaysia", "MY"), ("马来西亚", "MY"), ("馬來西亞", "MY"), ("MYS", "MY"), ("my", "MY"),
        ("VAE", "AE"), ("UAE", "AE"), ("Vereinigte Arabische Emirate", "AE"), ("阿联酋", "AE"),
        ("China", "CN"), ("中国", "CN"), ("中國大陸", "CN"), ("VR China", "CN"), ("PRC", "CN"), ("CHN", "CN"),
        ("Hongkong", "HK"), ("香港", "HK"), ("Macao", "MO"), ("澳門", "MO"), ("Taiwan", "TW"), ("台灣", "TW"),
        ("Südkorea", "KR"), ("South Korea", "KR"), ("韩国", "KR"), ("Nordkorea", "KP"), ("UK", "GB"), ("英国", "GB"),
        ("Russland", "RU"), ("俄罗斯", "RU"), ("Saudi-Arabien", "SA"), ("沙特", "SA"), ("Türkei", "TR"),
        ("Turkey", "TR"), ("Singapur", "SG"), ("Vietnam", "VN"), ("Deutschland", "DE"), ("Schweiz", "CH"),
        ("Burma", "MM"), ("USA", "US"),
    ],
)  # fmt: skip
def test_destinations_are_found_by_every_name(law: Knowledge, text: str, code: str) -> None:
    assert law.countries.find(text).code == code


def test_a_name_belongs_to_one_destination_only(law: Knowledge) -> None:
    for code, country in law.countries.items():
        for name in (code, country.en, country.de, country.zh, country.zh_hant):
            assert law.countries.find(name).code == code, name


@pytest.mark.parametrize(("text", "suggestion"), [("Malasia", "MY"), ("Singapor", "SG"), ("Germny", "DE")])
def test_a_misspelt_destination_gets_a_suggestion(law: Knowledge, text: str, suggestion: str) -> None:
    with pytest.raises(UserError) as caught:
        law.countries.find(text)
    assert caught.value.key == "errors.unknown_destination"
    assert suggestion in caught.value.values["suggestions"]  # type: ignore[operator]


def test_atlantis_is_unknown_and_europe_is_no_destination(law: Knowledge) -> None:
    with pytest.raises(UserError) as caught:
        law.status("H20", "Atlantis", "2025-05-20")
    assert caught.value.key == "errors.unknown_destination"
    with pytest.raises(UserError) as caught:
        law.status("H20", "Europa", "2025-05-20")
    assert caught.value.key == "errors.area_not_a_destination"


def test_groups_agree_with_the_research(law: Knowledge, shared_rules: Any) -> None:
    view = Standpoint(date.fromisoformat(shared_rules["country_groups"]["as_of"]))
    rows = shared_rules["country_groups"]["destinations"]
    assert len(rows) > 80
    for code, row in rows.items():
        expected = {group.split(" ")[0] for group in row["groups"]} & DECISIVE
        assert law.groups.of(code, view) == expected, code
    for code in set(law.countries) - set(rows):
        assert not law.groups.of(code, view), code


@pytest.mark.parametrize(
    ("code", "day", "groups"),
    [
        ("AE", "2026-07-09", {"D:4"}),
        ("AE", "2026-07-10", {"A:5"}),
        ("NI", "2024-03-14", set()),
        ("NI", "2024-03-15", {"D:1", "D:5"}),
        ("KH", "2026-02-02", {"D:1", "D:5"}),
        ("KH", "2026-02-03", {"D:1"}),
    ],
)
def test_groups_change_on_their_day(law: Knowledge, code: str, day: str, groups: set[str]) -> None:
    assert law.groups.of(code, Standpoint(date.fromisoformat(day))) == groups


def test_a_group_change_that_was_not_public_is_not_used(law: Knowledge) -> None:
    view = Standpoint(date(2026, 8, 1), known_on=date(2026, 7, 1))
    assert law.groups.of("AE", view) == {"D:4"}


def test_group_rows_are_sound(law: Knowledge) -> None:
    for code in law.countries:
        stays = law.groups.history(code)
        for stay in stays:
            assert stay.group in DECISIVE, code
            assert stay.citation.title, code
            assert stay.citation.url.startswith("https://"), code
            assert stay.public_from <= stay.begins, code
            assert stay.until is None or stay.begins < stay.until, code
            assert stay.confidence in ("confirmed", "single_source", "uncertain"), code
        for one, other in itertools.combinations(stays, 2):
            apart = one.group != other.group or (one.until or date.max) <= other.begins or other.until == one.begins
            assert apart, (code, one, other)
