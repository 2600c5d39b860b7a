"""One poll, one transaction: what is stored, what is announced, what operators are told."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.errors import SourceError
from bot.model import FOLLOWED, Document, State, Trust
from bot.pipeline.account import Account
from bot.pipeline.editor import Editor
from bot.pipeline.intake import Intake
from bot.pipeline.silence import long_outages, stale_sources
from bot.store import documents, held, schema
from bot.store import ledger as recorded_ledger
from bot.store.engine import Store
from tests.pipeline.desk import Desk, gossip, later, news


async def test_the_first_poll_is_a_baseline_and_announces_nothing(desk):
    outcome = await desk.poll(news("a"), news("b"))
    assert outcome.baseline
    assert outcome.changes == outcome.revisions == ()
    assert await desk.count(schema.documents) == 2
    assert await desk.count(schema.deliveries) == 0


async def test_an_empty_first_poll_does_not_swallow_the_first_document(desk):
    assert (await desk.poll()).baseline
    outcome = await desk.poll(news("a"))
    assert [taken.change.kind.value for taken in outcome.changes] == ["new"]
    assert [revision.op.value for revision in outcome.revisions] == ["post"]
    assert await desk.count(schema.deliveries) == 1


async def test_a_document_without_interest_is_stored_and_logged_but_not_announced(desk):
    await desk.poll()
    outcome = await desk.poll(gossip("a"))
    assert len(outcome.changes) == 1
    assert outcome.changes[0].story is None
    assert await desk.count(schema.changes) == 1
    assert await desk.count(schema.alerts) == 0


async def test_the_validators_never_run_ahead_of_the_documents(desk):
    """A unit of work that dies takes the ETag with it."""
    await desk.poll()
    before = await desk.state()

    def die(name: str) -> None:
        if name == "source":
            raise RuntimeError("power cut")

    desk.intake.step = die
    with pytest.raises(RuntimeError):
        await desk.poll(news("a"))
    desk.intake.editor.forget()
    desk.intake.step = lambda name: None
    assert (await desk.state()).validators == before.validators
    assert await desk.count(schema.documents) == 0
    outcome = await desk.poll(news("a"))
    assert [revision.op.value for revision in outcome.revisions] == ["post"]


async def test_amended_words_keep_the_old_version_and_edit_the_message(desk):
    await desk.poll()
    await desk.poll(news("a"))
    changed = news("a", "US eases licence rules for Nvidia H20 chip exports to China after talks")
    outcome = await desk.poll(changed)
    assert [taken.change.kind.value for taken in outcome.changes] == ["amended"]
    assert "edit" in [revision.op.value for revision in outcome.revisions]
    kept = await desk.store.read(lambda conn: conn.execute(sa.select(schema.versions.c.document)).scalars().all())
    assert [version["title"] for version in kept] == [news("a").title]


async def test_the_same_reading_again_changes_nothing(desk):
    await desk.poll()
    await desk.poll(news("a"))
    outcome = await desk.poll(news("a"))
    assert outcome.changes == outcome.revisions == ()


async def test_a_host_that_changes_its_guids_reposts_nothing(desk):
    items = [news(str(n)) for n in range(20)]
    await desk.poll()
    await desk.poll(*items)
    posted = await desk.count(schema.deliveries)
    flipped = [Document("wire", f"guid-{d.key}", d.title, d.url, d.published, aliases=d.aliases) for d in items]
    outcome = await desk.poll(*flipped)
    assert outcome.changes == outcome.notices == ()
    assert await desk.count(schema.documents) == 20
    assert await desk.count(schema.deliveries) == posted


async def test_twenty_strangers_at_once_are_held_reported_once_and_released_by_an_operator(desk):
    await desk.poll(*[news(str(n)) for n in range(20)])
    strangers = [news(f"x{n}") for n in range(20)]
    first = await desk.poll(*strangers)
    again = await desk.poll(*strangers)
    assert [notice.notice for notice in first.notices] == ["held"]
    assert again.notices == ()
    assert await desk.count(schema.documents) == 20
    assert (await desk.state()).health == "held"
    assert await desk.store.write(lambda conn: held.resolve(conn, "wire", "released", desk.now))
    released = await desk.poll(*strangers)
    assert len(released.changes) == 20
    assert (await desk.state()).health == "ok"


async def test_a_dropped_change_is_stored_silently(desk):
    await desk.poll(*[news(str(n)) for n in range(20)])
    strangers = [news(f"x{n}") for n in range(20)]
    await desk.poll(*strangers)
    await desk.store.write(lambda conn: held.resolve(conn, "wire", "dropped", desk.now))
    outcome = await desk.poll(*strangers)
    assert outcome.changes == ()
    assert await desk.count(schema.documents) == 40
    assert await desk.count(schema.deliveries) == 0


async def test_a_reading_that_comes_back_to_normal_ends_the_hold(desk):
    items = [news(str(n)) for n in range(20)]
    await desk.poll(*items)
    await desk.poll(*[news(f"x{n}") for n in range(20)])
    await desk.poll(*items, news("20"))
    assert (await desk.state()).health == "ok"
    assert await desk.store.read(held.waiting) == []


async def test_an_outage_is_one_notice_and_its_end_another(desk):
    await desk.poll(news("a"))
    told = []
    for _ in range(3):
        told += (await desk.poll(error=SourceError("http_503", "busy"))).notices
    assert [notice.notice for notice in told] == ["outage"]
    state = await desk.state()
    assert (state.failures, state.error, state.health) == (3, "http_503", "failing")
    recovered = await desk.poll(news("a"))
    assert [notice.notice for notice in recovered.notices] == ["recovered"]
    assert (await desk.state()).health == "ok"


async def test_a_challenge_page_is_named_as_one(desk):
    await desk.poll(news("a"))
    outcome = await desk.poll(error=SourceError("challenge", "Just a moment..."))
    assert [notice.notice for notice in outcome.notices] == ["challenge"]
    assert outcome.changes == ()


async def test_retry_after_is_kept_over_a_restart(desk):
    asked = desk.now + timedelta(hours=5)
    await desk.poll(error=SourceError("asked_to_wait", retry_at=asked))
    assert (await desk.state()).next_poll_at >= asked


async def test_a_withdrawn_document_is_told_in_its_story(desk):
    await desk.poll()
    await desk.poll(news("a"))
    outcome = await desk.poll(news("a", state=State.WITHDRAWN))
    assert [taken.change.kind.value for taken in outcome.changes] == ["withdrawn"]
    replies = [revision for revision in outcome.revisions if revision.op.value == "reply"]
    assert replies
    assert "withdrawn" in replies[0].rise


async def test_a_complete_list_that_lacks_a_document_withdraws_it(desk):
    await desk.poll(complete=True)
    await desk.poll(news("a"), news("b"), complete=True)
    outcome = await desk.poll(news("b"), complete=True)
    assert [(taken.change.kind.value, taken.change.document.key) for taken in outcome.changes] == [("withdrawn", "a")]
    assert (await desk.poll(news("b"), complete=True)).changes == ()


async def test_a_source_that_answers_but_says_nothing_for_too_long_is_stale_once(tmp_path):
    store = await Store.open(f"sqlite:///{tmp_path}/store.db", scratch=True)
    desk = await Desk(store, expected_silence=86400).open()
    await desk.poll(news("a"))
    later = desk.now + timedelta(days=2)
    first = await store.write(lambda conn: stale_sources(conn, [desk.source], later))
    again = await store.write(lambda conn: stale_sources(conn, [desk.source], later))
    assert [notice.notice for notice in first] == ["stale"]
    assert again == []
    assert (await desk.state()).health == "stale"
    await desk.poll(news("a"), news("b"))
    assert (await desk.state()).health == "ok"
    await store.close()


async def test_two_workers_that_share_a_store_see_each_others_stories(desk):
    other = Intake(Editor(), Account(chance=random.Random(2)))
    await desk.poll()
    await desk.poll(news("a"))
    desk.intake, first = other, desk.intake
    await desk.poll(news("a"), later(news("b", news("a").title), 1))
    assert first is not other
    assert await desk.count(schema.stories) == 1
    assert await desk.count(schema.members) == 2


async def test_half_an_answer_is_no_baseline(desk):
    assert not (await desk.poll(news("a"), partial=True)).baseline
    outcome = await desk.poll(*[news(key) for key in "abcdefghij"])
    assert outcome.baseline
    assert outcome.changes == ()


async def test_two_strangers_that_claim_one_known_document_cannot_both_be_it(desk):
    await desk.poll(news("a", aliases=("link:x", "title:y")))
    outcome = await desk.poll(news("b", "Nvidia b", aliases=("link:x",)), news("c", "Nvidia c", aliases=("title:y",)))
    assert sorted(t.change.document.key for t in outcome.changes) == ["b", "c"]
    assert await desk.count(schema.documents) == 2


async def test_a_withdrawn_document_that_comes_back_is_current_again(desk):
    await desk.poll(news("a"), news("b"), complete=True)
    await desk.poll(news("b"), complete=True)
    await desk.poll(news("a"), news("b"), complete=True)
    back = await desk.store.read(lambda conn: documents.one(conn, "wire", "a"))
    assert back is not None
    assert back.state is State.CURRENT


def strangers(letter: str) -> list[Document]:
    return [news(f"{letter}{n}") for n in range(12)]


async def test_a_word_of_release_covers_just_what_was_held(desk):
    await desk.poll(*strangers("a"))
    await desk.poll(*strangers("b"))
    await desk.store.write(lambda conn: held.resolve(conn, "wire", "released", desk.now))
    outcome = await desk.poll(*strangers("c"))
    assert outcome.changes == ()
    assert [notice.notice for notice in outcome.notices] == ["held"]


async def test_a_word_of_release_ends_when_the_publisher_is_back_to_normal(desk):
    await desk.poll(*strangers("a"))
    await desk.poll(*strangers("b"))
    await desk.store.write(lambda conn: held.resolve(conn, "wire", "released", desk.now))
    await desk.poll(*strangers("a"))
    outcome = await desk.poll(*strangers("b"))
    assert [notice.notice for notice in outcome.notices] == ["held"]


async def test_keys_that_change_at_every_poll_are_one_notice(desk):
    await desk.poll(*strangers("a"))
    told = [notice for n in range(5) for notice in (await desk.poll(*strangers(f"random{n}-"))).notices]
    assert [notice.notice for notice in told] == ["held"]


async def test_a_publisher_that_takes_the_absurdity_back_ends_the_hold(desk):
    await desk.poll(*strangers("a"))
    await desk.poll(*strangers("b"))
    await desk.unchanged()
    assert (await desk.state()).health == "ok"


async def test_a_channel_that_a_story_grows_into_gets_one_post(desk):
    await desk.store.write(lambda conn: conn.execute(schema.subscriptions.delete()))
    await desk.subscribe("official only", trust="official", growth="reply")
    await desk.poll()
    await desk.poll(news("a"))
    desk.source = desk.source.model_copy(update={"trust": Trust.OFFICIAL})
    await desk.poll(news("a"), later(replace(news("b", news("a").title), url="https://wire.example/b"), 1))
    rows = await desk.store.read(lambda conn: list(conn.execute(sa.select(schema.deliveries.c.op)).scalars()))
    assert rows == ["post"]


async def test_an_official_document_with_a_date_and_a_cfr_part_becomes_a_draft_that_waits(desk):
    desk.source = desk.source.model_copy(update={"trust": Trust.OFFICIAL})
    await desk.poll()
    rule = replace(
        news("2026-00789", "Revision to License Review Policy for Advanced Computing Commodities to China and Macau"),
        url="https://www.federalregister.gov/documents/2026/01/15/2026-00789/revision",
        summary="BIS revises its license review policy for exports of certain advanced computing chips to China.",
        details={
            "document_number": "2026-00789",
            "citation": "91 FR 1684",
            "effective_on": "2026-01-15",
            "cfr_references": ["15 CFR 742"],
            "agencies": [{"name": "Industry and Security Bureau", "slug": "industry-and-security-bureau"}],
        },
    )
    await desk.poll(rule)
    drafts = await desk.store.read(recorded_ledger.drafts)
    assert [draft.key for draft in drafts] == ["2026-00789"]
    assert "91 FR 1684" in drafts[0].event
    assert await desk.store.read(recorded_ledger.recorded) == []


async def test_operators_hear_once_of_an_outage_that_lasts(desk):
    await desk.poll(news("a"))
    await desk.poll(error=SourceError("http_503", "busy"))
    early = await desk.store.write(lambda conn: long_outages(conn, desk.now, timedelta(hours=24)))
    late = desk.now + timedelta(hours=25)
    first = await desk.store.write(lambda conn: long_outages(conn, late, timedelta(hours=24)))
    again = await desk.store.write(lambda conn: long_outages(conn, late, timedelta(hours=24)))
    assert (early, [notice.source for notice in first], again) == ([], ["wire"], [])


async def test_what_a_second_request_brings_late_is_stored_and_is_no_change(one_desk):
    await one_desk.poll()
    first = await one_desk.poll(news("a"), gossip("g"))
    late = {FOLLOWED: {"lead": "The rule takes effect on 1 July 2026."}}
    outcome = await one_desk.poll(replace(news("a"), details=late), replace(gossip("g"), details=late))
    assert not outcome.failed
    assert outcome.changes == outcome.revisions == ()
    assert len(first.changes) == 2
    for key in "ag":
        stored = await one_desk.store.read(lambda conn, key=key: documents.one(conn, "wire", key))
        assert stored.details == late
