"""Handing messages of announcement channels on to the servers that follow them, each once."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from functools import partial

from bot.clock import Clock
from bot.delivery.platform import MessageRef, Platform
from bot.errors import DeliveryError
from bot.store import publishing
from bot.store.engine import Store

LEASE = timedelta(minutes=2)
AGAIN = timedelta(minutes=10)
AT_ONCE = 10


async def publish_due(store: Store, platforms: Mapping[str, Platform], clock: Clock) -> int:
    """Publish what is due; how many messages. To publish one twice is to publish it once, so a crash costs nothing."""
    names, now = list(platforms), clock.now()
    if not await store.read(lambda conn: publishing.any_due(conn, names, now)):
        return 0
    found = await store.write(lambda conn: publishing.claim(conn, names, now, now + LEASE, AT_ONCE))
    await asyncio.gather(*(_publish(store, platforms[each.platform], each, clock) for each in found))
    return len(found)


async def _publish(store: Store, platform: Platform, message: publishing.Message, clock: Clock) -> None:
    again = None
    try:
        await platform.publish(MessageRef(message.channel, message.message))
    except DeliveryError as error:
        if not (error.permanent or error.lost):
            again = max(error.retry_at or clock.now(), clock.now() + AGAIN)
    except Exception:  # a mistake of an adapter: tried again, and nobody else waits for it
        again = clock.now() + AGAIN
    await store.write(partial(publishing.done, id_=message.id, again=again))
