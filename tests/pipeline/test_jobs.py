"""The clockwork: what fails is told, what is cut off at the end is not."""

from __future__ import annotations

import asyncio

from bot.pipeline.clockwork import Clockwork

LIVELY_S = 60


async def test_a_job_that_fails_is_told_and_beats_on():
    said: list[tuple[str, str]] = []
    twice = asyncio.Event()

    async def fail() -> None:
        if said:
            twice.set()
        raise ValueError("no")

    clockwork = Clockwork(lambda name, error: said.append((name, str(error))))
    clockwork.every(0.01, "job", fail)
    clockwork.start()
    await asyncio.wait_for(twice.wait(), LIVELY_S)
    clockwork.stop()
    assert said[0] == ("job", "no")


async def test_a_job_that_works_when_the_bot_stops_is_cut_off_without_a_complaint(caplog):
    said: list[str] = []
    began, ended = asyncio.Event(), asyncio.Event()

    async def work() -> None:
        began.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    clockwork = Clockwork(lambda name, error: said.append(name))
    clockwork.every(0.01, "job", work)
    clockwork.start()
    await asyncio.wait_for(began.wait(), LIVELY_S)
    clockwork.stop()
    await asyncio.wait_for(ended.wait(), LIVELY_S)
    for _ in range(5):  # the scheduler hears of the end a few steps later
        await asyncio.sleep(0)
    assert said == []
    assert "raised an exception" not in caplog.text
