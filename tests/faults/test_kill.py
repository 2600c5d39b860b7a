"""SIGKILL at every step of a poll, then a restart: no document is lost and none is announced twice."""

from __future__ import annotations

import json
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

STEPS = ("answered", "documents", "stories", "alerts", "source", "committed", "claimed", "sent", "acknowledged")
ROOT = Path(__file__).resolve().parent.parent.parent

ITEMS = [
    ("a", "US requires a licence for Nvidia H20 exports to China"),
    ("b", "Malaysia requires a permit for exports of US AI chips"),
    ("c", "Commerce Department adds 12 Chinese server makers to the Entity List over Nvidia AI chips"),
    ("d", "AMD says US will review licence applications for MI308 exports to China"),
    ("e", "Dutch government tightens licence rules for ASML chip-making equipment exports to China"),
]


def feed(count: int) -> str:
    items = "".join(
        f"<item><guid>{key}</guid><title>{title}</title><link>http://wire.example/{key}</link>"
        f"<pubDate>Mon, {n + 1:02d} Jun 2026 12:00:00 GMT</pubDate></item>"
        for n, (key, title) in enumerate(ITEMS[:count])
    )
    return f'<rss version="2.0"><channel><title>Wire</title>{items}</channel></rss>'


class Wire:
    """A publisher whose feed grows from one item to five."""

    def __init__(self) -> None:
        wire = self
        self.count = 1

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:  # the library's name
                etag = f'"{wire.count}"'
                known = self.headers.get("If-None-Match") == etag
                body = b"" if known else feed(wire.count).encode()
                self.send_response(304 if known else 200)
                self.send_header("ETag", etag)
                self.send_header("Content-Type", "application/rss+xml")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/feed"


def bot(store: Path, url: str, step: str = "none", count: int = 1) -> int:
    command = [sys.executable, "-m", "tests.faults.victim", str(store), url, step, str(count)]
    return subprocess.run(command, stdout=subprocess.DEVNULL, cwd=ROOT, timeout=60).returncode


def journal(store: Path) -> list[dict[str, Any]]:
    file = store.with_suffix(".console.jsonl")
    return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []


def announced(store: Path) -> list[str]:
    """The addresses on posts and edits, as often as a message brought them for the first time."""
    told: dict[str, set[str]] = {}
    found = []
    for line in journal(store):
        facts = line["facts"]
        urls = {document["url"] for document in facts["documents"]}
        found += sorted(urls - told.get(facts["story"], set())) if line["op"] != "post" else sorted(urls)
        told.setdefault(facts["story"], set()).update(urls)
    return sorted(found)


def messages(store: Path) -> list[tuple[str, str]]:
    """What was done in the channel, by delivery: a message that stands there twice has the same key twice."""
    return sorted((line["op"], line["key"]) for line in journal(store) if line["op"] != "edit")


def stored(store: Path) -> set[str]:
    with closing(sqlite3.connect(store)) as conn:
        return {row[0] for row in conn.execute("SELECT key FROM documents")}


@pytest.fixture(scope="module")
def calm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Wire, Path, Path]]:
    """A publisher, a store that knows its first item, and a store that has seen the other four undisturbed."""
    folder, wire = tmp_path_factory.mktemp("calm"), Wire()
    untouched, calm = folder / "untouched.db", folder / "calm.db"
    assert bot(untouched, wire.url) == 0
    shutil.copy(untouched, calm)
    wire.count = len(ITEMS)
    assert bot(calm, wire.url) == 0
    assert len(announced(calm)) == len(set(announced(calm))) >= 4
    yield wire, untouched, calm
    wire.server.shutdown()
    wire.server.server_close()


@pytest.mark.parametrize("step", STEPS)
def test_a_kill_at_any_step_loses_nothing_and_doubles_nothing(step, calm, tmp_path):
    wire, untouched, undisturbed = calm
    store = tmp_path / "killed.db"
    shutil.copy(untouched, store)
    assert bot(store, wire.url, step) == -signal.SIGKILL
    assert bot(store, wire.url) == 0
    assert stored(store) == {key for key, _ in ITEMS}
    assert announced(store) == announced(undisturbed)
    assert len(messages(store)) == len(set(messages(store)))
