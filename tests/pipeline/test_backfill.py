"""After an outage: what was missed is told oldest first while it is news, and the rest is filed without a word."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from bot.cards.alert import reply_card
from bot.errors import SourceError
from bot.model import State
from bot.store import schema, stories
from tests.pipeline.desk import START, Desk, Wire, news

SUBJECTS = (
    "US tightens licence rules for Nvidia H20 chip exports to China",
    "Malaysia requires permits for transit of AMD MI308X accelerators",
    "Commerce adds Inspur units to the Entity List over supercomputers",
    "Netherlands limits servicing of ASML immersion tools in China",
)


def missed(desk: Desk, n: int, days: float):
    document = news(str(n), SUBJECTS[n])
    return replace(document, published=desk.now - timedelta(days=days))


async def out_for(desk: Desk, days: float) -> Desk:
    desk.intake.news_age = timedelta(days=3)
    await desk.poll(news("known", "US eases rules for Nvidia A100 chips to Malaysia"))
    desk.now += timedelta(days=days)
    return desk


async def test_after_a_day_all_of_it_is_still_news_and_comes_oldest_first(desk):
    await out_for(desk, 1)
    outcome = await desk.poll(missed(desk, 0, 0.1), missed(desk, 1, 0.9), missed(desk, 2, 0.5))
    assert [taken.change.document.key for taken in outcome.changes] == ["1", "2", "0"]
    assert [revision.story.head.key for revision in outcome.revisions] == ["1", "2", "0"]
    assert [revision.op.value for revision in outcome.revisions] == ["post"] * 3


async def test_after_a_month_what_is_old_is_stored_judged_and_in_its_story_but_not_posted(desk):
    await out_for(desk, 30)
    outcome = await desk.poll(missed(desk, 0, 1), missed(desk, 1, 20), missed(desk, 2, 4))
    assert [taken.change.document.key for taken in outcome.changes] == ["1", "2", "0"]
    assert all(taken.story for taken in outcome.changes)
    assert all(taken.assessment.relevant for taken in outcome.changes)
    assert [revision.story.head.key for revision in outcome.revisions] == ["0"]
    assert await desk.count(schema.changes) == 3
    assert await desk.count(schema.documents) == 4
    assert await desk.count(schema.deliveries) == 1


async def test_a_filed_story_that_grows_by_news_is_posted_whole(desk):
    await out_for(desk, 30)
    await desk.poll(missed(desk, 0, 20))
    fresh = replace(news("n", SUBJECTS[0] + " again"), published=desk.now)
    outcome = await desk.poll(missed(desk, 0, 20), fresh)
    (revision,) = outcome.revisions
    assert (revision.op.value, revision.number) == ("post", 1)
    assert {member.key for member in revision.story.members} == {"0", "n"}


async def test_what_is_filed_into_a_story_that_was_told_edits_nothing(desk):
    await out_for(desk, 0)
    await desk.poll(replace(news("n", SUBJECTS[0]), published=desk.now))
    desk.now += timedelta(days=5)
    late = replace(news("l", SUBJECTS[0] + ", officials say"), published=desk.now - timedelta(days=4))
    outcome = await desk.poll(late)
    (taken,) = outcome.changes
    assert taken.story is not None
    assert outcome.revisions == ()
    seats = await desk.store.read(lambda conn: stories.seats(conn, taken.story))
    assert {seat.member.key for seat in seats} == {"n", "l"}


async def test_without_an_outage_a_late_find_is_news(desk):
    await out_for(desk, 0)
    outcome = await desk.poll(missed(desk, 0, 20))
    assert len(outcome.revisions) == 1


async def test_a_day_without_an_hour_is_old_only_once_it_is_over(desk):
    await out_for(desk, 30)
    today = (desk.now + timedelta(minutes=30)).date()
    just = replace(news("0", SUBJECTS[0]), published=today - timedelta(days=3))
    past = replace(news("1", SUBJECTS[1]), published=today - timedelta(days=4))
    bare = replace(news("2", SUBJECTS[2]), published=None)
    outcome = await desk.poll(just, past, bare)
    assert {revision.story.head.key for revision in outcome.revisions} == {"0", "2"}


async def test_an_amendment_is_as_old_as_the_publisher_says_it_is(desk):
    desk.intake.news_age = timedelta(days=3)
    first = replace(news("0", SUBJECTS[0]), published=date(2026, 5, 1))
    await desk.poll()
    await desk.poll(first, replace(news("1", SUBJECTS[1]), published=date(2026, 5, 1)))
    desk.now += timedelta(days=30)
    old = replace(first, summary="Referred to committee.", updated=date(2026, 6, 10))
    fresh = replace(
        news("1", "Malaysia drops permits for transit of AMD MI308X accelerators"),
        published=date(2026, 5, 1),
        updated=desk.now.date(),
    )
    outcome = await desk.poll(old, fresh)
    assert len(outcome.changes) == 2
    assert {revision.story.head.key for revision in outcome.revisions} == {"1"}


async def test_a_replay_knows_no_age(desk):
    await out_for(desk, 30)
    desk.intake.news_age = None
    outcome = await desk.poll(missed(desk, 0, 29))
    assert len(outcome.revisions) == 1
    (found,) = await desk.store.read(lambda conn: conn.execute(sa.select(schema.alerts.c.number)).scalars().all())
    assert found == 1


@pytest.mark.parametrize(("late", "told"), [(timedelta(hours=5), ["0"]), (timedelta(hours=7), [])])
async def test_a_pause_that_the_schedule_foresees_is_no_outage(one_desk, late, told):
    """The source is asked once a week: what was published six days ago is news unless that poll was missed."""
    desk = one_desk
    desk.source = Wire(id="wire", name="Wire", cron="0 13 * * mon", timezone="UTC")
    desk.intake.news_age = timedelta(days=3)
    await desk.poll(news("known", "US eases rules for Nvidia A100 chips to Malaysia"))
    assert (await desk.state()).next_poll_at == START + timedelta(hours=1)
    desk.now = START + timedelta(hours=0.5)
    await desk.unchanged()
    assert (await desk.state()).next_poll_at == START + timedelta(days=7, hours=1)
    desk.now = START + timedelta(days=7, hours=0.5) + late
    outcome = await desk.poll(missed(desk, 0, 6))
    assert [taken.change.document.key for taken in outcome.changes] == ["0"]
    assert [revision.story.head.key for revision in outcome.revisions] == told


async def test_a_failing_source_s_outage_begins_where_it_was_due(one_desk):
    desk = one_desk
    await out_for(desk, 0.2)
    await desk.poll(error=SourceError("timeout"))
    desk.now += timedelta(hours=3)
    outcome = await desk.poll(missed(desk, 0, 6))
    assert outcome.changes
    assert outcome.revisions == ()


@pytest.mark.parametrize("state", [State.WITHDRAWN, State.CORRECTED])
@pytest.mark.parametrize("days", [0, 5])
async def test_that_a_document_is_taken_back_or_corrected_is_news_whenever_it_is_seen(one_desk, state, days):
    desk = one_desk
    await out_for(desk, 0)
    old = replace(news("old", SUBJECTS[0]), published=date(2026, 1, 5))
    posted = await desk.poll(old)
    assert [revision.op.value for revision in posted.revisions] == ["post"]
    desk.now += timedelta(days=days)
    outcome = await desk.poll(replace(old, state=state))
    rise = "withdrawn" if state is State.WITHDRAWN else "correction"
    assert [(revision.op.value, revision.rise) for revision in outcome.revisions] == [
        ("edit", (rise,)),
        ("reply", (rise,)),
    ]
    card = reply_card(outcome.revisions[-1])
    assert any(rise.removesuffix("ion") in span.text for span in card.title)


@pytest.mark.parametrize("state", [State.WITHDRAWN, State.CORRECTED])
async def test_what_nobody_was_told_is_not_told_because_it_is_taken_back_or_corrected(one_desk, state):
    desk = one_desk
    desk.intake.news_age = timedelta(days=3)
    before = replace(news("before", SUBJECTS[1]), published=date(2026, 1, 5))
    await desk.poll(before)  # the baseline
    desk.now += timedelta(days=30)
    filed = missed(desk, 0, 20)
    assert (await desk.poll(before, filed)).revisions == ()
    outcome = await desk.poll(replace(before, state=state), replace(filed, state=state))
    assert len(outcome.changes) == 2
    assert outcome.revisions == ()


@pytest.mark.parametrize("handled", [None, date(2026, 1, 9)])
async def test_an_amendment_of_which_the_publisher_gives_no_new_day_happened_since_the_last_poll(one_desk, handled):
    desk = one_desk
    await out_for(desk, 0)
    old = replace(news("old", SUBJECTS[0]), published=date(2026, 1, 5), updated=handled)
    await desk.poll(old)
    desk.now += timedelta(days=5)
    outcome = await desk.poll(replace(old, title=SUBJECTS[0].replace("H20", "H20 and B30A")))
    assert [(revision.op.value, revision.rise) for revision in outcome.revisions] == [
        ("edit", ("fact",)),
        ("reply", ("fact",)),
    ]
