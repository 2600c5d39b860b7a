"""Two years pass: the store stops growing once what is old enough goes, and the bot still knows what it has seen."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from functools import partial

import sqlalchemy as sa

from bot.store import copies, retention, schema
from bot.store.engine import Store
from tests.delivery.chat import Chat, Post
from tests.faults.crash import title
from tests.pipeline.desk import START, Desk, news

KEPT = timedelta(days=150)
"""The least that the settings allow: a story may grow for almost as long."""
BOUNDED = (schema.stories, schema.alerts, schema.story_words, schema.deliveries, schema.changes,
           schema.gatherings)  # fmt: skip
DAYS, DAYS_PER_STEP = 730, 5


async def counts(desk: Desk) -> dict[str, int]:
    return {table.name: await desk.count(table) for table in BOUNDED}


async def test_over_two_years_the_store_stops_growing_and_nothing_comes_twice(tmp_path):
    store = await Store.open(f"sqlite:///{tmp_path}/year.db", scratch=True)
    desk = await Desk(store).open()
    await desk.poll()
    await desk.subscribe("weekly", pace="weekly", at="09:00")
    chat = Chat()
    post = Post(desk, chat)
    found = {}
    for n in range(DAYS // DAYS_PER_STEP):
        desk.now = START + timedelta(days=n * DAYS_PER_STEP)
        shown = [
            replace(news(f"i{k}", title(k)), published=START + timedelta(days=k * DAYS_PER_STEP))
            for k in range(max(0, n - 15), n + 1)
        ]
        await desk.poll(*shown)
        await post.drain()
        edge = desk.now - KEPT
        await store.write(partial(retention.clean, before={"documents": edge, "versions": edge, "deliveries": edge}))
        if n in (40, 80, 145):
            found[n] = await counts(desk)
    for name, first in found[40].items():
        assert found[145][name] <= first * 1.5 + 5, (name, found)
    assert 0 < found[145]["stories"] < 2 * DAYS // 30
    ended = sa.select(sa.func.count()).where(schema.members.c.joined_at < desk.now - 2 * KEPT)
    assert await store.read(lambda conn: conn.execute(ended).scalar_one()) < DAYS // DAYS_PER_STEP // 3
    texts = sa.select(sa.func.count()).where(schema.documents.c.summary != "")
    assert await store.read(lambda conn: conn.execute(texts).scalar_one()) <= 60
    assert await desk.count(schema.documents) == DAYS // DAYS_PER_STEP
    keys = [key for op, _, key in chat.posted if op != "edit"]
    assert [key for key in set(keys) if keys.count(key) > 1] == []
    assert await store.read(copies.problems) == []
    await store.close()


async def test_a_copy_made_in_the_middle_of_writing_is_whole_and_works_on(tmp_path):
    url, copy = f"sqlite:///{tmp_path}/s.db", tmp_path / "copy.db"
    store = await Store.open(url)
    desk = await Desk(store).open()
    await desk.poll()
    shown = [news(f"i{n}", title(n)) for n in range(40)]

    async def write() -> None:
        for n in range(1, len(shown) + 1):
            await desk.poll(*shown[:n])

    writing = asyncio.create_task(write())
    while await desk.count(schema.members) < 5:
        await asyncio.sleep(0.01)
    assert await asyncio.to_thread(copies.backup, url, copy) > 0
    at_copy = await desk.count(schema.members)
    await writing
    assert await desk.count(schema.members) > at_copy
    await store.close()
    copies.restore(url, copy)
    store = await Store.open(url)
    back = Desk(store)
    back.now = desk.now
    assert await store.read(copies.problems) == []
    assert 5 <= await back.count(schema.members) <= at_copy
    chat = Chat()
    await back.poll(*shown)
    await Post(back, chat).drain(timedelta(hours=1))
    assert chat.posted
    await store.close()
