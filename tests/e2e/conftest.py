"""The command line as a user runs it: real processes, real files, a real publisher on 127.0.0.1."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest


@dataclass(frozen=True)
class Ended:
    """How a command ended and what it printed."""

    status: int
    out: str
    err: str

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.out.splitlines()]


def environment(folder: Path, **settings: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CHIPWATCH_")}
    return kept | {"CHIPWATCH_STORE__URL": f"sqlite:///{folder}/store.db", "NO_COLOR": "1"} | settings


@pytest.fixture
def chipwatch(tmp_path: Path) -> Callable[..., Ended]:
    """Run `chipwatch` with arguments in an empty working directory."""

    def run(*arguments: str | Path, **settings: str) -> Ended:
        done = subprocess.run(
            [sys.executable, "-m", "bot", *map(str, arguments)],
            capture_output=True,
            cwd=tmp_path,
            env=environment(tmp_path, **settings),
            timeout=120,
        )
        return Ended(done.returncode, done.stdout.decode(), done.stderr.decode())

    return run
