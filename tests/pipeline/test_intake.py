"""One poll, one transaction: what is stored, what is announced, what operators are told."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.errors import SourceError
from bot.model import Document, State
from bot.pipeline import match
from bot.pipeline.editor import Editor
from bot.pipeline.intake import Intake, Outcome, stale_sources
from bot.pipeline.poll import Polled
from bot.sources.base import Reading, Source
from bot.store import held, schema, subscriptions
from bot.store import sources as source_states
from bot.store.engine import Store

START = datetime(2026, 6, 1, 12, tzinfo=UTC)


class Wire(Source, kind="test_wire"):
    def requests(self):
        return iter(())

    def read(self, answer):
        return Reading()


class Desk:
    """A store, one source and an intake, with a clock that moves half an hour a poll."""

    def __init__(self, store: Store, **options) -> None:
        self.store = store
        self.source = Wire(id="wire", name="Wire", **options)
        self.intake = Intake(Editor(), chance=random.Random(1))
        self.now = START

    async def open(self) -> Desk:
        await self.store.write(lambda conn: source_states.register(conn, {"wire": "test_wire"}))
        await self.store.write(
            lambda conn: subscriptions.add(conn, "console", "console", match.EVERYTHING, self.now, "test")
        )
        return self

    async def poll(self, *documents: Document, error: SourceError | None = None, **reading) -> Outcome:
        self.now += timedelta(minutes=30)
        state = await self.store.read(lambda conn: source_states.state_of(conn, "wire"))
        assert state is not None
        validators = {"https://wire.example/feed": (f'"{self.now}"', None)}
        polled = Polled(
            self.source,
            state,
            self.now,
            reading=None if error else Reading(documents, **reading),
            validators=validators,
            body_hash=str(self.now),
            error=error,
        )
        return await self.store.write(lambda conn: self.intake.take_in(conn, polled))

    async def count(self, table: sa.Table, *where) -> int:
        query = sa.select(sa.func.count()).select_from(table).where(*where)
        return await self.store.read(lambda conn: conn.execute(query).scalar_one())

    async def state(self) -> source_states.SourceState:
        state = await self.store.read(lambda conn: source_states.state_of(conn, "wire"))
        assert state is not None
        return state


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    store = await Store.open(f"sqlite:///{tmp_path}/store.db", scratch=True)
    yield await Desk(store).open()
    await store.close()


def news(key: str, title: str = "", **more) -> Document:
    title = title or f"US tightens licence rules for Nvidia H20 chip exports to China, part {key}"
    values = {"url": f"https://wire.example/{key}", "published": START, "aliases": (f"link:wire.example/{key}",)}
    return Document("wire", key, title, **(values | more))


def gossip(key: str) -> Document:
    return news(key, f"New recipes for potato salad, part {key}")


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
    other = Intake(Editor(), chance=random.Random(2))
    await desk.poll()
    await desk.poll(news("a"))
    desk.intake, first = other, desk.intake
    await desk.poll(news("a"), news("b", news("a").title, published=START + timedelta(hours=1)))
    assert first is not other
    assert await desk.count(schema.stories) == 1
    assert await desk.count(schema.members) == 2
