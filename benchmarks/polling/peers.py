"""The peers' own environments: made by pip, by name, in a folder of the user's cache. The project depends on none."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Peer:
    """A program beside which we measure. `packages` are installed; `most_feeds` is how many it is patiently given."""

    name: str
    packages: tuple[str, ...]
    most_feeds: int = 1_000_000


PEERS = (
    Peer("reader", ("reader", "sgmllib3k")),  # without sgmllib3k every one of its updates fails
    Peer("urlwatch", ("urlwatch",)),
    Peer("webchanges", ("webchanges",), most_feeds=200),  # 2,000 would take it minutes a pass
)


def default_folder() -> Path:
    """Where the environments are kept between runs."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "chipwatch-bench"


def install(peer: Peer, folder: Path) -> tuple[Path | None, str]:
    """The folder of its programs and its version, or None and why there are none."""
    environment = folder / peer.name
    programs = environment / "bin"
    try:
        if not (environment / "ready").exists():
            _call([sys.executable, "-m", "venv", "--clear", str(environment)])
            _call([str(programs / "python"), "-m", "pip", "install", "--quiet", *peer.packages])
            (environment / "ready").touch()
        ask = f"from importlib.metadata import version; print(version({peer.name!r}))"
        return programs, _call([str(programs / "python"), "-c", ask])
    except subprocess.CalledProcessError as error:
        return None, ((error.stderr or "").strip().splitlines() or ["no reason given"])[-1]
    except OSError as error:
        return None, str(error)


def _call(command: list[str]) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
