"""Orders, stories, revisions, mutes, losses and clock steps at random, against a simple model of what each channel
should have been told by the end: every story that it wants, once, and nothing else."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import sqlalchemy as sa
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bot.errors import DeliveryError
from bot.store import mutes, schema, subscriptions
from bot.store.engine import Store
from tests.delivery.chat import Chat, Post
from tests.pipeline.desk import Desk, later, news

TITLES = [
    "US tightens licence rules for Nvidia H20 chip exports to China",
    "China bars ByteDance from buying Nvidia RTX Pro 6000D chips",
    "Malaysia requires a permit for exports of US AI chips",
    "Dutch government tightens licence rules for ASML chip-making equipment exports to China",
    "Commerce Department adds 12 Chinese server makers to the Entity List over Nvidia AI chips",
    "AMD says US will review licence applications for MI308 exports to China",
]
ORDERS: dict[str, dict[str, object]] = {
    "all": {"bundle": False},
    "busy": {},
    "night": {"quiet": ["22:00", "07:00"]},
    "daily": {"pace": "daily", "at": "09:00"},
    "never": {"destinations": ["AQ"]},
}
STEPS = st.one_of(
    st.tuples(st.just("story"), st.integers(0, len(TITLES) - 1)),
    st.tuples(st.just("grow"), st.integers(0, len(TITLES) - 1)),
    st.tuples(st.just("clock"), st.integers(1, 20)),
    st.tuples(st.just("lose"), st.sampled_from(sorted(ORDERS))),
    st.tuples(st.just("regain"), st.sampled_from(sorted(ORDERS))),
    st.tuples(st.just("fail"), st.integers(1, 3)),
    st.tuples(st.just("mute"), st.tuples(st.sampled_from(sorted(ORDERS)), st.integers(0, len(TITLES) - 1))),
    st.tuples(st.just("pause"), st.sampled_from(sorted(ORDERS))),
    st.tuples(st.just("resume"), st.sampled_from(sorted(ORDERS))),
)


@dataclass
class Model:
    """What a channel should have been told: stories that it had not muted and that appeared while it was not paused.
    `maybe` are those that a mute met when they had appeared, which may have gone out before or not, and those that
    appeared in a pause, which come later if they grow."""

    told: dict[str, set[int]] = field(default_factory=lambda: {name: set() for name in ORDERS})
    muted: set[tuple[str, int]] = field(default_factory=set)
    paused: set[str] = field(default_factory=set)
    maybe: dict[str, set[int]] = field(default_factory=lambda: {name: set() for name in ORDERS})
    seen: set[int] = field(default_factory=set)

    def story(self, number: int) -> None:
        if number in self.seen:
            return
        self.seen.add(number)
        for name in set(ORDERS) - {"never"}:
            if (name, number) not in self.muted:
                (self.maybe if name in self.paused else self.told)[name].add(number)

    def mute(self, channel: str, number: int) -> None:
        self.muted.add((channel, number))
        self.maybe[channel] |= self.told[channel] & {number}


async def run(steps: list[tuple[str, object]], folder: str) -> None:
    store = await Store.open(f"sqlite:///{folder}/model.db", scratch=True)
    desk = await Desk(store).open()
    await desk.poll()
    await store.write(lambda conn: conn.execute(schema.subscriptions.delete()) and None)
    numbers = {name: await desk.subscribe(name, **order) for name, order in ORDERS.items()}
    chat, model = Chat(), Model()
    post = Post(desk, chat)
    shown = [news("old", "New recipes for potato salad")]
    for what, value in steps:
        if what == "story" and isinstance(value, int):
            shown.append(news(f"s{value}", TITLES[value]))
            model.story(value)
        elif what == "grow" and isinstance(value, int) and value in model.seen:
            shown.append(later(news(f"g{len(shown)}", TITLES[value]), 1))
        elif what == "clock" and isinstance(value, int):
            desk.now += timedelta(hours=value)
        elif what == "lose":
            chat.shut[str(value)] = DeliveryError("gone", lost="channel")
        elif what == "regain" and str(value) in chat.shut:
            del chat.shut[str(value)]
            await post.drain()
            await post.presence.regained("console", "channel", str(value))
        elif what == "fail" and isinstance(value, int):
            chat.troubles += [DeliveryError("503")] * value
        elif what == "mute" and isinstance(value, tuple) and value not in model.muted:
            model.mute(*value)
            mute = partial(mutes.turn_channel, platform="console", channel=value[0], story=STORY_IDS[value[1]])
            await store.write(partial(mute, who="me", at=desk.now))
        elif what == "pause" and str(value) not in model.paused | set(chat.shut):
            model.paused.add(str(value))
            await store.write(partial(subscriptions.pause, id_=numbers[str(value)], at=desk.now, reason="a manager"))
        elif what == "resume" and str(value) in model.paused:
            model.paused.remove(str(value))
            await store.write(partial(subscriptions.resume, id_=numbers[str(value)]))
        await desk.poll(*{document.key: document for document in shown}.values())
        await post.drain()
    for name in model.paused:
        await store.write(partial(subscriptions.resume, id_=numbers[name]))
    await _settle(desk, post, chat)
    for name in ORDERS:
        _compare(name, chat, model)
    query = sa.select(schema.deliveries.c.state).distinct()
    assert set(await store.read(lambda conn: list(conn.execute(query).scalars()))) <= {"sent", "superseded"}
    assert len(await store.read(subscriptions.active)) == len(ORDERS)
    await store.close()


async def _settle(desk: Desk, post: Post, chat: Chat) -> None:
    """Everything is mended, and two days pass."""
    for channel in list(chat.shut):
        del chat.shut[channel]
        await post.presence.regained("console", "channel", channel)
    for _ in range(16):
        desk.now += timedelta(hours=3)
        await post.drain()


def _compare(name: str, chat: Chat, model: Model) -> None:
    keys = Counter(key for op, channel, key in chat.posted if channel == name and op != "edit")
    assert not [key for key, count in keys.items() if count > 1], "a message stands there twice"
    found: Counter[int] = Counter()
    for op, message in chat.messages:
        if message.channel == name and op == "post":
            for number in range(len(TITLES)):
                found[number] += _names(message.facts, number)
        elif message.channel == name and op == "edit" and "gathering" in message.facts:
            for number in range(len(TITLES)):
                found[number] = max(found[number], _names(message.facts, number))
    wanted, allowed = model.told[name] - model.maybe[name], model.told[name] | model.maybe[name]
    assert wanted <= {number for number, count in found.items() if count}
    assert {number for number, count in found.items() if count} <= allowed


def _names(facts: dict[str, object], number: int) -> int:
    """Whether a message names a story, by its first document's or its own id."""
    return int(f"/s{number}'" in str(facts.get("documents")) or STORY_IDS[number] in str(facts.get("stories")))


def _ids() -> list[str]:
    from bot.pipeline.stories import story_id

    return [story_id("wire", f"s{number}") for number in range(len(TITLES))]


STORY_IDS = _ids()


@example([("lose", "all"), ("mute", ("all", 0)), ("story", 1), ("story", 0)])
@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(STEPS, min_size=3, max_size=9))
def test_every_channel_is_told_what_it_wants_once_whatever_happens(steps):
    with TemporaryDirectory() as folder:
        asyncio.run(run(steps, str(Path(folder))))
