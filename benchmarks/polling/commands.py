"""Peers that are commands, not libraries: each pass is one whole run, what a run with no jobs costs taken off."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks.farm import Farm
from benchmarks.polling.passes import Costs, middle


def urlwatch(program: Path, jobs: Path, folder: Path) -> list[str]:
    settings = ["--config", str(folder / "settings.yaml"), "--hooks", str(folder / "none.py")]
    return [str(program), "--urls", str(jobs), *settings, "--cache", str(folder / "cache.db")]


def webchanges(program: Path, jobs: Path, folder: Path) -> list[str]:
    (folder / "settings.yaml").write_text("report:\n  stdout:\n    enabled: true\n")
    settings = ["--config", str(folder / "settings.yaml"), "--hooks", str(folder / "none.py")]
    return [str(program), "--jobs", str(jobs), *settings, "--database", str(folder / "snapshots.db")]


Command = Callable[[Path, Path, Path], list[str]]


def in_turn(command: Command, program: Path, port: int, feeds: int, folder: Path) -> dict[str, Costs]:
    """The costs of a cold run, one where nothing changed, two where a tenth did, start-up taken off."""
    farm = Farm(port)
    empty, jobs = folder / "empty.yaml", folder / "jobs.yaml"
    empty.write_text("---\n")
    jobs.write_text("---\n".join(f"name: feed {n}\nurl: {url}\n" for n, url in enumerate(farm.urls(feeds))))
    idle = folder / "idle"
    idle.mkdir()
    run(command(program, empty, idle), farm)  # the first run writes default settings and compiles modules
    start = middle(run(command(program, empty, idle), farm) for _ in range(3))
    line = command(program, jobs, folder)
    found = {"cold": run(line, farm), "unchanged": run(line, farm)}
    farm.bump(feeds // 10)
    found["changed"] = run(line, farm)
    farm.bump(feeds // 10, same=True)
    found["one story"] = run(line, farm)
    return {
        name: {**costs, "wall": costs["wall"] - start["wall"], "cpu": costs["cpu"] - start["cpu"]}
        for name, costs in found.items()
    }


def run(line: Sequence[str], farm: Farm) -> Costs:
    """The cost of one command from its start to its end."""
    farm.answers()
    began = time.perf_counter()
    process = subprocess.Popen(line, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise RuntimeError(f"{Path(line[0]).name} ended with {process.returncode}")
    answers = farm.answers()
    return {
        "wall": wall,
        "cpu": usage.ru_utime + usage.ru_stime,
        "peak": usage.ru_maxrss / 1024,
        "fetched": answers.get("200", 0),
        "unmodified": answers.get("304", 0),
    }
