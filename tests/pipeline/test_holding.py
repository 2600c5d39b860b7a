"""An old article under a new date is held from the channels until an operator has spoken."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.errors import UserError
from bot.pipeline import holding
from bot.store import audit, held_documents, notices, schema
from tests.pipeline.desk import START, news

TITLE = "US bans export of Nvidia RTX 4090 chips to China from today"


def redated(key: str):
    return replace(news(key, TITLE), url=f"https://wire.example/2023/10/17/{key}")


@pytest.fixture
async def held(desk):
    """A desk on which one re-dated article has just been found."""
    await desk.poll()
    outcome = await desk.poll(redated("a"))
    assert [(n.notice, "2023-10-17" in n.detail) for n in outcome.notices] == [("held", True)]
    assert [taken.story for taken in outcome.changes] == [None]
    return desk


async def test_it_is_stored_and_listed_and_not_told(held):
    assert await held.count(schema.documents) == 1
    assert await held.count(schema.deliveries) == 0
    (row,) = await held.store.read(held_documents.waiting)
    assert (row.source, row.key, row.reason, row.detail) == ("wire", "a", "address", "2023-10-17")
    (notice,) = await held.store.read(lambda conn: notices.since(conn, START))
    assert (notice.notice, notice.source, notice.at) == ("held", "wire", held.now)


async def test_an_operator_releases_it_and_it_is_told_once(held):
    (row,) = await held.store.read(held_documents.waiting)
    release: Any = [held.source], held.now, "olga", lambda facts, at: []
    told = await held.store.write(lambda conn: holding.release(conn, row.id, *release))
    assert [revision.op.value for revision in told] == ["post"]
    assert await held.count(schema.deliveries) == 1
    with pytest.raises(UserError):
        await held.store.write(lambda conn: holding.release(conn, row.id, *release))
    amended = await held.poll(replace(redated("a"), summary="The Commerce Department confirmed it."))
    assert [taken.story for taken in amended.changes] == [told[0].story.id]
    assert (await held.store.read(audit.lines))[0]["action"] == "document.released"


@pytest.mark.parametrize("dropped", [False, True])
async def test_an_amendment_does_not_free_it(held, dropped):
    if dropped:
        (row,) = await held.store.read(held_documents.waiting)
        await held.store.write(lambda conn: holding.drop(conn, row.id, held.now, "olga"))
    outcome = await held.poll(replace(redated("a"), summary="Updated today."))
    assert [taken.story for taken in outcome.changes] == [None]
    assert await held.count(schema.deliveries) == 0


async def test_what_is_as_old_as_its_date_or_about_something_else_is_not_held(desk):
    await desk.poll()
    fresh = replace(news("a"), url=f"https://wire.example/{START:%Y/%m/%d}/a")
    recipe = replace(news("b", "New recipes for potato salad"), url="https://wire.example/2019/01/02/b")
    outcome = await desk.poll(fresh, recipe)
    assert outcome.notices == ()
    assert await desk.store.read(held_documents.waiting) == []


async def test_an_operator_s_word_on_a_change_is_kept_with_his_name_and_asked_for_once(one_desk):
    await one_desk.poll(*(news(f"a{n}") for n in range(20)))
    await one_desk.poll(*(news(f"b{n}", aliases=()) for n in range(20)))
    settle: Any = "wire", "dropped", one_desk.now, "olga"
    await one_desk.store.write(lambda conn: holding.settle_change(conn, *settle))
    (line,) = await one_desk.store.read(audit.lines)
    assert (line["at"], line["who"], line["action"], line["subject"]) == (one_desk.now, "olga", "held.dropped", "wire")
    with pytest.raises(UserError, match="nothing_held"):
        await one_desk.store.write(lambda conn: holding.settle_change(conn, *settle))
    outcome = await one_desk.poll(*(news(f"b{n}", aliases=()) for n in range(20)))
    assert [notice.detail for notice in outcome.notices] == ["what was held was dropped by an operator"]
    assert await one_desk.count(schema.deliveries) == 0
