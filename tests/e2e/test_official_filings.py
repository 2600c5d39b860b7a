"""Filings and bills among the recorded official services: what a careful reader lists, outages, nothing twice."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from tests.e2e.official import congress, edgar

CHANGES = edgar.CHANGES | congress.CHANGES
NOTICES = edgar.NOTICES | congress.NOTICES

pytestmark = pytest.mark.shared


@pytest.fixture(scope="module")
def recording(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The recording with these sources alone."""
    kept, folder = shared / "recordings/official-services", tmp_path_factory.mktemp("official") / "recording"
    shutil.copytree(kept, folder)
    tables = (kept / "sources.toml").read_text(encoding="utf-8").split("[[source]]")[1:]
    mine = [table for table in tables if (found := re.search(r'id = "(.+)"', table)) and found[1] in CHANGES]
    assert len(mine) == len(CHANGES)
    (folder / "sources.toml").write_text("".join(f"[[source]]{table}" for table in mine), encoding="utf-8")
    return folder


@pytest.mark.parametrize("source", CHANGES)
def test_what_a_careful_reader_lists_is_what_is_printed(chipwatch, recording, source):
    ended = chipwatch("replay", recording, "--changes", "--json")
    assert ended.status == 0, ended.err
    mine = [line for line in ended.lines if line["source"] == source]
    changes = [line for line in mine if line["op"] == "change"]
    rows = [(c["at"], c["change"], c["key"], (c["added"], c["removed"], c["changed"])) for c in changes]
    assert rows == [(at, change, key, counts) for at, change, key, _, counts in CHANGES[source]]
    for found, (_, _, _, title, _) in zip(changes, CHANGES[source], strict=True):
        assert found["title"].startswith(title)
    assert [(line["at"], line["notice"]) for line in mine if line["op"] == "notice"] == NOTICES[source]


def test_a_replay_needs_neither_contact_nor_key_and_tells_nobody_s_key(chipwatch, recording):
    tables = recording / "sources.toml"
    with_key = tables.read_text(encoding="utf-8")
    assert 'api_key = "test"' in with_key
    first = chipwatch("replay", recording, "--changes", "--json")
    tables.write_text(with_key.replace('api_key = "test"', ""), encoding="utf-8")
    try:
        again = chipwatch("replay", recording, "--changes", "--json")
    finally:
        tables.write_text(with_key, encoding="utf-8")
    assert first.status == again.status == 0
    assert first.out == again.out
    assert any(line["source"] == "congress" for line in first.lines)


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
