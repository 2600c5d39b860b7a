"""The recorded official services, played through: exactly the changes that a careful reader would list, and no more."""

from __future__ import annotations

import importlib
import pkgutil
import re
import shutil
from collections import Counter
from pathlib import Path

import pytest

from bot.sources.base import KINDS
from tests.e2e import official

READ = [importlib.import_module(f"tests.e2e.official.{name.name}") for name in pkgutil.iter_modules(official.__path__)]
CHANGES = {source: rows for module in READ for source, rows in module.CHANGES.items()}
NOTICES = {source: rows for module in READ for source, rows in module.NOTICES.items()}

pytestmark = pytest.mark.shared


@pytest.fixture(scope="module")
def recording(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The recording with the sources whose kind is read and whose changes somebody has listed."""
    kept, folder = shared / "recordings/official-services", tmp_path_factory.mktemp("official") / "recording"
    shutil.copytree(kept, folder)
    head, *tables = (kept / "sources.toml").read_text(encoding="utf-8").split("[[source]]")
    listed = [table for table in tables if stated(table, "kind") in KINDS and stated(table, "id") in CHANGES]
    (folder / "sources.toml").write_text("[[source]]".join([head, *listed]), encoding="utf-8")
    return folder


def stated(table: str, name: str) -> str:
    found = re.search(rf'^{name} = "([^"]+)"$', table, re.MULTILINE)
    return found[1] if found else ""


def test_the_changes_are_those_that_a_careful_reader_lists(chipwatch, recording):
    ended = chipwatch("replay", recording, "--changes", "--json")
    assert ended.status == 0, ended.err
    for source, expected in CHANGES.items():
        found = [line for line in ended.lines if line["op"] == "change" and line["source"] == source]
        rows = [
            (line["at"], line["change"], line["key"], (line["added"], line["removed"], line["changed"]))
            for line in found
        ]
        assert rows == [(at, change, key, counts) for at, change, key, _, counts in expected], source
        for line, (_, _, key, title, _) in zip(found, expected, strict=True):
            assert line["title"].startswith(title), key
        told = [
            (line["at"], line["notice"]) for line in ended.lines if line["op"] == "notice" and line["source"] == source
        ]
        assert told == NOTICES[source], source


def test_nothing_is_told_twice_and_two_runs_print_the_same_bytes(chipwatch, recording):
    first = chipwatch("replay", recording, "--changes", "--json")
    again = chipwatch("replay", recording, "--changes", "--json")
    assert first.out == again.out
    changes = Counter(
        (line["source"], line["change"], line["key"], line["at"]) for line in first.lines if line["op"] == "change"
    )
    assert changes
    assert set(changes.values()) == {1}


def test_what_moves_from_the_desk_to_the_register_is_one_story(chipwatch, recording):
    lines = chipwatch("replay", recording, "--changes", "--json").lines
    moving = [line for line in lines if line["op"] == "change" and line["key"] == "2026-19537"]
    assert [(line["source"], line["change"]) for line in moving] == [
        ("public-inspection", "new"),
        ("federal-register-bis", "new"),
    ]
    assert len({line["story"] for line in moving}) == 1
