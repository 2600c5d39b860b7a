"""Hostile servers: what one poll of each costs, and what it tells, ours beside other people's pollers.

Each tool asks a local server once, in a process of its own with at most `MEMORY` of address space, and is stopped after
`--limit` seconds; a server that asked to be left alone is asked twice. Peers are found in `--peers FOLDER`, each in an
environment of its own name, and left out where they are not there:

    for name in urlwatch webchanges reader; do python3 -m venv peers/$name; peers/$name/bin/pip install $name; done
    peers/reader/bin/pip install sgmllib3k
    python -m benchmarks.hostile --peers peers
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import logging
import os
import re
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from tests.fakes.publisher import MIB, Publisher, bomb, rss

MEMORY = 4 * 1024 * MIB
SIZE = 200 * MIB
ROOT = Path(__file__).resolve().parent.parent
READER = """
import sys
from reader import make_reader
known = make_reader(sys.argv[1])
known.add_feed(sys.argv[2], exist_ok=True)
for result in known.update_feeds_iter(scheduled=True):
    print(result.value if isinstance(result.value, Exception) or result.value is None else f"{result.value.new} new")
for entry in known.get_entries(limit=3):
    print("kept", entry.title, (entry.summary or "")[:200])
"""
SECRET = "kept in a file of this machine"
XML = "application/rss+xml"


def entities() -> str:
    """A document of a few hundred bytes whose title would have a thousand million letters."""
    grown = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    return (
        f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a0 "ha">{grown}]><rss version="2.0"><channel><title>&a9;</title>'
        "<item><title>x</title><guid>1</guid></item></channel></rss>"
    )


def from_a_file(file: Path) -> str:
    """A feed whose item has a file of the reader's machine in it, if the reader lets it."""
    return (
        f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY f SYSTEM "file://{file}">]><rss version="2.0"><channel>'
        "<title>t</title><item><title>x &f;</title><guid>1</guid></item></channel></rss>"
    )


