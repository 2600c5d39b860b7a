"""The journal: what was posted is known after any crash, and a line that a crash cut short was never posted."""

import asyncio
import json
import resource
import signal
import subprocess
import sys
from pathlib import Path

import orjson
import pytest

from bot.platforms.console.journal import Journal

LINE = {"key": "k1", "op": "post", "channel": "c", "message": "m1", "facts": {"title": "中文"}, "card": {}}


def lines(file: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def test_what_was_written_is_found_by_another_process(tmp_path: Path) -> None:
    file = tmp_path / "deep" / "journal.jsonl"
    Journal(file).append(LINE)
    assert Journal(file).find("c", "k1") == "m1"
    assert Journal(file).find("c", "k2") is None
    assert Journal(file).find("d", "k1") is None
    assert lines(file) == [LINE]


def test_a_journal_that_is_not_there_is_not_made_by_looking(tmp_path: Path) -> None:
    file = tmp_path / "journal.jsonl"
    assert Journal(file).find("c", "k1") is None
    assert not file.exists()


@pytest.mark.parametrize("cut", [1, 5, 40])
def test_a_torn_last_line_is_taken_back(tmp_path: Path, cut: int) -> None:
    file = tmp_path / "journal.jsonl"
    journal = Journal(file)
    journal.append(LINE)
    journal.append({**LINE, "key": "k2"})
    whole = file.read_bytes()
    file.write_bytes(whole[:-cut])
    again = Journal(file)
    assert again.find("c", "k1") == "m1"
    assert again.find("c", "k2") is None
    again.append({**LINE, "key": "k3"})
    assert [line["key"] for line in lines(file)] == ["k1", "k3"]


def test_damage_in_the_middle_costs_that_line_alone(tmp_path: Path) -> None:
    file = tmp_path / "journal.jsonl"
    Journal(file).append(LINE)
    with file.open("ab") as handle:
        handle.write(b"\x00\x00garbage\n[1]\n{}\n")
    journal = Journal(file)
    journal.append({**LINE, "key": "k2"})
    assert Journal(file).find("c", "k1") == "m1"
    assert Journal(file).find("c", "k2") == "m1"


def test_two_writers_see_each_other(tmp_path: Path) -> None:
    file = tmp_path / "journal.jsonl"
    one, two = Journal(file), Journal(file)
    one.append(LINE)
    two.append({**LINE, "key": "k2"})
    assert (one.find("c", "k2"), two.find("c", "k1")) == ("m1", "m1")
    assert [line["key"] for line in lines(file)] == ["k1", "k2"]


def test_a_full_disk_leaves_no_half_line(tmp_path: Path) -> None:
    """A limit on the size of files stands in for a full disk: the write fails in the same place."""
    file = tmp_path / "journal.jsonl"
    journal = Journal(file)
    journal.append(LINE)
    size = file.stat().st_size
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size + 20, hard))
    try:
        with pytest.raises(OSError, match="File too large"):
            journal.append({**LINE, "key": "k2"})
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, before)
    assert file.stat().st_size == size
    journal.append({**LINE, "key": "k3"})
    assert [line["key"] for line in lines(file)] == ["k1", "k3"]
    assert journal.find("c", "k2") is None


WRITER = """
import sys
from pathlib import Path
from bot.platforms.console.journal import Journal
journal = Journal(Path(sys.argv[1]))
for n in range(100000):
    journal.append({"key": f"k{n}", "channel": "c", "message": f"m{n}", "pad": "x" * 3000})
    print(n, flush=True)
"""


def test_killed_at_any_moment_all_that_was_acknowledged_is_there(tmp_path: Path) -> None:
    file = tmp_path / "journal.jsonl"
    process = subprocess.Popen([sys.executable, "-c", WRITER, str(file)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    acknowledged = [process.stdout.readline() for _ in range(25)][-1]
    process.kill()
    rest, _ = process.communicate()
    last = int([acknowledged, *rest.splitlines(keepends=True)][-1])
    journal = Journal(file)
    assert journal.find("c", f"k{last}") == f"m{last}"
    assert journal.find("c", f"k{last + 2}") is None
    journal.append({"key": "after", "channel": "c", "message": "ma"})
    assert [orjson.loads(line)["key"] for line in file.read_bytes().splitlines()][-1] == "after"


def test_the_journal_is_its_owners_alone(tmp_path: Path) -> None:
    file = tmp_path / "journal.jsonl"
    Journal(file).append(LINE)
    assert file.stat().st_mode & 0o077 == 0


async def test_looking_and_writing_hold_up_no_loop(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal.jsonl")
    await asyncio.gather(*(asyncio.to_thread(journal.append, {**LINE, "key": f"k{n}"}) for n in range(20)))
    assert {line["key"] for line in lines(journal.file)} == {f"k{n}" for n in range(20)}
