"""A letter to a workspace's managers: through the first door that opens, tried again where that helps, told once."""

from __future__ import annotations

from datetime import datetime

import pytest
import sqlalchemy as sa

from bot.delivery.presence import LEASE, LONGEST_WAIT, MOST_TRIES
from bot.errors import DeliveryError
from bot.store import schema
from tests.delivery.chat import Chat, Post
from tests.delivery.test_presence import GONE, at_home
from tests.pipeline.desk import Desk

DOWN = DeliveryError("503 come back")
L = schema.letters.c


async def lost(desk: Desk, chat: Chat, **home: tuple[str, ...]) -> Post:
    """A workspace whose channel was lost; nobody has been told."""
    post = Post(desk, chat)
    await at_home(desk, post, **home)
    await post.presence.lost("console", "channel", "console", "gone")
    return post


async def letter(desk: Desk) -> tuple[str | None, datetime | None]:
    query = sa.select(L.outcome, L.due_at)
    row = await desk.store.read(lambda conn: conn.execute(query).one())
    return row.outcome, row.due_at


async def test_a_letter_is_tried_later_and_later_and_in_the_end_left(one_desk):
    chat = Chat()
    chat.shut = {"mods": DOWN}
    post = await lost(one_desk, chat, fallbacks=("mods",))
    owner_away = schema.workspaces.update().values(added_by=None)
    await one_desk.store.write(lambda conn: conn.execute(owner_away))
    waits = []
    for _ in range(MOST_TRIES - 1):
        assert await post.presence.deliver_letters() == 0
        outcome, due_at = await letter(one_desk)
        assert outcome is None
        assert due_at is not None
        waits.append(due_at - post.clock.now())
        assert await post.presence.deliver_letters() == 0
        post.clock.set(due_at)
    assert waits[:8] == [LEASE * 2**n for n in range(8)]
    assert set(waits[8:]) == {LONGEST_WAIT}
    assert await post.presence.deliver_letters() == 1
    assert await letter(one_desk) == ("nobody", None)


@pytest.mark.parametrize("trouble", [GONE, DeliveryError("50007", permanent=True)])
async def test_where_no_door_will_ever_open_it_is_left_at_once(one_desk, trouble):
    chat = Chat()
    chat.shut = {"mods": trouble}
    post = await lost(one_desk, chat, fallbacks=("mods",))
    await one_desk.store.write(lambda conn: conn.execute(schema.workspaces.update().values(added_by=None)))
    assert await post.presence.deliver_letters() == 1
    assert await letter(one_desk) == ("nobody", None)


async def test_a_door_that_is_shut_for_a_while_does_not_keep_the_next_from_being_asked(one_desk):
    chat = Chat()
    chat.shut = {"mods": DOWN}
    post = await lost(one_desk, chat, fallbacks=("mods", "hall"))
    assert await post.presence.deliver_letters() == 1
    assert await letter(one_desk) == ("told:hall", None)
    assert chat.told == []


async def test_the_notices_channel_is_asked_first_and_whoever_added_us_last(one_desk):
    chat = Chat()
    post = await lost(one_desk, chat, fallbacks=("person:boss",))
    mods = schema.workspaces.update().values(notices_channel="mods")
    await one_desk.store.write(lambda conn: conn.execute(mods))
    assert await post.presence.deliver_letters() == 1
    assert [channel for _, channel, _ in chat.posted] == ["mods"]
    assert chat.told == []


async def test_a_fallback_may_be_a_person(one_desk):
    chat = Chat()
    post = await lost(one_desk, chat, fallbacks=("person:boss",))
    await post.presence.deliver_letters()
    assert [person for person, _ in chat.told] == ["boss"]
    assert await letter(one_desk) == ("told:person:boss", None)


async def test_where_nobody_knows_whether_it_arrived_it_is_not_written_again(one_desk):
    chat = Chat(DeliveryError("no answer", unknown=True))
    post = await lost(one_desk, chat, fallbacks=("mods", "hall"))
    assert await post.presence.deliver_letters() == 1
    assert await letter(one_desk) == ("unknown:mods", None)
    assert chat.posted == []


async def test_what_arrived_before_the_process_died_is_found_and_not_written_again(one_desk):
    chat = Chat()
    post = await lost(one_desk, chat, fallbacks=("mods",))
    await post.presence.deliver_letters()
    died = schema.letters.update().values(outcome=None, due_at=one_desk.now)
    await one_desk.store.write(lambda conn: conn.execute(died))
    assert await post.presence.deliver_letters() == 1
    assert len(chat.posted) == 1
    assert await letter(one_desk) == ("told:mods", None)


async def test_a_workspace_that_put_us_out_is_told_nothing(one_desk):
    chat = Chat()
    post = await lost(one_desk, chat, fallbacks=("mods",))
    await post.presence.left("console", "W")
    await post.presence.deliver_letters()
    assert chat.posted == []
    assert await letter(one_desk) == ("nobody", None)


async def test_a_letter_waits_for_the_platform_that_it_is_for(one_desk):
    chat = Chat()
    post = await lost(one_desk, chat, fallbacks=("mods",))
    post.presence.platforms = {"another": chat}
    assert await post.presence.deliver_letters() == 0
    assert await letter(one_desk) == (None, post.clock.now())
