"""Many sources at once: one that fails in a way nobody foresaw takes nothing from the others."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime, timedelta

import pytest

from bot.clock import SystemClock
from bot.errors import SourceError, StoreError
from bot.fetch.exchange import Answer, Request
from bot.pipeline.editor import Editor
from bot.pipeline.intake import Intake
from bot.pipeline.outcome import Outcome
from bot.pipeline.poll import Polled
from bot.pipeline.poller import Poller
from bot.sources.base import Reading, Source
from bot.store import schema
from bot.store import sources as source_states
from bot.store.engine import Store
from tests.liveness import lively
from tests.pipeline.desk import Desk, news


class Broken(Source, kind="test_broken"):
    """A kind with a mistake in it."""

    def requests(self):
        yield Request("http://broken.example/")

    def read(self, answer):
        raise ValueError("a mistake in the parser")


class Calm(Source, kind="test_calm"):
    """A kind that finds nothing."""

    def requests(self):
        yield Request(f"http://{self.id}.example/")

    def read(self, answer):
        return Reading()


class Publishers:
    """A transport that answers at once, or as slowly as a test wants, or not at all."""

    def __init__(self, wait: float = 0.0, error: SourceError | None = None) -> None:
        self.wait = wait
        self.error = error
        self.asked: list[str] = []
        self.most_at_once = 0
        self._now = 0

    async def get(self, request: Request) -> Answer:
        self.asked.append(request.url)
        self._now += 1
        self.most_at_once = max(self.most_at_once, self._now)
        await asyncio.sleep(self.wait)
        self._now -= 1
        if self.error:
            raise self.error
        return Answer(request.url, 200, {}, b"x", datetime.now(UTC))

    async def close(self) -> None:
        pass


async def poller(store: Store, *sources: Source, transport=None, **options) -> Poller:
    made = Poller(
        {source.id: source for source in sources},
        store,
        transport or Publishers(),
        SystemClock(),
        Intake(Editor()),
        "here",
        **options,
    )
    await made.register()
    return made


async def state(store: Store, id_: str) -> source_states.SourceState:
    found = await store.read(lambda conn: source_states.state_of(conn, id_))
    assert found is not None
    return found


async def test_a_mistake_in_one_kind_is_an_outage_of_that_source_alone(store):
    heard: list[Outcome] = []
    made = await poller(store, Broken(id="broken"), Calm(id="calm"), report=heard.append)
    outcomes = await made.ask(["broken", "calm"])
    assert [outcome.failed for outcome in outcomes] == [True, False]
    broken = await state(store, "broken")
    assert (broken.error, broken.failures) == ("unreadable", 1)
    assert broken.next_poll_at is not None
    assert [notice.notice for notice in heard[0].notices] == ["outage"]


async def test_a_beat_starts_what_is_due_most_overdue_first_and_no_more_than_there_is_room_for(store):
    asked = Publishers()
    made = await poller(store, Calm(id="late"), Calm(id="later"), Calm(id="not-yet"), transport=asked, concurrency=1)
    now = datetime.now(UTC)
    for id_, minutes in (("late", -1), ("later", -2), ("not-yet", 5)):
        at = now + timedelta(minutes=minutes)
        await store.write(lambda conn, id_=id_, at=at: source_states.ask_soon(conn, id_, at))
    for expected in (1, 1, 0):
        assert await made.start_due() == expected
        await made.finish(5)
    assert asked.asked == ["http://later.example/", "http://late.example/"]


async def test_a_stored_source_that_has_no_table_any_more_is_not_polled_however_due(store):
    made = await poller(store, Calm(id="calm"))
    await store.write(lambda conn: source_states.register(conn, {"removed": "feed"}))
    assert await made.start_due() == 1
    await made.finish(5)
    assert await made.start_due() == 0
    assert (await state(store, "removed")).last_attempt_at is None


async def test_what_another_process_took_between_the_look_and_the_claim_is_left_to_it(store):
    made, other = await poller(store, Calm(id="calm")), await poller(store, Calm(id="calm"))
    looked, both = store.read, asyncio.Barrier(2)

    async def look(work):
        found = await looked(work)
        await both.wait()
        return found

    store.read = look
    started = await asyncio.gather(made.start_due(), other.start_due())
    store.read = looked
    assert sorted(started) == [0, 1]
    await asyncio.gather(made.finish(5), other.finish(5))


async def test_quiet_polls_are_stored_with_the_next_claim_and_a_beat_without_either_writes_nothing(store):
    made = await poller(store, Calm(id="calm"), Calm(id="other"))
    await made.ask(["calm", "other"])
    written, write = [], store.write

    async def counted(work, undo=None):
        written.append(work)
        return await write(work, undo)

    store.write = counted
    assert await made.start_due() == 0
    assert written == []
    await write(lambda conn: source_states.ask_soon(conn, "calm", datetime.now(UTC)))
    assert await made.start_due() == 1
    await asyncio.gather(*made.under_way)  # the same bytes as before: nothing to take in
    assert len(written) == 1
    await write(lambda conn: source_states.ask_soon(conn, "other", datetime.now(UTC)))
    assert await made.start_due() == 1
    assert len(written) == 2
    following = (await state(store, "calm")).next_poll_at
    assert following is not None
    assert following > datetime.now(UTC)
    await made.finish(5)


async def test_a_quiet_poll_that_could_not_be_noted_is_noted_later(store):
    made, write = await poller(store, Calm(id="calm")), store.write
    await made.ask(["calm"])
    asked = (await state(store, "calm")).last_success_at
    await write(lambda conn: source_states.ask_soon(conn, "calm", datetime.now(UTC)))
    await made.start_due()
    await asyncio.gather(*made.under_way)

    async def refused(work, undo=None):
        raise StoreError("locked", "wait")

    store.write = refused
    with pytest.raises(StoreError):
        await made.start_due()
    store.write = write
    assert await made.start_due() == 0
    noted = (await state(store, "calm")).last_success_at
    assert noted is not None
    assert asked is not None
    assert noted > asked


async def test_a_source_is_never_polled_twice_at_once_however_long_it_takes(store):
    slow = Publishers(wait=0.5)
    made = await poller(store, Calm(id="calm"), transport=slow, lease=timedelta(seconds=0.05))
    await made.start_due()
    await asyncio.sleep(0.2)
    await made.start_due()
    await made.finish(5)
    assert slow.most_at_once == 1


async def test_stopping_waits_a_little_and_no_longer(store):
    made = await poller(store, Calm(id="calm"), transport=Publishers(wait=60))
    await made.start_due()
    with lively(1, time.monotonic):
        await made.finish(0.1)


async def test_whoever_asked_to_be_left_alone_is_not_asked_not_even_by_hand(store):
    asked = datetime.now(UTC) + timedelta(hours=1)
    stern = Publishers(error=SourceError("asked_to_wait", retry_at=asked))
    made = await poller(store, Calm(id="calm"), transport=stern)
    for _ in range(3):
        outcomes = await made.ask(["calm"])
        assert outcomes[0].failed
    assert len(stern.asked) == 1
    following = (await state(store, "calm")).next_poll_at
    assert following is not None
    assert following >= asked


async def test_a_poll_knows_when_its_source_was_to_be_asked(store):
    """Else a pause that the publisher asked for would look like an outage of ours."""
    made = await poller(store, Calm(id="calm"))
    await made.ask(["calm"])
    foreseen = (await state(store, "calm")).next_poll_at
    now, lease = datetime.now(UTC), timedelta(minutes=1)
    (claimed,) = await store.write(lambda conn: source_states.claim(conn, "other", now, lease, ["calm"]))
    assert foreseen is not None
    assert claimed.next_poll_at == foreseen


async def test_a_unit_that_fails_beside_another_takes_nothing_from_it(tmp_path):
    """The editor's memory is put right in the writer's thread, between the unit that failed and the next one."""
    store = await Store.open(f"sqlite:///{tmp_path}/s.db", scratch=True)
    desk = await Desk(store).open()
    await desk.poll()
    known, now = await desk.state(), desk.now + timedelta(minutes=1)
    died: list[str] = []

    def step(name: str) -> None:
        if name == "documents" and not died:
            died.append(name)
            raise StoreError("full", "make room")
        if name == "stories":
            time.sleep(0.2)  # the other unit is between placing and telling while the loop hears of the failure

    desk.intake.step = step
    made = Poller({}, store, Publishers(), SystemClock(), desk.intake, "here")
    polls = [
        Polled(desk.source, known, now, reading=Reading((news(key),)), body_hash=key, validators={})
        for key in ("a", "b")
    ]
    results = await asyncio.gather(*(made._take_in(polled) for polled in polls), return_exceptions=True)
    assert isinstance(results[0], StoreError)
    assert not isinstance(results[1], BaseException)
    assert await desk.count(schema.alerts) == 1
    assert await desk.count(schema.deliveries) == 1
    await store.close()
