"""Lists and the Code of Federal Regulations, from the recorded answers to the messages: just what a reader expects."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.conftest import environment
from tests.e2e.official import ecfr, screening_list

OURS = {
    ecfr.SOURCE: ("https://www.ecfr.gov/", 'kind = "ecfr"\ntitle = 15\nparts = [744]\n'),
    screening_list.SOURCE: (
        "https://www.bis.gov/entity-list.csv",
        'kind = "screening_list"\nurl = "https://www.bis.gov/entity-list.csv"\nformat = "bis_csv"\n',
    ),
}


@pytest.fixture(scope="session")
def recording(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The recording of the official services with the two kinds under test alone."""
    origin, folder = shared / "recordings" / "official-services", tmp_path_factory.mktemp("official")
    (folder / "bodies").mkdir()
    kept = []
    for line in (origin / "index.jsonl").read_text().splitlines():
        entry = json.loads(line)
        if entry["url"].startswith(tuple(start for start, _ in OURS.values())):
            kept.append(line)
            shutil.copy(origin / entry["body"], folder / entry["body"])
    (folder / "index.jsonl").write_text("\n".join(kept) + "\n")
    tables = [f'[[source]]\nid = "{id_}"\ntrust = "official"\n{rest}' for id_, (_, rest) in OURS.items()]
    (folder / "sources.toml").write_text("\n".join(tables))
    return folder


@pytest.fixture(scope="session")
def played(recording: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Any], Path]:
    """The lines of the replay, and the store it left."""
    folder = tmp_path_factory.mktemp("store")
    command = [sys.executable, "-m", "bot", "replay", str(recording), "--changes", "--json"]
    store = folder / "replay.db"
    done = subprocess.run(
        [*command, "--store", f"sqlite:///{store}"], capture_output=True, env=environment(folder), timeout=120
    )
    assert done.returncode == 0, done.stderr.decode()
    return [json.loads(line) for line in done.stdout.decode().splitlines()], store


def of(lines: list[Any], op: str, source: str) -> list[Any]:
    return [line for line in lines if line["op"] == op and line.get("source") == source]


@pytest.mark.parametrize("expected", [ecfr, screening_list], ids=["ecfr", "screening_list"])
def test_the_changes_are_those_of_a_careful_reader(played, expected):
    lines, _ = played
    seen = of(lines, "change", expected.SOURCE)
    counted = [{name: line[name] for name in ("change", "key", "at", "added", "removed", "changed")} for line in seen]
    wanted = [{name: value for name, value in row.items() if name in counted[0]} for row in expected.CHANGES]
    assert counted == wanted
    notices = of(lines, "notice", expected.SOURCE)
    assert [{"notice": n["notice"], "at": n["at"]} for n in notices] == expected.NOTICES


def test_each_change_is_told_once_and_as_a_story_of_its_own(played):
    lines, _ = played
    posts = [line for line in lines if line["op"] == "post"]
    stories = [line["story"] for line in lines if line["op"] == "change"]
    assert len(set(stories)) == 3
    assert sorted(line["story"] for line in posts) == sorted(stories)
    assert not [line for line in lines if line["op"] in ("edit", "reply")]


def test_the_editorial_change_is_low_and_the_substantive_one_is_not(played):
    lines, _ = played
    severity = {line["at"]: line["severity"] for line in lines if line["op"] == "post"}
    assert [severity[row["at"]] for row in ecfr.CHANGES] == [row["severity"] for row in ecfr.CHANGES]


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


def test_the_second_replay_prints_the_same_bytes(chipwatch, recording, played):
    again = chipwatch("replay", recording, "--changes", "--json")
    assert again.lines == played[0]
