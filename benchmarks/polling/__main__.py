"""Polling side by side: Chipwatch, a bare loop (aiohttp, feedparser, sqlite3), reader, urlwatch, webchanges.

Every side asks the same local feeds of 20 items: cold, when nothing changed, when a tenth has one new item. Chipwatch,
the bare loop and reader are measured inside one process each, above start-up; urlwatch and webchanges as whole
commands, less what a run without jobs costs. The sides take turns, so that what else the machine does meets them all.

    python -m benchmarks.polling            200 feeds, without the commands: about a minute
    python -m benchmarks.polling --whole    200 and 2,000 feeds at 0 and 100 ms, all sides, memory: a quarter of an hour
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks import farm
from benchmarks.polling import commands, peers, tables
from benchmarks.polling.passes import Costs

ROOT = Path(__file__).resolve().parents[2]
COMMANDS: dict[str, commands.Command] = {"urlwatch": commands.urlwatch, "webchanges": commands.webchanges}

Found = dict[str, Costs] | str
Side = Callable[[int, int, int], Found]
"""Measures one side, given the farm's port, the number of feeds and of unchanged passes."""


def in_a_child(module: str, python: str = sys.executable) -> Side:
    def measure(port: int, feeds: int, unchanged: int) -> Found:
        counts = ["--port", str(port), "--feeds", str(feeds), "--unchanged", str(unchanged)]
        return _json([python, "-m", f"benchmarks.polling.{module}", *counts])

    return measure


def as_command(peer: peers.Peer, programs: Path) -> Side:
    def measure(port: int, feeds: int, unchanged: int) -> Found:
        if feeds > peer.most_feeds:
            return f"not run with more than {peer.most_feeds:,} feeds"
        with tempfile.TemporaryDirectory() as folder:
            return commands.in_turn(COMMANDS[peer.name], programs / peer.name, port, feeds, Path(folder))

    return measure


def missing(why: str) -> Side:
    return lambda port, feeds, unchanged: why


def sides(folder: Path, *, with_commands: bool) -> dict[str, Side]:
    """All sides by name; a peer that cannot be installed says so in its place."""
    found: dict[str, Side] = {"Chipwatch": in_a_child("ours"), "bare loop": in_a_child("bare")}
    for peer in peers.PEERS:
        if peer.name in COMMANDS and not with_commands:
            continue
        programs, told = peers.install(peer, folder)
        if programs is None:
            found[peer.name] = missing(f"not installed: {told}")
            continue
        print(f"{peer.name} {told}", file=sys.stderr)
        found[peer.name] = (
            as_command(peer, programs) if peer.name in COMMANDS else in_a_child("with_reader", str(programs / "python"))
        )
    return found


def compared(all_sides: dict[str, Side], feeds: int, latency: float, rounds: int) -> list[tables.Round]:
    """The figures of all sides in turn, each round anew."""
    unchanged = 5 if feeds <= 200 else 2
    found: list[tables.Round] = []
    for n in range(rounds):
        one: dict[str, Found] = {}
        for name, measure in all_sides.items():
            print(f"{feeds} feeds, {latency:g} ms, round {n + 1}: {name}", file=sys.stderr)
            with farm.running(latency) as port:
                one[name] = checked(name, measure(port, feeds, unchanged), feeds)
        found.append(one)
    return found


def checked(name: str, found: Found, feeds: int) -> Found:
    """What was found, if the work was done: a side that skips it would look quick. Raises RuntimeError."""
    if isinstance(found, str):
        return found
    if found["cold"]["fetched"] != feeds or found["changed"]["fetched"] < feeds // 10:
        raise RuntimeError(f"{name} did not ask for every feed: {found}")
    if found["unchanged"]["unmodified"] != feeds:
        raise RuntimeError(f"{name} does not ask conditionally: {found}")
    return found


def endurance(feeds: int, passes: int) -> list[str]:
    """What a bot costs that goes on: memory over many passes, processor time over half an hour."""
    with farm.running() as port:
        command = [sys.executable, "-m", "benchmarks.polling.endurance", "--port", str(port)]
        held = _json([*command, "memory", "--feeds", "200", "--passes", str(passes)])
        ran = _json([*command, "beats", "--feeds", str(feeds)])
    early, late = held["settled"], held["last"]
    rows = {
        f"memory after the first of {passes} passes over 200 feeds, 20 of them new at every tenth": held["first"],
        f"after pass {passes // 5}": early,
        f"after the last: **{late - early:+.1f} MiB**": late,
        "peak": held["peak"],
    }
    share = f"{ran['cpu']:.2f} s, {ran['cpu'] / ran['seconds']:.2%} of a core"
    beats = (
        f"CPU for half an hour of beats, a second each on a clock that is set: {ran['polls']:,.0f} polls, all unchanged"
    )
    return [
        "| a bot that goes on | |",
        "|---|---|",
        *(f"| {what} | {mib:.1f} MiB |" for what, mib in rows.items()),
        f"| {beats} | {share} |",
    ]


def _json(command: list[str]) -> dict[str, Any]:
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(command)}\n{done.stderr[-2000:]}")
    return dict(json.loads(done.stdout))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--whole", action="store_true", help="200 and 2,000 feeds, 0 and 100 ms, all peers, endurance")
    parser.add_argument("--feeds", type=int, nargs="+", default=[200])
    parser.add_argument("--latency", type=float, nargs="+", default=[0.0], metavar="MS", help="of each answer")
    parser.add_argument("--commands", action="store_true", help="urlwatch and webchanges too")
    parser.add_argument("--endurance", action="store_true", help="memory over 500 passes, half an hour of beats")
    parser.add_argument("--rounds", type=int, default=3, help="two at most with more than 200 feeds")
    parser.add_argument("--peers", type=Path, default=peers.default_folder(), help="where their environments are kept")
    asked = parser.parse_args()
    if asked.whole:
        asked.feeds, asked.latency, asked.commands, asked.endurance = [200, 2000], [0.0, 100.0], True, True
    print(f"Polling, {tables.machine()}\n", flush=True)
    all_sides = sides(asked.peers, with_commands=asked.commands)
    for feeds in asked.feeds:
        for latency in asked.latency:
            rounds = asked.rounds if feeds <= 200 else min(2, asked.rounds)
            found = compared(all_sides, feeds, latency, rounds)
            print(f"**{feeds:,} feeds, answers after {latency:g} ms**, median of {rounds} rounds\n")
            print(*tables.side_by_side(found), "", sep="\n")
            if latency == 0:
                print(*tables.targets(found), "", sep="\n", flush=True)
    if asked.endurance:
        print(*endurance(2000, 500), "", sep="\n")
    print(f"At the end: {tables.machine()}")


if __name__ == "__main__":
    main()
