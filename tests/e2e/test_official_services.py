"""The recorded official services, played through whole: exactly what a careful reader would list, and no more."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.conftest import environment
from tests.e2e.official import congress, ecfr, edgar, federal_register, public_inspection, screening_list

READ = (congress, ecfr, edgar, federal_register, public_inspection, screening_list)
CHANGES = {source: rows for module in READ for source, rows in module.CHANGES.items()}
NOTICES = {source: rows for module in READ for source, rows in module.NOTICES.items()}
ALERTED = {ecfr.SOURCE, screening_list.SOURCE}
"""Whose changes concern AI chips; the others are listed and told to nobody."""

pytestmark = pytest.mark.shared


@pytest.fixture(scope="module")
def recording(shared: Path) -> Path:
    return shared / "recordings" / "official-services"


@pytest.fixture(scope="module")
def played(recording: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, Path]:
    """What the replay prints, and the store it left."""
    folder = tmp_path_factory.mktemp("store")
    store = folder / "replay.db"
    return replay(recording, folder, "--store", f"sqlite:///{store}"), store


@pytest.fixture(scope="module")
def lines(played: tuple[bytes, Path]) -> list[Any]:
    return [json.loads(line) for line in played[0].splitlines()]


def replay(recording: Path, folder: Path, *more: str) -> bytes:
    command = [sys.executable, "-m", "bot", "replay", str(recording), "--changes", "--json", *more]
    done = subprocess.run(command, capture_output=True, env=environment(folder), timeout=120)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


def of(lines: list[Any], op: str, source: str) -> list[Any]:
    return [line for line in lines if line["op"] == op and line.get("source") == source]


def test_every_source_of_the_recording_was_read_by_hand(recording):
    tables = tomllib.loads((recording / "sources.toml").read_text(encoding="utf-8"))["source"]
    assert {table["id"] for table in tables} == CHANGES.keys() == NOTICES.keys()


@pytest.mark.parametrize("source", CHANGES)
def test_the_changes_are_those_that_a_careful_reader_lists(lines, source):
    found = of(lines, "change", source)
    rows = [(c["at"], c["change"], c["key"], (c["added"], c["removed"], c["changed"])) for c in found]
    assert rows == [(at, change, key, counts) for at, change, key, _, counts in CHANGES[source]]
    for line, (_, _, key, title, _) in zip(found, CHANGES[source], strict=True):
        assert line["title"].startswith(title), key


@pytest.mark.parametrize("source", NOTICES)
def test_operators_are_told_of_each_outage_and_hold_when_it_begins_and_when_it_ends(lines, source):
    assert [(line["at"], line["notice"]) for line in of(lines, "notice", source)] == NOTICES[source]


def test_the_replay_prints_nothing_besides(lines):
    changes, notices = (sum(map(len, rows.values())) for rows in (CHANGES, NOTICES))
    posts = sum(len(CHANGES[source]) for source in ALERTED)
    counts = {op: sum(line["op"] == op for line in lines) for op in ("change", "notice", "post")}
    assert counts == {"change": changes, "notice": notices, "post": posts}
    assert len(lines) == changes + notices + posts


def test_each_change_that_concerns_chips_is_told_once_and_as_a_story_of_its_own(lines):
    stories = [line["story"] for line in lines if line["op"] == "change" and line["story"]]
    assert len(set(stories)) == len(stories)
    assert [line["story"] for line in lines if line["op"] == "post"] == stories
    assert {line["source"] for line in lines if line["op"] == "change" and line["story"]} == ALERTED


def test_what_moves_from_the_desk_to_the_register_is_no_withdrawal(lines):
    moving = [line for line in lines if line["op"] == "change" and line["key"] == "2026-19537"]
    assert [(line["source"], line["change"]) for line in moving] == [
        ("public-inspection", "new"),
        ("federal-register-bis", "new"),
    ]


def test_the_second_replay_prints_the_same_bytes(recording, played, tmp_path):
    assert replay(recording, tmp_path) == played[0]


def test_a_replay_needs_no_key(recording, played, tmp_path):
    without = tmp_path / "recording"
    without.mkdir()
    shutil.copy(recording / "index.jsonl", without)
    shutil.copytree(recording / "bodies", without / "bodies")
    tables = (recording / "sources.toml").read_text(encoding="utf-8")
    assert 'api_key = "test"' in tables
    (without / "sources.toml").write_text(tables.replace('api_key = "test"', ""), encoding="utf-8")
    assert replay(without, tmp_path) == played[0]


def test_the_editorial_change_is_low_and_the_substantive_one_is_not(lines):
    severity = {line["at"]: line["severity"] for line in lines if line["op"] == "post"}
    assert [severity[at] for at, *_ in ecfr.CHANGES[ecfr.SOURCE]] == ecfr.SEVERITIES


def details(store: Path, source: str) -> Iterator[dict[str, Any]]:
    with sqlite3.connect(store) as conn:
        query = "SELECT detail FROM changes WHERE source = ? ORDER BY id"
        yield from (json.loads(row[0]) for row in conn.execute(query, (source,)))


def test_the_redline_is_stored_with_the_change(played):
    _, store = played
    editorial, substantive = details(store, ecfr.SOURCE)
    assert editorial["redline"]["hunks"] == []
    assert editorial["redline"]["pending"] == [ecfr.PENDING]
    assert (editorial["substantive"], substantive["substantive"]) == (False, True)
    found = [
        {
            "where": hunk["where"],
            "kind": hunk["kind"],
            "gone": [text.strip() for operation, text in hunk["words"] if operation == "-"],
            "come": [text.strip() for operation, text in hunk["words"] if operation == "+"],
            "callouts": hunk["callouts"],
        }
        for hunk in substantive["redline"]["hunks"]
    ]
    assert found == ecfr.REDLINE


def test_the_rows_are_those_that_came_with_where_they_sit_and_what_concerns_chips(played):
    _, store = played
    (detail,) = details(store, screening_list.SOURCE)
    rows = detail["rows"]["rows"]
    assert {row["name"]: row["countries"][0] for row in rows} == screening_list.ADDED
    assert {row["op"] for row in rows} == {"added"}
    assert {row["name"] for row in rows if row["chips"]} == screening_list.CONCERN_CHIPS


def test_a_party_of_the_list_is_found_on_the_command_line(chipwatch, played):
    _, store = played
    ended = chipwatch("party", "Huawei Openlab Pariss", "--json", CHIPWATCH_STORE__URL=f"sqlite:///{store}")
    assert ended.status == 0, ended.err
    first = ended.lines[0]
    assert set(first) == {"name", "matched", "score", "list", "country", "notice", "since", "why"}
    assert (first["name"], first["list"], first["country"]) == ("Huawei OpenLab Paris", "EL", "FR")


@pytest.mark.parametrize(
    ("kind", "file", "count"),
    [
        ("edgar", "sec/submissions_CIK0001045810.json", 1007),
        ("edgar", "sec/edgartools_company_submission.json", 1001),
        ("congress", "regulations_congress/congress_gov_v3_bill_list_2026-10-01.json", 3),
        ("json_api", "regulations_congress/regulations_gov_v4_documents.json", 25),
        ("json_api", "gdelt_hn_jsonfeed/hn_algolia_search_2024.json", 1),
        ("json_api", "gdelt_hn_jsonfeed/hn_algolia_old_pollopt.json", 1),
        ("page", "regulations_congress/thomas_hr718-113_information.html", 1),
        ("page", "sec/nvda_8k_2026-03-06_nvda-20260302.htm", 1),
    ],
)
def test_parse_reads_each_kind(chipwatch, shared, kind, file, count):
    ended = chipwatch(
        "parse", kind, shared / "recordings/bodies-by-kind" / file, "--url", "https://a.example/x", "--json"
    )
    assert ended.status == 0, ended.err
    assert len(ended.lines) == count
    assert all(line["key"] for line in ended.lines)
