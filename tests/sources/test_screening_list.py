"""Screening lists: every trap of their three formats, and that a party is a party whatever rows and ids it has."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.errors import ConfigError, SourceError
from bot.fetch.exchange import DEFAULT_MAX_BYTES, Answer
from bot.model import Party, Trust
from bot.sources.base import Reading, source_from
from bot.sources.rolls import rows as rows_module
from bot.sources.sniff import sniff
from bot.store.parties import digest

EL = "Entity List (EL) - Bureau of Industry and Security"
DPL = "Denied Persons List (DPL) - Bureau of Industry and Security"
RECORD: dict[str, Any] = {
    "source": EL,
    "id": "a" * 56,
    "name": "Example Supercomputing Institute",
    "alt_names": ["ESI", "Institute of Examples"],
    "addresses": [
        {"address": "No. 1 Test Road", "city": "Beijing", "state": None, "postal_code": "", "country": "CN"},
        {"address": "2 Test Street", "city": "Hong Kong", "state": "", "postal_code": None, "country": "HK"},
    ],
    "federal_register_notice": "90 FR 1",
    "start_date": "2025-03-28",
    "license_requirement": "For all items subject to the EAR. (See §§ 734.9(e) and 744.11 of the EAR)4",
    "license_policy": "Presumption of denial.",
    "remarks": "",
    "title": None,
}
BUREAU = (
    "Source List,Entity Number,SDN Type,Programs,Name,Title,Address,City,State/Province,Postal Code,Country,"
    "Federal Register Notice,Effective Date,Date Lifted/Waived/Expired,Standard Order,License Requirement,"
    "License Policy,Call Sign,Vessel Type,Gross Tonnage,Gross Register Tonnage,Vessel Flag,Vessel Owner,Remarks/Notes,"
    "Address Number,Address Remarks,Alternate Number,Alternate Type,Alternate Name,Alternate Remarks,Web Link,,,,"
)


def answer(body: bytes | str, **more: Any) -> Answer:
    raw = body.encode() if isinstance(body, str) else body
    return Answer("https://lists.example/file", 200, {}, raw, datetime(2026, 1, 1, tzinfo=UTC), **more)


def read(body: bytes | str | list[Any] | dict[str, Any], **options: Any) -> Reading:
    text = body if isinstance(body, bytes | str) else json.dumps(body)
    return source_from({"id": "list", "kind": "screening_list", **options}).read(answer(text))


def one(body: Any, roll: str = "EL", **options: Any) -> Party:
    (party,) = read(body, **options).parties[roll]
    return party


def bureau_row(**cells: str) -> str:
    header = BUREAU.split(",")
    known = {"Name": "Example Firm", "Country": "China", **cells}
    out = io.StringIO()
    csv.writer(out).writerow([known.get(name, "") for name in header])
    return out.getvalue()


def bureau(*rows: str) -> str:
    return "\ufeff" + BUREAU + "\r\n" + "".join(rows)


def test_a_record_of_the_json_becomes_a_party_with_all_it_says() -> None:
    party = one([RECORD])
    assert (party.roll, party.name, party.aliases) == ("EL", RECORD["name"], ("ESI", "Institute of Examples"))
    assert (party.countries, party.footnotes) == (("CN", "HK"), ("4",))
    assert (party.notice, party.since, party.policy) == ("90 FR 1", "2025-03-28", "Presumption of denial.")


def test_the_list_is_a_document_whose_rows_stand_beside_it() -> None:
    reading = read([RECORD, RECORD | {"source": DPL, "name": "Somebody"}])
    assert [(d.key, d.title, d.kind) for d in reading.documents] == [
        ("EL", "Entity List", "list"),
        ("DPL", "Denied Persons List", "list"),
    ]
    assert reading.documents == read([RECORD | {"name": "Other"}, RECORD | {"source": DPL}]).documents
    assert not reading.complete  # a list that is missing was not withdrawn


@pytest.mark.parametrize(
    "change",
    [
        {"id": "b" * 56},
        {"alt_names": ["Institute of Examples", "ESI"]},
        {"addresses": RECORD["addresses"][::-1]},
        {"name": "  Example   Supercomputing Institute "},
        {"remarks": None},
        {"entity_number": None, "type": "Entity"},
    ],
    ids=["hash id", "order of names", "order of addresses", "white space", "null for empty", "more keys"],
)
def test_what_is_no_change_makes_the_same_party(change: dict[str, Any]) -> None:
    assert digest(one([RECORD | change])) == digest(one([RECORD]))


@pytest.mark.parametrize(
    "change",
    [
        {"license_policy": "Case by case."},
        {"alt_names": ["ESI"]},
        {"addresses": RECORD["addresses"][:1]},
        {"federal_register_notice": "90 FR 1, 91 FR 2"},
        {"license_requirement": "For all items subject to the EAR."},
    ],
    ids=lambda change: next(iter(change)),
)
def test_what_is_a_change_makes_another(change: dict[str, Any]) -> None:
    assert digest(one([RECORD | change])) != digest(one([RECORD]))


def test_null_and_an_empty_list_of_names_are_the_same() -> None:
    without: tuple[list[str] | None, ...] = (None, [])
    parties = [one([RECORD | {"alt_names": names}]) for names in without]
    assert digest(parties[0]) == digest(parties[1])
    assert parties[0].aliases == ()


def test_several_ids_and_address_rows_of_one_name_are_one_party() -> None:
    again = RECORD | {"id": "c" * 56, "addresses": [{"address": "3", "city": "", "country": "RU"}], "alt_names": ["X"]}
    party = one([RECORD, again])
    assert party.countries == ("CN", "HK", "RU")
    assert party.aliases == ("ESI", "Institute of Examples", "X")


def test_one_name_on_two_lists_is_two_parties() -> None:
    parties = read([RECORD, RECORD | {"source": DPL}]).parties
    assert {roll: len(found) for roll, found in parties.items()} == {"EL": 1, "DPL": 1}


@pytest.mark.parametrize("address", [None, []])
def test_a_party_without_addresses_is_a_party(address: Any) -> None:
    assert one([RECORD | {"addresses": address}]).countries == ()


def test_a_country_may_stand_beside_the_addresses() -> None:
    record = {"source": "Nonproliferation Sanctions (ISN) - State Department", "name": "SPC Test ", "country": "TH"}
    party = one([record], "ISN")
    assert (party.name, party.countries) == ("SPC Test", ("TH",))


def test_results_of_the_search_service_are_read_as_the_bulk_file_is() -> None:
    page = {"total": 1, "offset": 0, "results": [RECORD], "sources_used": [{"source": EL}]}
    assert read(page).parties == read([RECORD]).parties


def test_records_are_read_across_the_borders_of_the_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows_module, "WINDOW", 97)
    many = [RECORD | {"name": f"华为 Test € {number}"} for number in range(40)]
    body = json.dumps({"results": many}, ensure_ascii=False).encode()
    assert [party.name for party in read(body).parties["EL"]] == [record["name"] for record in many]


@pytest.mark.parametrize("left", [0.5, 0.93, 0.999])
def test_a_json_that_breaks_off_is_partial_and_keeps_its_whole_records(left: float) -> None:
    body = json.dumps([RECORD | {"name": f"Firm {number}"} for number in range(30)]).encode()
    reading = read(body[: int(len(body) * left)])
    assert reading.partial
    assert "cut_short" in reading.warnings
    assert 10 < len(reading.parties["EL"]) <= 30


def test_the_csv_of_2025_begins_with_an_id_and_joins_lists_with_semicolons() -> None:
    header = "_id,source,name,addresses,federal_register_notice,start_date,alt_names,license_policy,license_requirement"
    row = f'9,{EL},Firm,"1 Road, Beijing, CN; 2 Street, HK",85 FR 1,2020-12-23,"Alias A; Alias B",Denial,All items'
    party = one(f"{header}\r\n{row}\r\n")
    assert (party.countries, party.aliases, party.since) == (("CN", "HK"), ("Alias A", "Alias B"), "2020-12-23")
    older = f"{header.removeprefix('_id,')}\r\n{row.removeprefix('9,')}\r\n"
    assert one(older) == party


def test_rows_that_name_nobody_are_left_out_and_said() -> None:
    text = f"source,entity_number,type,programs,name\r\n/,1\r\n{EL},\r\n{EL},123,,,abc\r\n\r\n.\r\n"
    reading = read(text)
    assert [party.name for party in reading.parties["EL"]] == ["abc"]
    assert "rows_left_out" in reading.warnings


def test_the_csv_of_the_bureau_has_a_mark_nameless_columns_and_a_row_for_each_address() -> None:
    rows = [
        bureau_row(**{"Source List": "EL", "Address": "1", "Effective Date": "3/28/2025"}),
        bureau_row(**{"Source List": "EL   ", "Address": "2", "Country": "China ", "Effective Date": "3/28/2025"}),
        bureau_row(**{"Address": "3", "Name": " Example Firm", "Country": "Hong Kong", "Effective Date": "3/28/2025"}),
    ]
    party = one(bureau(*rows), format="bis_csv")
    assert (party.countries, party.since) == (("CN", "HK"), "2025-03-28")


def test_other_names_of_the_bureau_are_parted_and_lose_their_and() -> None:
    party = one(bureau(bureau_row(**{"Alternate Name": "Fazel; Farid; and Engineer Idris"})))
    assert party.aliases == ("Fazel", "Farid", "Engineer Idris")


@pytest.mark.parametrize(("written", "code"), [("UAE", "AE"), ("U.A.E.", "AE"), ("Burma", "MM"), ("Crimea", "Crimea")])
def test_countries_are_codes_where_they_are_countries(written: str, code: str) -> None:
    assert one(bureau(bureau_row(Country=written))).countries == (code,)


def test_several_dates_in_one_cell_stay_as_printed() -> None:
    assert one(bureau(bureau_row(**{"Effective Date": "5/21/2019, 8/21/19"}))).since == "5/21/2019, 8/21/19"
    assert one(bureau(bureau_row(**{"Effective Date": "13/45/2019"}))).since == "13/45/2019"


def test_the_denied_persons_file_has_tabs_and_names_no_list() -> None:
    header = '"Name"\t"Street_Address"\t"City"\t"Country"\t"Effective_Date"\t"Expiration_Date"\t"FR_Citation"'
    party = one(f'{header}\r\n" A PERSON"\t"1"\t"X"\t"US"\t"06/19/2003"\t"06/29/2056"\t"68 F.R. 1"\r\n', "DPL")
    assert (party.name, party.since, party.until, party.notice) == ("A PERSON", "2003-06-19", "2056-06-29", "68 F.R. 1")


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ("<html><body>Please verify you are human</body></html>", ("challenge", "not_a_list")),
        ("", ("not_a_list",)),
        ("a,b\r\n1,2\r\n", ("not_a_list",)),
        ('{"error": "no"}', ("not_a_list",)),
        ("{broken", ("not_json",)),
        ("[]", ("no_parties",)),
        ('{"results": []}', ("no_parties",)),
        (BUREAU + "\r\n", ("no_parties",)),
    ],
)
def test_what_is_no_list_is_called_by_its_name(body: str, name: tuple[str, ...]) -> None:
    with pytest.raises(SourceError) as caught:
        read(body)
    assert caught.value.name in name


def test_a_list_may_be_larger_than_other_answers_and_official_by_itself() -> None:
    source = source_from({"id": "csl", "kind": "screening_list", "format": "csl_json", "lists": ["EL"]})
    (request,) = source.requests()
    assert request.url.startswith("https://data.trade.gov/")
    assert request.url.endswith(".json")
    assert request.max_bytes > DEFAULT_MAX_BYTES
    assert source.trust is Trust.OFFICIAL
    assert set(source.read(answer(json.dumps([RECORD, RECORD | {"source": DPL}]))).parties) == {"EL"}
    with pytest.raises(ConfigError, match="format"):
        source_from({"id": "x", "kind": "screening_list", "format": "xlsx"})


def test_a_search_answer_is_sniffed() -> None:
    for body in (json.dumps({"results": [RECORD]}), json.dumps([RECORD]), bureau(bureau_row())):
        kind, reading = sniff(answer(body))
        assert (kind, len(reading.documents)) == ("screening_list", 1)


def test_the_recorded_lists_are_read_whole(shared: Path) -> None:
    folder = shared / "recordings" / "bodies-by-kind" / "csl"
    bodies = {
        "bis_entity_list_2023-12-07.csv": {"EL": 2631},
        "csl_json_records_2026-09_excerpt.json": {"SDN": 1, "EL": 1, "ISN": 1},
        "csl_2025_consolidated_excerpt_watchman.csv": {"EL": 1, "UVL": 1, "MEU": 1, "DPL": 1},
    }
    for name, expected in bodies.items():
        found = read((folder / name).read_bytes()).parties
        assert {roll: len(found[roll]) for roll in expected} == expected
