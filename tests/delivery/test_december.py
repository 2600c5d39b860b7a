"""The busiest two days that the field has had: a Headlines channel gets three messages at most."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.app import assemble
from bot.cards.card import plain
from bot.clock import SetClock
from bot.fetch.recording import RecordedTransport, Recording
from bot.pipeline.replay import replay
from bot.settings import load
from bot.sources.curated import sources_of_recording
from bot.store import subscriptions
from bot.store.engine import Store
from tests.delivery import december
from tests.delivery.chat import Chat

HEADLINES = {"severity": "high", "trust": "press", "quiet": ["22:00", "07:00"]}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return december.write(tmp_path_factory.mktemp("december") / "recording")


@pytest.mark.parametrize("zone", ["America/New_York", "Asia/Shanghai"])
async def test_two_busy_days_are_three_messages_in_a_headlines_channel(folder, zone, tmp_path):
    recording = Recording.open(folder)
    clock = SetClock(recording.instants[0])
    store = await Store.open(f"sqlite:///{tmp_path}/december.db", scratch=True)
    chat = Chat()
    sources = sources_of_recording(folder / "sources.toml")
    transport = RecordedTransport(recording, clock)
    parts = assemble(load(None, {}), sources, store, transport, clock, {"console": chat}, seed=0)

    def subscribe(conn) -> None:
        subscriptions.add(conn, "console", "headlines", HEADLINES, clock.now(), "test", time_zone=zone)

    await store.write(subscribe)
    await parts.prepare()
    polls = await replay(recording, parts.poller, parts.outbox, clock)
    await parts.close()
    assert polls > 70
    assert chat.ops.count("post") <= 3
    told = " ".join(plain(line) for _, m in chat.messages for line in (m.card.title, *m.card.lines)).casefold()
    assert all(word in told for word in ("entity list", "hbm", "gallium"))
