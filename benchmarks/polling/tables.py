"""The figures as tables in Markdown, to be pasted into docs/benchmarks.md."""

from __future__ import annotations

import os
import platform
import statistics
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.polling.passes import Costs, middle

PHASES = ("cold", "unchanged", "changed", "one story")
TARGETS = (
    ("unchanged", "reader", 0.5),
    ("cold", "reader", 0.6),
    ("unchanged", "bare loop", 1.5),
    ("cold", "bare loop", 1.0),
)
"""Our processor time at most so many times that of a peer."""

Round = Mapping[str, Mapping[str, Costs] | str]
"""By side its costs by pass, or why there are none."""


def machine() -> str:
    """What ran the bench, when, and how busy it was besides."""
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    cores = f"{os.cpu_count()} cores ({next(names, platform.machine())})"
    now, load = f"{datetime.now(UTC):%d %B %Y %H:%M} UTC", f"load {os.getloadavg()[0]:.1f}"
    return f"{now}, {cores}, Python {platform.python_version()}, {load}"


def side_by_side(rounds: Sequence[Round]) -> list[str]:
    """A row a side: wall s / CPU s / peak MiB, medians over the rounds; then our CPU beside each peer's."""
    rows = [
        "| wall s / CPU s / peak MiB | cold | unchanged | 10 % changed | 10 % tell one story |",
        "|---|---|---|---|---|",
    ]
    for side in rounds[0]:
        told = [found for each in rounds if not isinstance(found := each[side], str)]
        if not told:
            rows.append(f"| {side} | {rounds[0][side]} | | | |")
            continue
        cells = []
        for phase in PHASES:
            costs = middle(found[phase] for found in told)
            cells.append(f"{costs['wall']:.2f} / {costs['cpu']:.2f} / {costs['peak']:.0f}")
        rows.append(f"| {side} | {' | '.join(cells)} |")
    for peer in rounds[0]:
        ratios = [value for phase in PHASES if (value := ratio(rounds, phase, peer)) is not None]
        if peer != "Chipwatch" and ratios:
            rows += [f"| **our CPU / {peer}** | {' | '.join(f'**{value:.2f}**' for value in ratios)} |"]
    return rows


def ratio(rounds: Sequence[Round], phase: str, peer: str) -> float | None:
    """Our processor time beside a peer's in the same round, median; None where there is nothing to compare with."""
    found = []
    for each in rounds:
        ours, theirs = each["Chipwatch"], each.get(peer, "")
        if not isinstance(ours, str) and not isinstance(theirs, str):
            found.append(ours[phase]["cpu"] / theirs[phase]["cpu"])
    return statistics.median(found) if found else None


def targets(rounds: Sequence[Round]) -> list[str]:
    """Each target with what was found."""
    rows = ["| target: our CPU at most | found | |", "|---|---|---|"]
    for phase, peer, most in TARGETS:
        found = ratio(rounds, phase, peer)
        word = "not measured" if found is None else "met" if found <= most else "**not met**"
        rows.append(f"| {phase}: {most} times that of {peer} | {'' if found is None else f'{found:.2f}'} | {word} |")
    return rows
