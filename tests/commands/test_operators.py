"""What operators do in chat: let go what is held, take back what was wrong, send once more what did not arrive."""

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.locale.catalogue import LANGUAGES, catalogue
from bot.store import audit, corrections, held, held_documents, schema, subscriptions
from bot.store import sources as source_states
from tests.commands.conftest import MANAGER, MEMBER, NOW, OPERATOR, words
from tests.pipeline.desk import news

GATES = {"do": "drop", "number": "1"}


async def waits(store):
    return await store.read(lambda conn: [each.id for each in held_documents.waiting(conn)])


async def test_what_is_held_is_listed_with_buttons_that_let_it_go_or_end_it(desk, asking, store):
    for key in ("a", "b"):
        await store.write(lambda conn, key=key: held_documents.hold(conn, "wire", key, "dateline", "5 Oct 2023", NOW))
    refused = await desk.answer(asking(person=MANAGER), "chipwatch-admin.held", GATES)
    assert "operators" in words(refused)
    assert len(await waits(store)) == 2
    reply = await desk.answer(asking(person=OPERATOR), "chipwatch-admin.held")
    assert "2 things are held back" in words(reply)
    assert "5 Oct 2023" in words(reply)
    drop = next(b for b in reply.cards[0].buttons if dict(b.values) == {"do": "drop", "number": "1"})
    said = await desk.answer(asking(person=OPERATOR), drop.action, dict(drop.values))
    assert "is dropped" in words(said)
    assert await waits(store) == [2]
    again = await desk.answer(asking(person=OPERATOR), drop.action, dict(drop.values))
    assert "No held document 1" in words(again)
    assert "Nothing is held of wire" in words(
        await desk.answer(asking(person=OPERATOR), "chipwatch-admin.held", {"do": "release", "source": "wire"})
    )


async def test_what_did_not_arrive_is_listed_and_sent_once_more(desk, asking, store):
    order = await store.write(lambda conn: subscriptions.add(conn, "console", "far", {}, NOW, "test"))
    row = {
        "story": "s-000000000001", "number": 9, "subscription": order, "platform": "console", "op": "post",
        "urgency": 1, "state": "gave_up", "due_at": NOW, "created_at": NOW - timedelta(hours=1), "reason": "50035 no",
    }  # fmt: skip
    (number,) = await store.write(
        lambda conn: conn.execute(schema.deliveries.insert().values(**row)).inserted_primary_key
    )
    reply = await desk.answer(asking(person=OPERATOR), "chipwatch-admin.deliveries")
    assert "50035 no" in words(reply)
    assert "given up" in words(reply)
    (retry,) = reply.cards[0].buttons
    assert "tried once more" in words(await desk.answer(asking(person=OPERATOR), retry.action, dict(retry.values)))
    state = sa.select(schema.deliveries.c.state).where(schema.deliveries.c.id == number)
    assert await store.read(lambda conn: conn.execute(state).scalar_one()) == "due"
    cancel = {"do": "cancel", "number": str(number)}
    assert "will not go out" in words(await desk.answer(asking(person=OPERATOR), "chipwatch-admin.deliveries", cancel))
    missing = {"do": "retry", "number": "424242"}
    assert "424242 is out" in words(await desk.answer(asking(person=OPERATOR), "chipwatch-admin.deliveries", missing))


def redated(key):
    return replace(news(key, "US bans export of Nvidia RTX 4090 chips to China from today"),
                   url=f"https://wire.example/2023/10/17/{key}")  # fmt: skip


