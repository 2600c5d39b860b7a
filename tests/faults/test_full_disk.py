"""A disk that is really full: one clear line, nothing lost, and the next poll goes on when there is room again."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.conftest import environment


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Path]:
    """A file system of 4 MiB."""
    folder = tmp_path / "small"
    folder.mkdir()
    if os.geteuid() != 0:
        pytest.skip("only root can mount a small file system")
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(folder)], capture_output=True)
    if mounted.returncode != 0:
        pytest.skip(f"no small file system can be mounted here: {mounted.stderr.decode().strip()}")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def chipwatch(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "bot", *arguments, "--config", str(folder.parent / "config")]
    return subprocess.run(command, capture_output=True, text=True, env=environment(folder), cwd=folder.parent)


def test_a_full_disk_is_named_and_costs_nothing(small):
    sources = small.parent / "config" / "sources"
    sources.mkdir(parents=True)
    (sources / "gone.toml").write_text('[[source]]\nid = "gone"\nkind = "feed"\nurl = "https://gone.invalid/feed"\n')
    assert chipwatch(small, "db", "upgrade").returncode == 0
    filler = small / "filler"
    with filler.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while file.write(b"x" * 1024):
            pass
    full = chipwatch(small, "poll", "gone")
    assert full.returncode == 1
    assert full.stderr.count("\n") == 1
    assert "full; make room, nothing was lost" in full.stderr
    filler.unlink(missing_ok=True)
    assert "outage" in chipwatch(small, "poll", "gone").stderr
    assert chipwatch(small, "db", "check").returncode == 0
