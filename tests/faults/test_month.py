"""A simulated day with faults, to its last count; `make soak` runs a month, and days on PostgreSQL."""

from __future__ import annotations

from bot.store import backends
from tests.faults.month import simulate


async def test_a_day_with_faults_keeps_every_promise(tmp_path, monkeypatch):
    monkeypatch.setattr(backends, "BUSY_TIMEOUT_MS", 50)
    report = await simulate(f"sqlite:///{tmp_path}/month.db", 1, feeds=2, a_day=24)
    assert report.broken == {}
    assert report.documents >= 24
    assert report.messages > 20
    assert report.faults["struck down"] >= 1
    assert sum(count for name, count in report.faults.items() if name.startswith(("publisher", "chat", "store"))) > 20
