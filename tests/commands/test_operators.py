"""What operators do in chat: let go what is held, send once more what did not arrive."""

from datetime import timedelta

import sqlalchemy as sa

from bot.store import held_documents, schema, subscriptions
from tests.commands.conftest import MANAGER, NOW, OPERATOR, words

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
        "urgency": 1,
        "state": "gave_up", "due_at": NOW, "created_at": NOW - timedelta(hours=1), "reason": "50035 no",
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
