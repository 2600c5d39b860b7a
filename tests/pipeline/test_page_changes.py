"""A page that changes again and again: each time a happening of its own, told by what is new in it."""

from __future__ import annotations

from datetime import timedelta

from bot.sources.base import source_from
from bot.store import schema
from tests.pipeline.desk import Desk
from tests.sources.test_page import answer

TEXT = """<html lang="en"><head><title>Ministry of Trade</title></head><body><main>
<p>The ministry informs about its work and about the history of the house.</p>{news}</main></body></html>"""
H20 = "<p>From July a licence is required for the export of Nvidia H20 chips to China.</p>"
PERMIT = "<p>From today Malaysia requires an export permit for AI chips of Nvidia and AMD that leave for China.</p>"
SALAD = "<p>The canteen serves potato salad on Mondays.</p>"


async def page_of(desk: Desk) -> Desk:
    desk.source = source_from({"id": "wire", "kind": "page", "url": "https://ministry.example/", "trust": "official"})
    await poll(desk, "")
    return desk


async def poll(desk: Desk, news: str):
    return await desk.poll(*desk.source.read(answer(TEXT.format(news=news), "https://ministry.example/")).documents)


async def test_what_is_new_decides_and_not_the_page_around_it(desk):
    await page_of(desk)
    salad = await poll(desk, SALAD)
    assert [taken.story for taken in salad.changes] == [None]
    outcome = await poll(desk, SALAD + H20)
    (taken,) = outcome.changes
    assert (taken.change.kind.value, taken.change.added) == ("amended", 1)
    assert taken.change.document.key == "ministry.example"
    assert "H20" in taken.assessment.chips
    assert [revision.op.value for revision in outcome.revisions] == ["post"]


async def test_two_changes_of_one_page_are_two_stories(desk):
    await page_of(desk)
    first = await poll(desk, H20)
    desk.now += timedelta(days=20)
    second = await poll(desk, H20 + PERMIT)
    assert [revision.op.value for revision in (*first.revisions, *second.revisions)] == ["post", "post"]
    assert first.changes[0].story != second.changes[0].story
    assert second.revisions[0].story.head.title.startswith("Ministry of Trade: From today Malaysia requires")


async def test_a_page_that_goes_on_with_one_happening_goes_on_with_its_story(desk):
    await page_of(desk)
    first = await poll(desk, H20)
    more = H20.replace("From July", "The ministry adds that from July")
    second = await poll(desk, H20 + more)
    assert first.changes[0].story == second.changes[0].story
    assert [revision.op.value for revision in second.revisions][:1] == ["edit"]
    assert len(second.revisions[0].story.members) == 2


async def test_a_page_as_it_was_changes_nothing(desk):
    await page_of(desk)
    await poll(desk, H20)
    again = await poll(desk, H20)
    assert again.changes == ()
    assert await desk.count(schema.deliveries) == 1