def kinds(server: Publisher, folder: Path) -> dict[str, str]:
    """The kinds of servers with their addresses; the first one is harmless."""
    whole, secret = rss(20).encode(), folder / "secret"
    secret.write_text(SECRET)
    server.says("secret", rss(), Content_Type=XML)
    latin = '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><item><title>naïve</title>'
    nameless = "<item><title>same</title></item>"
    return {
        "harmless": server.says("harmless", whole, Content_Type=XML),
        "200 MiB": server.streams("huge", b"A" * MIB, SIZE // MIB),
        "endless": server.streams("endless", b"A" * MIB, 10**9, pause=0.005),
        "a byte a second": server.streams("drip", b" ", 10**6, pause=1.0),
        "gzip bomb": server.says("gzip", bomb("gzip", SIZE), Content_Encoding="gzip", Content_Type=XML),
        "brotli bomb": server.says("br", bomb("br", SIZE), Content_Encoding="br", Content_Type=XML),
        "entity bomb": server.says("entities", entities(), Content_Type=XML),
        "file as entity": server.says("file", from_a_file(secret), Content_Type=XML),
        "100,000 deep": server.says("deep", "<rss><channel>" + "<a>" * 100_000, Content_Type=XML),
        "redirect loop": server.redirects("loop", "/loop"),
        "redirect inside": server.redirects("inside", server.url("secret", "127.0.0.2")),
        "redirect to file": server.redirects("to-file", f"file://{secret}"),
        "challenge, 200": server.says(
            "challenge", "<html><title>Just a moment...</title></html>", Content_Type="text/html"
        ),
        "page, no feed": server.says("page", "<html><body><p>Welcome.</p></body></html>", Content_Type="text/html"),
        "half a feed": server.says("half", whole[: len(whole) // 2], Content_Type=XML),
        "breaks off": server.cuts("cuts", whole, len(whole) // 2),
        "wrong charset": server.says(
            "latin", f"{latin}<guid>1</guid></item></channel></rss>".encode("latin-1"), Content_Type=XML
        ),
        "no ids": server.says(
            "ids", f'<rss version="2.0"><channel><title>t</title>{nameless * 2}</channel></rss>', Content_Type=XML
        ),
        "no HTTP": server.raw("raw", b"\x00\xff" * 4096),
        "10 MiB of headers": server.raw("headers", b"HTTP/1.1 200 OK\r\n" + b"X-A: " + b"a" * (10 * MIB) + b"\r\n\r\n"),
        "hangs up": server.raw("reset", b""),
        "500": server.says("500", "no", 500),
        "429, an hour": server.says("429", "no", 429, Retry_After="3600"),
        "503, an hour": server.says("503", "no", 503, Retry_After="3600"),
    }


def ours(folder: Path, url: str) -> list[str]:
    """Chipwatch's command line: one source, everything else as it is shipped."""
    sources = folder / "sources"
    sources.mkdir(exist_ok=True)
    (sources / "bad.toml").write_text(f'[[source]]\nid = "bad"\nkind = "feed"\nurl = "{url}"\n')
    return [sys.executable, "-m", "bot", "poll", "--config", str(folder)]


def urlwatch(python: Path, folder: Path, url: str) -> list[str]:
    (folder / "jobs.yaml").write_text(f"name: bad\nurl: {url}\n")
    config = folder / "config.yaml"
    files = ["--urls", "jobs.yaml", "--config", str(config), "--cache", "cache.db", "--hooks", "hooks.py"]
    return [str(python.parent / "urlwatch"), *files]


def webchanges(python: Path, folder: Path, url: str) -> list[str]:
    (folder / "jobs.yaml").write_text(f"name: bad\nurl: {url}\n")
    files = ["--jobs", "jobs.yaml", "--config", "config.yaml", "--database", "cache.db", "--hooks", "hooks.py"]
    return [str(python.parent / "webchanges"), *files]


def reader(python: Path, folder: Path, url: str) -> list[str]:
    return [str(python), "-c", READER, str(folder / "reader.db"), url]


@dataclass(frozen=True)
class Poll:
    """What a poll cost (seconds of wall and CPU, MiB at its peak), and what it said."""

    wall: float
    cpu: float
    peak: float
    stopped: bool
    said: str


def polled(command: list[str], folder: Path, limit: float) -> Poll:
    """Run a command in a folder of its own, stop it after `limit` seconds, and take its measure."""
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "PYTHONPATH": str(ROOT) if command[1:3] == ["-m", "bot"] else "",
        "CHIPWATCH_STORE__URL": f"sqlite:///{folder}/bot.db",
        "CHIPWATCH_FETCH__ALLOW_PRIVATE": '["127.0.0.1"]',
    }
    began = time.monotonic()
    with (folder / "said").open("wb") as said:
        child = subprocess.Popen(
            command,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=partial(resource.setrlimit, resource.RLIMIT_AS, (MEMORY, MEMORY)),
        )
        stopped, peak = False, 0.0
        while True:
            peak = max(peak, _peak(child.pid))
            pid, _, used = os.wait4(child.pid, os.WNOHANG)
            if pid:
                break
            if time.monotonic() - began > limit and not stopped:
                os.killpg(child.pid, signal.SIGKILL)
                stopped = True
            time.sleep(0.02)
    child.returncode = 0
    text = (folder / "said").read_text(errors="replace")
    return Poll(time.monotonic() - began, used.ru_utime + used.ru_stime, peak, stopped, text)


def _peak(pid: int) -> float:
    """The most memory that a process has held so far, in MiB. `wait4` would count its parent's too."""
    with contextlib.suppress(OSError), Path(f"/proc/{pid}/status").open() as status:
        for line in status:
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    return 0.0


def verdict(poll: Poll, before: int, after: int) -> str:
    """What a poll told, in few words; `before` and `after` are how often the server had been asked."""
    said = re.sub(r"\x1b\[[0-9;]*m", "", poll.said)
    asked = after - before
    words = "stopped" if poll.stopped else _told(said)
    leak = ", GAVE THE FILE AWAY" if SECRET in said else ""
    return f"{words}{leak}" + (f", asked {asked} times" if asked > 1 else "")


def _told(said: str) -> str:
    for pattern, words in (
        (r"outage (\w+)", "refused: {}"),
        (r"\bchallenge\b", "refused: challenge"),
        (r"MemoryError", "out of memory"),
        (r"(\d+) new", "took {} items"),
        (r"1 sources polled, 0 failed", "took it"),
        (r"unknown feed type|not a feed|no parser", "refused: no feed"),
        (r"\bNEW\b", "reported it as new"),
        (r"ERROR|rror:|refused|while getting feed|Traceback|Exception", "error"),
    ):
        if found := re.search(pattern, said):
            return words.format(*found.groups())
    last = said.strip().splitlines()
    return f"said {last[-1][:60]!r}" if last else "said nothing"


async def table(peers: Path | None, limit: float, chosen: list[str]) -> None:
    """Every kind of server, a line each: what each tool told, and its seconds of wall and CPU and its MiB."""
    tools: dict[str, Callable[[Path, str], list[str]]] = {"Chipwatch": ours}
    for name, peer in (("reader", reader), ("urlwatch", urlwatch), ("webchanges", webchanges)):
        python = peers / name / "bin" / "python" if peers else None
        if python is not None and python.exists():
            tools[name] = partial(peer, python.absolute())
        else:
            print(f"{name} is left out: no {python or 'folder of peers'}", file=sys.stderr)
    server = Publisher()
    await server.start()
    print(f"| server | {' | '.join(tools)} |\n|---{'|---' * len(tools)}|")
    with tempfile.TemporaryDirectory(prefix="chipwatch-hostile-") as root:
        for kind, url in kinds(server, Path(root)).items():
            if chosen and kind not in chosen:
                continue
            path, cells = url.rpartition("/")[2], []
            for name, tool in tools.items():
                folder = Path(root) / f"{name} {path}"
                folder.mkdir()
                before = server.asked[path] + server.asked["secret"]
                first = await asyncio.to_thread(polled, tool(folder, url), folder, limit)
                if "an hour" in kind:
                    await asyncio.to_thread(polled, tool(folder, url), folder, limit)
                told = verdict(first, before, server.asked[path] + server.asked["secret"])
                cells.append(f"{told}; {first.wall:.1f} / {first.cpu:.1f} / {first.peak:.0f}")
            print(f"| {kind} | {' | '.join(cells)} |", flush=True)
    await server.stop()


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--peers", type=Path, help="a folder with an environment for each peer")
    asked.add_argument("--limit", type=float, default=45.0, help="seconds after which a poll is stopped")
    asked.add_argument("kinds", nargs="*", help="some of the servers; all where none is named")
    given = asked.parse_args()
    logging.disable()  # whoever hangs up on a hostile server is right
    asyncio.run(table(given.peers, given.limit, given.kinds))


if __name__ == "__main__":
    main()
