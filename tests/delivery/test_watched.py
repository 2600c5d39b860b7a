"""A hit of a channel's watch list is told there once, however the story that has it comes to the channel."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from bot.cards.card import plain
from bot.delivery.timing import Burst
from bot.errors import DeliveryError
from bot.store import schema, watchlists
from bot.store import sources as source_states
from bot.store.sources import SourceState
from bot.store.watchlists import Owner, OwnerKind
from tests.delivery.chat import Chat, Post
from tests.delivery.test_manners import ids, mute, order, severity
from tests.pipeline.desk import Desk, Wire, news
from tests.pipeline.test_rolls import CHIP_FIRM, FIRMS, poll
from tests.pipeline.test_watching import NAMES

HERE = Owner("console", OwnerKind.CHANNEL, "console")
OTHERS = (
    "US tightens licence rules for Nvidia H20 chip exports to China",
    "China bars ByteDance from buying Nvidia RTX Pro 6000D chips",
    "Malaysia requires a permit for exports of US AI chips",
)
EVENING: dict[str, Any] = {"quiet": ["11:00", "20:00"], "breaks_through": False}
"""The desk's day lies in it."""


@dataclass
class Press:
    """News beside the list, by another source of the same desk."""

    desk: Desk
    told: list[Any] = field(default_factory=list)

    async def begin(self) -> None:
        await self.desk.store.write(lambda conn: source_states.register(conn, {"press": "test_wire"}))
        await self.report(0)

    async def report(self, count: int) -> None:
        """The first so many stories."""
        desk, source, state = self.desk, self.desk.source, self.desk.state
        desk.source, desk.state = Wire(id="press", name="Press"), self._state  # type: ignore[method-assign]
        await desk.poll(*(replace(news(f"n{n}", title), source="press") for n, title in enumerate(OTHERS[:count])))
        desk.source, desk.state = source, state  # type: ignore[method-assign]

    async def _state(self) -> SourceState:
        found = await self.desk.store.read(lambda conn: source_states.state_of(conn, "press"))
        assert found is not None
        return found


async def told(desk: Desk, post: Post, chat: Chat) -> int:
    """How often the channel was told of its hit, by messages (edits of them are the same telling) and letters."""
    await post.presence.deliver_letters()
    said = [(op, m) for op, m in chat.messages if m.channel == "console" and "Example Computing Ltd" in text(m.card)]
    return sum(op != "edit" for op, _ in said)


def text(card: Any) -> str:
    return "\n".join(plain(line) for line in (card.title, *card.lines, *card.footer))


async def begun(desk: Desk, **wishes: Any) -> Press:
    await order(desk, **wishes)
    await desk.store.write(lambda conn: watchlists.add(conn, HERE, NAMES, desk.now, "u1"))
    press = Press(desk)
    await press.begin()
    await poll(desk, FIRMS)
    return press


@pytest.mark.parametrize(
    ("wishes", "others"),
    [
        pytest.param({}, 0, id="alone"),
        pytest.param({}, 3, id="a busy hour"),
        pytest.param({"bundle": False}, 3, id="a busy hour without roundups"),
        pytest.param(EVENING, 0, id="a quiet evening"),
        pytest.param(EVENING, 3, id="a quiet evening with others"),
        pytest.param({"pace": "daily", "at": "21:00"}, 3, id="a digest"),
        pytest.param({"kinds": ["bill"]}, 3, id="lists are not wanted"),
    ],
)
async def test_a_hit_is_told_once_however_its_story_comes(one_desk, wishes, others):
    press = await begun(one_desk, **wishes)
    chat = Chat()
    post = Post(one_desk, chat)
    await press.report(others)
    await post.drain()
    await poll(one_desk, (*FIRMS, CHIP_FIRM))
    await post.drain()
    assert await told(one_desk, post, chat) <= 1
    for _ in range(2):
        await post.drain(timedelta(hours=9))
        await post.drain(timedelta(minutes=5))
    assert await told(one_desk, post, chat) == 1


async def test_a_hit_that_a_critical_story_has_on_a_busy_day_is_told_beside_its_announcement(one_desk):
    press = await begun(one_desk)
    chat = Chat()
    post = Post(one_desk, chat)
    await press.report(3)
    await post.drain()
    await poll(one_desk, (*FIRMS, CHIP_FIRM))
    await severity(one_desk, {(await ids(one_desk))[-1]: "critical"})
    await post.drain(timedelta(minutes=5))
    await post.drain(timedelta(minutes=5))
    assert "reply" in chat.ops
    assert await told(one_desk, post, chat) == 1


async def test_a_hit_of_the_time_when_the_channel_was_lost_is_told_at_its_return(one_desk):
    await begun(one_desk, pace="daily", at="09:00")
    chat = Chat()
    post = Post(one_desk, chat)
    await post.presence.lost("console", "channel", "console", "403")
    chat.shut["console"] = DeliveryError("403", lost="channel")
    await poll(one_desk, (*FIRMS, CHIP_FIRM))
    await post.drain(timedelta(minutes=1))
    await post.presence.deliver_letters()
    chat.shut.clear()
    await post.presence.regained("console", "channel", "console")
    await post.drain(timedelta(hours=1))
    assert await told(one_desk, post, chat) == 1


async def test_a_hit_in_a_roundup_of_which_nobody_knows_is_told(one_desk):
    await begun(one_desk)
    chat = Chat(DeliveryError("time-out after sending", unknown=True), can_tell=False)
    post = Post(one_desk, chat, Burst(singles=0))
    await poll(one_desk, (*FIRMS, CHIP_FIRM))
    assert await post.drain() == ["retry"]
    assert await post.drain(timedelta(hours=1)) == ["unknown"]
    assert await told(one_desk, post, chat) == 1


async def test_a_hit_of_a_story_that_the_channel_has_muted_is_not_told(one_desk):
    await begun(one_desk, **EVENING)
    chat = Chat()
    post = Post(one_desk, chat)
    await poll(one_desk, (*FIRMS, CHIP_FIRM))
    await post.drain()
    await mute(one_desk, (await ids(one_desk))[0])
    await post.drain(timedelta(hours=9))
    assert await told(one_desk, post, chat) == 0


async def test_a_letter_says_all_and_waits_for_the_end_of_the_quiet_hours(one_desk):
    await begun(one_desk)
    post = Post(one_desk, Chat(), Burst(singles=0))
    await poll(one_desk, (*FIRMS, CHIP_FIRM))
    began = one_desk.now
    post.clock.set(began)
    assert await one_desk.store.write(post.outbox._claim)  # the story is in a roundup before the quiet begins
    await order(one_desk, **EVENING)
    await post.drain()
    query = sa.select(schema.letters.c.facts, schema.letters.c.due_at, schema.letters.c.at)
    (letter,) = await one_desk.store.read(lambda conn: list(conn.execute(query)))
    assert (letter.at, letter.due_at) == (began, began.replace(hour=20, minute=0))
    assert (letter.facts["list"], letter.facts["url"]) == ("EL", "https://wire.example/list")
