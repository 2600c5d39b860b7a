"""Handing announcements on to the servers that follow: what fails is tried again, what never can is left."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from bot.delivery.platform import MessageRef
from bot.delivery.publishing import AGAIN, LEASE, publish_due
from bot.errors import DeliveryError
from bot.store import publishing, schema
from tests.delivery.chat import Chat, Post
from tests.pipeline.desk import Desk, news

HOUR = timedelta(hours=1)


class Announcements(Chat):
    """Publishing fails as a test wants; `tries` are the messages that it was asked for."""

    def __init__(self, *failures: Exception) -> None:
        super().__init__()
        self.failures = list(failures)
        self.tries: list[str] = []

    async def publish(self, ref: MessageRef) -> None:
        self.tries.append(ref.message)
        if self.failures:
            raise self.failures.pop(0)
        await super().publish(ref)


async def posted(desk: Desk, chat: Chat) -> Post:
    """A channel of announcements in which one has just been posted; it is due to be published."""
    announced = schema.subscriptions.update().values(order={"place": "announcement", "publish": True})
    await desk.store.write(lambda conn: conn.execute(announced))
    post = Post(desk, chat)
    await desk.poll(news("a"))
    await post.drain()
    return post


async def published(post: Post, chat: Chat, at: datetime) -> int:
    post.clock.set(at)
    return await publish_due(post.desk.store, {"console": chat}, post.clock)


@pytest.mark.parametrize(
    ("failure", "again"),
    [
        (DeliveryError("503"), AGAIN),
        (KeyError("a mistake of the adapter"), AGAIN),
        (DeliveryError("not a news channel", permanent=True), None),
        (DeliveryError("gone", lost="channel"), None),
    ],
)
async def test_what_fails_is_tried_again_and_what_never_can_is_not(
    desk: Desk, failure: Exception, again: timedelta | None
) -> None:
    chat = Announcements(failure)
    post = await posted(desk, chat)
    first, began = len(chat.tries), post.clock.now()
    assert first == 1
    assert await published(post, chat, began + AGAIN - timedelta(seconds=1)) == 0
    assert await published(post, chat, began + AGAIN) == (1 if again else 0)
    assert await published(post, chat, began + HOUR) == 0
    assert chat.published == (["post-1"] if again else [])


async def test_a_platform_that_names_a_moment_is_asked_then(desk: Desk) -> None:
    chat = Announcements()
    began = desk.now
    chat.failures = [DeliveryError("429", retry_at=began + 2 * HOUR)]
    post = await posted(desk, chat)
    assert await published(post, chat, began + HOUR) == 0
    assert await published(post, chat, began + 3 * HOUR) == 1


async def test_what_a_worker_took_is_his_for_a_while_only(desk: Desk) -> None:
    chat = Announcements(DeliveryError("503"))
    post = await posted(desk, chat)
    at = post.clock.now() + AGAIN
    taken = await desk.store.write(lambda conn: publishing.claim(conn, ["console"], at, at + LEASE, 10))
    assert len(taken) == 1
    assert await published(post, chat, at + LEASE - timedelta(seconds=1)) == 0
    assert await published(post, chat, at + LEASE) == 1


async def test_other_platforms_messages_are_left_to_whoever_serves_them(desk: Desk) -> None:
    chat = Announcements(DeliveryError("503"))
    post = await posted(desk, chat)
    post.clock.set(post.clock.now() + AGAIN)
    assert await publish_due(desk.store, {"elsewhere": Chat()}, post.clock) == 0
    assert await publish_due(desk.store, {"elsewhere": Chat(), "console": chat}, post.clock) == 1
