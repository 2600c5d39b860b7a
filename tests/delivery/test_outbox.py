"""Seen is not delivered: every row ends as sent, superseded, or given up with a reason; nothing is doubled."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from bot.errors import DeliveryError
from bot.store import schema
from bot.store.engine import Store
from tests.delivery.chat import Chat, Post
from tests.pipeline.desk import later, news


async def test_a_post_is_sent_once_and_its_growth_edits_it(desk):
    chat = Chat()
    await desk.poll(news("a"))
    post = Post(desk, chat)
    assert await post.drain() == ["sent"]
    assert await post.drain() == []
    await desk.poll(news("a"), later(news("b", news("a").title), 1))
    await post.drain(timedelta(hours=1))
    assert chat.ops[:2] == ["post", "edit"]


async def test_what_fails_once_is_tried_again_and_arrives(desk):
    chat = Chat(DeliveryError("503"))
    await desk.poll(news("a"))
    post = Post(desk, chat)
    assert await post.drain() == ["retry"]
    assert await post.drain(timedelta(seconds=1)) == []
    assert await post.drain(timedelta(minutes=1)) == ["sent"]
    assert chat.ops == ["post"]


async def test_retry_after_of_the_platform_is_honoured(desk):
    chat = Chat(DeliveryError("429", retry_at=desk.now + timedelta(hours=3)))
    await desk.poll(news("a"))
    post = Post(desk, chat)
    await post.drain()
    assert await post.drain(timedelta(hours=1)) == []
    assert await post.drain(timedelta(hours=2)) == ["sent"]


async def test_what_can_never_work_is_given_up_with_the_reason(desk):
    await desk.poll(news("a"))
    post = Post(desk, Chat(DeliveryError("channel_not_found", permanent=True)))
    assert await post.drain() == ["gave_up"]
    assert post.ends == [("gave_up", "channel_not_found")]


async def test_patience_is_counted_from_the_first_try_and_not_from_the_birth_of_a_row(desk):
    chat = Chat(*[DeliveryError("503")] * 3)
    await desk.poll(news("a"))
    post = Post(desk, chat, give_up_after=timedelta(hours=24))
    assert await post.drain(timedelta(days=30)) == ["retry"]
    assert await post.drain(timedelta(hours=2)) == ["retry"]
    assert await post.drain(timedelta(hours=23)) == ["gave_up"]


async def test_a_mistake_in_a_platform_blocks_nobody_and_has_a_reason(desk):
    chat = Chat(OSError(28, "No space left on device"))
    await desk.poll(news("a"))
    post = Post(desk, chat)
    assert await post.drain() == ["retry"]
    assert "No space left" in post.ends[0][1]
    assert await post.drain(timedelta(hours=1)) == ["sent"]


async def test_a_stored_revision_that_cannot_be_read_stops_no_other(desk):
    chat = Chat()
    await desk.poll(news("a"))
    broken = schema.alerts.update().values(revision={"story": {}})
    await desk.store.write(lambda conn: conn.execute(broken))
    await desk.subscribe("two")
    await desk.poll(news("a"), news("z", "China bars ByteDance from buying Nvidia RTX Pro 6000D chips"))
    post = Post(desk, chat)
    ends = await post.drain()
    assert "gave_up" in ends
    assert "sent" in ends


async def test_a_slow_channel_holds_up_no_other(desk):
    chat = Chat()
    chat.waits["console"] = 1.0
    await desk.subscribe("quick")
    await desk.poll(news("a"))
    await desk.poll(news("a"), later(news("b", news("a").title), 1))
    await Post(desk, chat).drain()
    channels = [channel for _, channel, _ in chat.posted]
    assert channels[0] == "quick"
    assert set(channels) == {"console", "quick"}


async def test_three_quick_revisions_become_one_message(desk):
    chat = Chat()
    await desk.poll(news("a"))
    for n, key in enumerate("bc"):
        await desk.poll(news("a"), later(news(key, news("a").title), n + 1))
    post = Post(desk, chat)
    await post.drain(timedelta(hours=5))
    assert chat.ops.count("post") == 1
    assert chat.ops.count("edit") == 0
    assert set(await post.states()) <= {"sent", "superseded"}


async def test_a_worker_that_died_while_sending_is_settled_by_what_the_platform_knows(desk):
    """Both ways: the message stood there already, or it did not."""
    for stood_there in (True, False):
        chat = Chat()
        await desk.poll(news("ab"[stood_there]), news("c"))
        dead = Post(desk, chat)
        claimed = (await desk.store.write(dead.outbox._claim)).jobs
        if stood_there:
            for job in claimed:
                chat.posted.append(("post", job.delivery.channel, job.delivery.key))
        post = Post(desk, chat)
        await post.drain(timedelta(hours=1))
        keys = [key for op, _, key in chat.posted if op == "post"]
        assert len(keys) == len(set(keys)) == sum(job.delivery.op.value == "post" for job in claimed)


async def test_where_nobody_can_tell_a_message_is_never_sent_twice_unless_the_operator_wants_it(desk):
    await desk.poll(news("a"))
    chat = Chat(DeliveryError("time-out after sending", unknown=True), can_tell=False)
    careful = Post(desk, chat)
    assert await careful.drain() == ["retry"]
    assert await careful.drain(timedelta(hours=1)) == ["unknown"]
    assert chat.posted == []
    await desk.poll(news("a"), later(news("b", news("a").title), 1))
    await careful.drain(timedelta(hours=1))
    assert "post" not in chat.ops

    await desk.poll(news("z", "China bars ByteDance from buying Nvidia RTX Pro 6000D chips"))
    bold = Chat(DeliveryError("time-out after sending", unknown=True), can_tell=False)
    daring = Post(desk, bold, never_twice=False)
    assert "retry" in await daring.drain(timedelta(hours=1))
    assert "sent" in await daring.drain(timedelta(hours=1))


async def test_told_to_stop_the_outbox_finishes_what_it_is_sending_and_takes_nothing_more(desk):
    chat = Chat()
    chat.waits["console"] = 0.3
    await desk.poll(news("a"))
    post = Post(desk, chat)
    draining = asyncio.create_task(post.outbox.drain())
    await asyncio.sleep(0.1)
    post.outbox.stopping = True
    await draining
    assert chat.ops == ["post"]
    assert await post.states() == ["sent"]


async def test_the_claim_of_the_next_rows_does_not_slow_with_the_rows_that_are_done(tmp_path):
    """The partial index is used: the plan says so, whatever the machine's mood."""
    plan = (
        "EXPLAIN QUERY PLAN SELECT id FROM deliveries WHERE state IN ('due', 'sending')"
        " AND platform = ? AND urgency = 1 AND due_at <= ? ORDER BY id LIMIT 10"
    )
    store = await Store.open(f"sqlite:///{tmp_path}/plan.db")
    rows = await store.read(lambda conn: conn.exec_driver_sql(plan, ("console", "2030-01-01")).fetchall())
    await store.close()
    assert any("ix_deliveries_open " in str(row) for row in rows)
    assert not any("TEMP B-TREE" in str(row) for row in rows)


async def test_a_row_that_is_not_settled_and_a_more_urgent_one_do_not_wait_for_each_other(desk):
    chat = Chat(DeliveryError("time-out after sending", unknown=True))
    await desk.poll(news("a"))
    post = Post(desk, chat)
    assert await post.drain() == ["retry"]
    await desk.poll(news("a"), news("z", "China bars ByteDance from buying Nvidia RTX Pro 6000D chips"))
    urgent = schema.deliveries.update().where(schema.deliveries.c.state == "due").values(urgency=3)
    await desk.store.write(lambda conn: conn.execute(urgent))
    assert await post.drain(timedelta(hours=1)) == ["sent", "sent"]
