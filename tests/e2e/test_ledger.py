"""A maintainer records an event: the answer changes from that day, what flips is told, and who did it is kept."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from tests.letters import letter

LETTER = letter("2026-11-20-l20-letter", "L20", "licence_required_by_letter_policy_unpublished")


def status_of(chipwatch, *more: str) -> str:
    ended = chipwatch("status", "L20", "China", "--json", *more)
    assert ended.status == 0, ended.err
    return str(ended.lines[0]["layers"]["us_export"]["status"])


@pytest.fixture
def file(tmp_path):
    written = tmp_path / "letter.toml"
    written.write_text(LETTER)
    return written


def test_a_recorded_event_changes_the_answer_and_what_flips_is_told(chipwatch, tmp_path, file):
    before = status_of(chipwatch, "--on", "2026-11-21")
    added = chipwatch("ledger", "add", file, "--json", USER="maintainer")
    assert added.status == 0, added.err
    groups = added.lines[0]["flips"]
    assert {(g["before"], g["after"]) for g in groups} == {(before, "licence_required_by_letter_policy_unpublished")}
    assert all(g["chips"] == ["L20"] for g in groups)
    assert {place for g in groups for place in g["destinations"]} == {"CN", "HK"}
    assert status_of(chipwatch, "--on", "2026-11-21") == "licence_required_by_letter_policy_unpublished"
    assert status_of(chipwatch, "--on", "2026-11-19") == before
    assert "2026-11-20-l20-letter" in chipwatch("ledger", "export").out
    with closing(sqlite3.connect(tmp_path / "store.db")) as conn:
        audit = conn.execute("SELECT who, action, subject FROM audit").fetchall()
        revision = conn.execute("SELECT revision FROM alerts").fetchone()
    assert audit == [("maintainer", "ledger.add", "2026-11-20-l20-letter")]
    assert revision is not None


def test_the_alert_of_a_consequence_names_the_chips_and_both_answers(chipwatch, tmp_path, file):
    sources = tmp_path / "config" / "sources"
    sources.mkdir(parents=True)
    (sources / "none.toml").write_text("")
    chipwatch("poll", "--config", tmp_path / "config")  # the console channel stands by from now on
    assert chipwatch("ledger", "add", file).status == 0
    posted = chipwatch("poll", "--config", tmp_path / "config", "--json").lines
    assert [line["op"] for line in posted] == ["post"]
    lines = posted[0]["card"]["lines"]
    text = "\n".join("".join(span if isinstance(span, str) else span["text"] for span in line) for line in lines)
    assert "Flips 1 chip" in text
    assert "licence by letter, policy unpublished" in text
    assert "Nothing else flips" in text


@pytest.mark.parametrize(
    ("wrong", "right", "said"),
    [
        ('url = "https://example.org/rule"', 'url = "http://copy.example/x"', "https"),
        ("announced = 2026-11-20\n", "", "announced"),
        ('chips = ["L20"]', 'chips = ["L2000"]', "L2000"),
        ('status = "licence_required_by_letter_policy_unpublished"', 'status = "allowed"', "allowed"),
    ],
)
def test_a_wrong_event_is_refused_with_its_line_and_nothing_is_stored(chipwatch, tmp_path, wrong, right, said):
    file = tmp_path / "wrong.toml"
    file.write_text(LETTER.replace(wrong, right))
    ended = chipwatch("ledger", "add", file)
    assert ended.status == 2
    assert "wrong.toml" in ended.err
    assert said in ended.err
    assert "Traceback" not in ended.err
    assert chipwatch("ledger", "export").out.strip() == ""


def test_drafts_wait_and_can_be_rejected(chipwatch):
    assert chipwatch("db", "upgrade").status == 0
    assert "No draft" in chipwatch("ledger", "drafts").out
    assert chipwatch("ledger", "reject", "nothing").status == 2


def test_on_postgresql_answers_rest_on_what_was_recorded_there(chipwatch, file, postgres):
    url = postgres.fresh()
    assert chipwatch("db", "upgrade", CHIPWATCH_STORE__URL=url).status == 0
    assert chipwatch("ledger", "add", file, CHIPWATCH_STORE__URL=url).status == 0
    assert "2026-11-20-l20-letter" in chipwatch("ledger", "export", CHIPWATCH_STORE__URL=url).out
    said = chipwatch("status", "L20", "China", "--on", "2026-11-21", "--json", CHIPWATCH_STORE__URL=url).lines[0]
    assert said["layers"]["us_export"]["status"] == "licence_required_by_letter_policy_unpublished"


def test_after_a_restore_answers_rest_on_the_copy(chipwatch, file, tmp_path):
    assert chipwatch("ledger", "add", file).status == 0
    assert chipwatch("db", "backup", tmp_path / "copy.db").status == 0
    for file in tmp_path.glob("store.db*"):
        file.unlink()
    assert chipwatch("ledger", "export").out.strip() == ""
    assert chipwatch("db", "restore", tmp_path / "copy.db").status == 0
    assert "2026-11-20-l20-letter" in chipwatch("ledger", "export").out
