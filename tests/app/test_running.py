"""A bot that is told to stop: what is being sent ends, nothing more begins, and nobody waits for nothing."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime, timedelta

from bot.app import Bot, assemble
from bot.app.running import GRACE_S
from bot.clock import SystemClock
from bot.settings import Settings
from bot.settings.tables import WebSettings
from tests.delivery.chat import Chat
from tests.pipeline.desk import Desk, news


async def test_a_bot_told_to_stop_while_it_sends_ends_with_the_message(store, network):
    desk, chat = await Desk(store).open(), Chat()
    await desk.poll()
    desk.now = datetime.now(UTC) - timedelta(minutes=30)
    await desk.poll(news("a"))
    chat.waits["console"] = 0.3
    stop, claimed = asyncio.Event(), asyncio.Event()
    parts = assemble(
        Settings(web=WebSettings(port=0)),
        [],
        store,
        network,
        SystemClock(),
        {"console": chat},
        step=lambda name: claimed.set() if name == "claimed" else None,
    )
    serving = asyncio.create_task(Bot(parts).serve(stop, lambda address: None))
    await asyncio.wait([serving, asyncio.create_task(claimed.wait())], return_when=asyncio.FIRST_COMPLETED, timeout=60)
    assert claimed.is_set()
    began = time.monotonic()
    stop.set()
    await serving
    assert time.monotonic() - began < GRACE_S  # the whole of it was waited out before: a wake of the outbox was lost
    assert chat.ops == ["post"]
