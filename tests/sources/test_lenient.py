"""feedparser in its own process: deadlines, death, threads, the event loop, and the end of the parent."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.errors import SourceError
from bot.sources.recorded import read_body
from bot.sources.syndication import lenient
from tests.liveness import lively

BROKEN = (
    '<rss version="2.0"><channel><item><title>One</title><guid>1</guid><description>a <b>b <i>c</b></description>'
    "</item></channel></rss>"
)


@pytest.fixture(autouse=True)
def _fresh_process() -> Iterator[None]:
    lenient.close()
    yield
    lenient.close()


def worker() -> int:
    process = lenient._reader._process
    assert process is not None
    return process.pid


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_one_process_serves_all_damaged_feeds() -> None:
    assert [entry.title for entry in lenient.read(BROKEN).entries] == ["One"]
    first = worker()
    lenient.read(BROKEN)
    assert worker() == first


def test_a_process_that_was_killed_is_replaced() -> None:
    lenient.read(BROKEN)
    os.kill(worker(), signal.SIGKILL)
    assert len(lenient.read(BROKEN).entries) == 1


def test_a_process_that_hangs_is_killed_at_its_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lenient, "SECONDS", 0.5)
    lenient._reader.read(b"x", 5)
    pid = worker()
    os.kill(pid, signal.SIGSTOP)
    with lively(0.7, time.monotonic), pytest.raises(SourceError, match="parse_timeout"):
        lenient.read(BROKEN)
    assert not alive(pid)
    monkeypatch.undo()
    assert len(lenient.read(BROKEN).entries) == 1


def test_threads_take_turns() -> None:
    found: list[int] = []

    def read() -> None:
        found.append(len(lenient.read(BROKEN).entries))

    threads = [threading.Thread(target=read) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [1] * 8


async def test_it_works_beside_an_event_loop() -> None:
    found = await asyncio.gather(*(asyncio.to_thread(lenient.read, BROKEN) for _ in range(3)))
    assert [len(feed.entries) for feed in found] == [1, 1, 1]


def test_a_feed_without_entries_is_empty() -> None:
    with pytest.raises(SourceError, match="empty_document"):
        lenient.read("<rss><channel><b><i></b></channel></rss>")


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="looks for the process in /proc")
def test_the_process_dies_with_its_parent() -> None:
    program = f"""
import sys, time
from bot.sources.syndication import lenient
lenient.read({BROKEN!r})
print(lenient._reader._process.pid, flush=True)
time.sleep(60)
"""
    parent = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    assert alive(child)
    parent.kill()
    parent.wait()
    parent.stdout.close()
    until = time.monotonic() + 5
    while alive(child) and time.monotonic() < until:
        time.sleep(0.02)
    assert not alive(child)


def test_the_process_sees_no_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHIPWATCH_DISCORD__TOKEN", "secret")
    lenient.read(BROKEN)
    environment = Path(f"/proc/{worker()}/environ")
    if not environment.exists():
        pytest.skip("no /proc here")
    assert b"secret" not in environment.read_bytes()


@pytest.mark.parametrize(
    "hostile",
    [
        "<rss><channel><item><title>x" + "<b><i>" * 100_000,
        "<rss><channel><item>" + "<a b=" * 200_000,
        "<rss><channel>" + "<item><title>x</b></title></item>" * 20_000 + "</channel></rss>",
        "<rss><channel>" + "<![CDATA[" * 200_000,
        "<rss><channel>" + "<!--" * 300_000,
        "<rss><channel>" + "</item>" * 200_000,
        "<rss><channel></item>" + " " * 2_000_000 + "x",
        "<rss " + "a:b " * 300_000 + "><channel><item></item></channel></rss>",
        "<!DOCTYPE " + "[]" * 500_000,
        "<!DOCTYPE " + '"' * 1_000_001,
        "<" + "a" * 2_000_000,
        " " * 4_000_000,
        "<?xml " * 300_000,
        "<rss><channel>" + "&" * 1_000_000 + "<item></item></channel></rss>",
        '{"version":"https://jsonfeed.org/version/1","items":[' + '{"a":' * 100_000,
        '{"version":"https://jsonfeed.org/version/1","items":[{"id":' + "9" * 100_000 + "}]}",
        "[" * 1_000_000,
    ],
    ids=range(17),
)
def test_a_hostile_body_ends_within_seconds(hostile: str) -> None:
    with lively(3, time.monotonic), contextlib.suppress(SourceError):
        read_body("feed", hostile.encode(), "https://a.example/feed")