async def test_what_is_released_in_chat_is_told_once_and_leaves_a_line(desk, asking, services, store, wire):
    services.sources, woken = {"wire": wire.source}, []
    services.wake = lambda: woken.append(1)
    await wire.poll(redated("a"))
    assert await wire.count(schema.deliveries) == 0
    reply = await desk.answer(asking(person=OPERATOR), "chipwatch-admin.held")
    release = next(button for button in reply.cards[0].buttons if ("do", "release") in button.values)
    for person in (MEMBER, MANAGER):
        assert "operators" in words(await desk.answer(asking(person=person), release.action, dict(release.values)))
    assert await wire.count(schema.deliveries) == 0
    said = await desk.answer(asking(person=OPERATOR), release.action, dict(release.values))
    assert "is released" in words(said)
    assert await wire.count(schema.deliveries, schema.deliveries.c.op == "post") == 1
    assert woken
    assert await waits(store) == []
    again = await desk.answer(asking(person=OPERATOR), release.action, dict(release.values))
    assert "No held document" in words(again)
    assert await wire.count(schema.deliveries) == 1
    assert [line["action"] for line in await store.read(audit.lines)] == ["document.released"]


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_source_that_rests_is_said_to_rest_wherever_sources_are_shown(desk, asking, store, wire, language):
    rests = {"error": source_states.RESTS, "error_detail": "set fetch.contact"}
    await store.write(lambda conn: source_states.save(conn, "wire", **rests))
    asked, rest = asking(language, person=OPERATOR), catalogue(language).text("sources.health.resting")
    (card,) = (await desk.answer(asked, "chip.sources")).cards
    assert card.table.rows[0][1] == rest
    assert rest in words(await desk.answer(asked, "chipwatch-admin.source", {"source": "wire"}))
    pulse = words(await desk.answer(asked, "chip.pulse"))
    assert catalogue(language).text("pulse.resting", n=1) in pulse


async def test_a_held_change_of_a_source_is_released_in_chat(desk, asking, store, wire):
    await store.write(lambda conn: held.hold(conn, "wire", ["a", "b"], "half of it is new", NOW))
    reply = await desk.answer(asking(person=OPERATOR), "chipwatch-admin.held")
    assert "half of it is new" in words(reply)
    seen = await desk.answer(asking(person=OPERATOR), "chipwatch-admin.source", {"source": "wire"})
    for release, drop in (reply.cards[0].buttons, seen.cards[0].buttons):
        assert (release.action, drop.action) == ("chipwatch-admin.held", "chipwatch-admin.held")
        assert (("do", "release") in release.values, ("do", "drop") in drop.values) == (True, True)
        await desk.answer(asking(person=OPERATOR), release.action, dict(release.values))
        assert await store.read(held.waiting) == []
        await store.write(lambda conn: held.hold(conn, "wire", ["a", "b"], "half of it is new", NOW))
    assert [line["action"] for line in await store.read(audit.lines)] == ["held.released", "held.released"]


async def test_a_story_taken_back_in_chat_is_corrected_where_it_stands(desk, asking, services, store, wire):
    woken = []
    services.wake = lambda: woken.append(1)
    story = (await wire.poll(news("1"))).changes[0].story
    sent = schema.deliveries.update().values(state="sent", sent_at=NOW, message_channel="console", message="m1")
    await store.write(lambda conn: conn.execute(sent))
    given = {"do": "retract", "story": story, "cause": "redated"}
    for person in (MEMBER, MANAGER):
        assert "operators" in words(await desk.answer(asking(person=person), "chipwatch-admin.story", given))
    assert "cause" in words(await desk.answer(asking(person=OPERATOR), "chipwatch-admin.story", given | {"cause": ""}))
    assert await store.read(corrections.listing) == []
    said = await desk.answer(asking(person=OPERATOR), "chipwatch-admin.story", given)
    assert "is taken back" in words(said)
    (correction,) = await store.read(corrections.listing)
    assert (correction.story, correction.cause) == (story, "redated")
    ops = sa.select(schema.deliveries.c.op).where(schema.deliveries.c.state == "due").order_by(schema.deliveries.c.op)
    assert await store.read(lambda conn: list(conn.execute(ops).scalars())) == ["edit", "reply"]
    assert woken
    assert "already" in words(await desk.answer(asking(person=OPERATOR), "chipwatch-admin.story", given))
    assert len(await store.read(corrections.listing)) == 1
    assert [line["action"] for line in await store.read(audit.lines)] == ["story.retract"]
