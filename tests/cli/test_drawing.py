"""`chipwatch timeline --png`: a whole picture, or a clear error and no trace."""

import os
import subprocess
import sys

import pytest

from bot.cli.drawing import write_whole
from bot.errors import UserError


def timeline(*words, cwd):
    return subprocess.run(
        [sys.executable, "-m", "bot", "timeline", *words], cwd=cwd, capture_output=True, text=True, check=False
    )


def test_a_timeline_is_drawn(tmp_path):
    done = timeline("--chip", "H20", "--to", "China", "--png", "h20.png", "--json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "h20.png").read_bytes().startswith(b"\x89PNG")
    assert [file.name for file in tmp_path.iterdir()] == ["h20.png"]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--png", "a.png"], "--chip"),
        (["--chip", "H20", "--png", "nowhere/a.png"], "nowhere"),
        (["--chip", "H2O", "--png", "a.png"], "water"),
        (["--chip", "H20", "--png", "."], "cannot be written"),
    ],
)
def test_wrong_use_is_said_and_nothing_is_written(tmp_path, words, says, monkeypatch):
    monkeypatch.setenv("LANG", "en_GB.UTF-8")
    done = timeline(*words, cwd=tmp_path)
    assert done.returncode == 2
    assert says in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_file_is_replaced_whole_or_stays_as_it_was(tmp_path, monkeypatch):
    file = tmp_path / "a.png"
    file.write_bytes(b"old")

    def full(_descriptor):
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(UserError, match="No space"):
        write_whole(file, b"new")
    assert file.read_bytes() == b"old"
    assert [each.name for each in tmp_path.iterdir()] == ["a.png"]
    monkeypatch.undo()
    write_whole(file, b"new")
    assert file.read_bytes() == b"new"
