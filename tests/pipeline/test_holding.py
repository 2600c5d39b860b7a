"""An old article under a new date is held from the channels until an operator has spoken."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from bot.errors import UserError
from bot.pipeline import holding
from bot.store import audit, held_documents, notices, schema
from bot.store.engine import Store
from tests.pipeline.desk import START, Desk, news

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


OLD_NEWS = replace(
    news("a", TITLE), url="https://wire.example/a", published=date(2023, 10, 18), summary="It is banned from today."
)


async def known_before(desk, article=OLD_NEWS):
    """A desk that has known an article since its first poll."""
    await desk.poll(article, news("other", "New recipes for potato salad"))
    return desk


async def told_of(desk, article):
    """The revisions and notices of an amendment, which is stored whatever comes of it."""
    outcome = await desk.poll(article)
    assert [taken.change.kind.value for taken in outcome.changes] == ["amended"]
    return [revision.op.value for revision in outcome.revisions], [notice.notice for notice in outcome.notices]


@pytest.mark.parametrize("published", [date(2023, 10, 18), START.date(), None])
async def test_a_word_that_changes_in_an_article_known_since_the_baseline_is_no_news(one_desk, published):
    article = replace(OLD_NEWS, published=published)
    desk = await known_before(one_desk, article)
    assert await told_of(desk, replace(article, summary="It is banned as of today.")) == ([], [])
    assert await desk.count(schema.stories) == 0


async def test_an_article_known_since_the_baseline_that_is_redated_is_held(one_desk):
    desk = await known_before(one_desk)
    redated = replace(OLD_NEWS, published=desk.now, summary="It is banned as of today.")
    assert await told_of(desk, redated) == ([], ["held"])
    (row,) = await desk.store.read(held_documents.waiting)
    assert (row.key, row.reason, row.detail) == ("a", "former date", "2023-10-18")
    assert await told_of(desk, replace(redated, summary="Effective immediately it is banned.")) == ([], [])


@pytest.mark.parametrize(("days", "told"), [(13, (["post"], [])), (15, ([], ["held"]))])
async def test_an_article_that_tells_another_thing_than_at_the_baseline_is_news_for_a_fortnight(one_desk, days, told):
    article = replace(OLD_NEWS, title="Export ban on chips weighed", published=START.date() - timedelta(days=days))
    desk = await known_before(one_desk, article)
    assert await told_of(desk, replace(article, title=TITLE)) == told


@pytest.mark.parametrize(("days", "told"), [(13, (["post"], [])), (15, ([], ["held"]))])
async def test_an_article_without_a_date_is_as_old_as_its_first_reading(one_desk, days, told):
    article = replace(OLD_NEWS, title="Export ban on chips weighed", published=None)
    desk = await known_before(one_desk, article)
    desk.now += timedelta(days=days)
    assert await told_of(desk, replace(article, title=TITLE)) == told
    assert [row.reason for row in await desk.store.read(held_documents.waiting)] == ["first reading"] * len(told[1])


async def test_an_old_address_holds_an_amendment_too(one_desk):
    article = replace(redated("a"), title="New recipes for potato salad")
    desk = await known_before(one_desk, article)
    assert await told_of(desk, redated("a")) == ([], ["held"])


async def test_an_official_text_known_since_the_baseline_is_told_when_its_words_change(tmp_path):
    store = await Store.open(f"sqlite:///{tmp_path}/store.db", scratch=True)
    desk = await known_before(await Desk(store, trust="official").open())
    assert await told_of(desk, replace(OLD_NEWS, summary="It is banned as of today.")) == (["post"], [])
    await store.close()


async def test_an_article_that_was_told_is_edited_however_old_it_is(one_desk):
    await one_desk.poll()
    posted = await one_desk.poll(OLD_NEWS)
    assert posted.revisions
    assert (await told_of(one_desk, replace(OLD_NEWS, title=TITLE.replace("4090", "5090"))))[0] == ["edit", "reply"]
