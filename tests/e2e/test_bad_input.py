"""Each mistake ends in one clear line that says what to do, with the right exit status, and nothing is lost."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.demo import RECORDING


def one_line(text: str) -> str:
    lines = [line for line in text.splitlines() if line.strip()]
    assert len(lines) == 1, text
    assert "Traceback" not in text
    return lines[0]


@pytest.fixture
def demo(tmp_path: Path) -> Path:
    """A recording that a test may break."""
    return Path(shutil.copytree(RECORDING, tmp_path / "recording"))


def test_an_unknown_setting_names_file_line_and_the_nearest_right_name(chipwatch, tmp_path):
    config = tmp_path / "config"
    (config / "sources").mkdir(parents=True)
    (config / "chipwatch.toml").write_text('[store]\n# here\nurk = "sqlite:///x.db"\n')
    ended = chipwatch("config", "check", "--config", config)
    line = one_line(ended.err)
    assert ended.status == 2
    assert "chipwatch.toml:3" in line
    assert "url" in line


def test_a_value_of_the_wrong_type_names_file_and_line(chipwatch, tmp_path):
    config = tmp_path / "config"
    (config / "sources").mkdir(parents=True)
    (config / "chipwatch.toml").write_text("[fetch]\n\ndeadline = 'soon'\n")
    ended = chipwatch("run", "--config", config)
    assert ended.status == 2
    assert "chipwatch.toml:3" in one_line(ended.err)


def test_an_unknown_variable_stops_the_start_and_names_the_nearest(chipwatch):
    ended = chipwatch("config", "show", CHIPWATCH_STORE__ULR="x")
    assert ended.status == 2
    assert "CHIPWATCH_STORE__URL" in one_line(ended.err)


def test_a_wrong_key_in_a_source_names_its_file(chipwatch, tmp_path):
    sources = tmp_path / "config" / "sources"
    sources.mkdir(parents=True)
    (sources / "mine.toml").write_text(
        '[[source]]\nid = "a"\nkind = "feed"\nurl = "https://a.example"\nintervall = 5\n'
    )
    ended = chipwatch("config", "check", "--config", tmp_path / "config")
    line = one_line(ended.err)
    assert ended.status == 2
    assert "mine.toml" in line
    assert "interval" in line


def test_a_source_that_cannot_be_reached_fails_the_poll_and_is_named(chipwatch, tmp_path):
    sources = tmp_path / "config" / "sources"
    sources.mkdir(parents=True)
    (sources / "dead.toml").write_text('[[source]]\nid = "dead"\nkind = "feed"\nurl = "http://127.0.0.1:9/feed"\n')
    ended = chipwatch("poll", "dead", "--config", tmp_path / "config", CHIPWATCH_FETCH__ALLOW_PRIVATE='["127.0.0.1"]')
    assert ended.status == 1
    assert "dead: outage unreachable" in ended.err
    assert "Traceback" not in ended.err


def test_a_source_that_does_not_exist_is_wrong_use(chipwatch):
    ended = chipwatch("poll", "no-such-source")
    assert ended.status == 2
    assert "no-such-source" in one_line(ended.err)


def test_a_corrupt_store_is_refused_with_the_remedy(chipwatch, tmp_path):
    (tmp_path / "store.db").write_bytes(b"not a database at all " * 500)
    ended = chipwatch("poll")
    assert ended.status == 1
    assert "db restore" in one_line(ended.err)
    assert (tmp_path / "store.db").read_bytes().startswith(b"not a database")


def test_a_locked_store_is_named(chipwatch, tmp_path):
    assert chipwatch("db", "upgrade").status == 0
    with closing(sqlite3.connect(tmp_path / "store.db", isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        ended = chipwatch("poll")
    assert ended.status == 1
    assert "another process" in one_line(ended.err)


def test_a_store_in_a_folder_that_cannot_be_made_is_named(chipwatch, tmp_path):
    (tmp_path / "file").write_text("in the way")
    ended = chipwatch("db", "upgrade", CHIPWATCH_STORE__URL=f"sqlite:///{tmp_path}/file/below/store.db")
    assert ended.status == 1
    assert "cannot be made" in one_line(ended.err)


def test_a_recording_with_a_missing_body_names_the_line(chipwatch, demo):
    index = (demo / "index.jsonl").read_text().splitlines()
    missing = json.loads(index[2])["body"]
    (demo / missing).unlink()
    ended = chipwatch("replay", demo, "--json")
    assert ended.status in (1, 2)
    line = one_line(ended.err)
    assert "index.jsonl:3" in line
    assert missing in line


@pytest.mark.parametrize("name", ["index.jsonl", "sources.toml"])
def test_a_recording_without_its_parts_says_which(chipwatch, demo, name):
    (demo / name).unlink()
    ended = chipwatch("replay", demo)
    assert ended.status in (1, 2)
    assert name in one_line(ended.err)


def test_a_kind_that_does_not_exist_suggests_one(chipwatch, demo):
    ended = chipwatch("parse", "fead", demo / "index.jsonl")
    assert ended.status == 2
    assert "feed" in one_line(ended.err)


def test_a_file_that_is_no_feed_fails_with_its_name(chipwatch, tmp_path):
    (tmp_path / "page.html").write_text("<html><body><p>Hello</p></body></html>")
    ended = chipwatch("parse", "feed", tmp_path / "page.html", "--json")
    assert ended.status == 1
    assert "not_a_feed" in one_line(ended.err)
    assert ended.out == ""
