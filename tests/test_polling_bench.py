"""The bench of polling: the farm tells who did the work, the tables say what was found and no more."""

import sys
from pathlib import Path

import pytest

from benchmarks import farm
from benchmarks.polling import peers, tables
from benchmarks.polling.__main__ import checked, in_a_child


def costs(cpu: float, fetched: int = 0, unmodified: int = 0) -> dict[str, float]:
    return {"wall": 2 * cpu, "cpu": cpu, "peak": 50.0, "fetched": fetched, "unmodified": unmodified}


def passes(cold: float, unchanged: float) -> dict[str, dict[str, float]]:
    """Those of an honest side over ten feeds."""
    changed = costs(cold, 1, 9)
    return {
        "cold": costs(cold, 10),
        "unchanged": costs(unchanged, 0, 10),
        "changed": changed,
        "one story": changed,
    }


def test_ours_is_measured_over_real_feeds_and_asks_conditionally():
    with farm.running() as port:
        found = checked("Chipwatch", in_a_child("ours")(port, 10, 1), feeds=10)
    assert not isinstance(found, str)
    assert list(found) == list(tables.PHASES)
    assert all(cost["cpu"] > 0 and cost["peak"] > 10 for cost in found.values())
    assert [cost["fetched"] for cost in found.values()] == [10, 0, 1, 1]


def test_a_side_that_skips_feeds_or_asks_unconditionally_stops_the_run():
    honest = passes(1.0, 1.0)
    assert checked("x", honest, feeds=10) is honest
    for phase, wrong in (("cold", costs(1, 9)), ("unchanged", costs(1, 10, 0)), ("changed", costs(1, 0, 10))):
        with pytest.raises(RuntimeError, match="x "):
            checked("x", {**honest, phase: wrong}, feeds=10)


def test_a_table_has_medians_and_ratios_within_a_round_and_says_what_is_missing():
    rounds: list[tables.Round] = [
        {"Chipwatch": passes(1.0, 0.1), "reader": passes(2.0, 1.0), "urlwatch": "not installed: no network"},
        {"Chipwatch": passes(4.0, 0.4), "reader": passes(8.0, 4.0), "urlwatch": "not installed: no network"},
    ]
    text = "\n".join(tables.side_by_side(rounds))
    assert "| reader | 10.00 / 5.00 / 50 | 5.00 / 2.50 / 50 |" in text
    assert "| **our CPU / reader** | **0.50** | **0.10** | **0.50** | **0.50** |" in text
    assert "| urlwatch | not installed: no network |" in text
    words = [row.split(" | ")[-1] for row in tables.targets(rounds)[2:]]
    assert words == ["met |", "met |", "not measured |", "not measured |"]
    slow: list[tables.Round] = [{"Chipwatch": passes(7.0, 0.1), "reader": passes(10.0, 1.0)}]
    assert "| 0.70 | **not met** |" in "\n".join(tables.targets(slow))


def test_a_peer_that_cannot_be_installed_says_why(tmp_path: Path):
    (tmp_path / "in-the-way").write_text("")
    programs, why = peers.install(peers.Peer("in-the-way", ()), tmp_path)
    assert programs is None
    assert why
    assert sys.executable not in why
