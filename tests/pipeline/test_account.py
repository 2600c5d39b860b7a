"""What is remembered of a poll: when to ask again, since when it fails, and what operators hear of it, once."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest

from bot.errors import SourceError
from bot.pipeline.account import SHUT_FOR, Account, is_quiet
from bot.pipeline.poll import Polled
from bot.pipeline.schedule import Pace
from bot.sources.base import Reading
from bot.store import held, notices
from bot.store import sources as source_states
from tests.pipeline.desk import START, Desk, news

EXACT = Account(Pace(timedelta(minutes=30), jitter=0), random.Random(1))
HOUR = timedelta(hours=1)


async def fails(desk: Desk, name: str = "http_500", **error):
    return await desk.poll(error=SourceError(name, "of no use", **error))


@pytest.fixture
async def exact(one_desk):
    """A desk whose polls are exactly half an hour apart."""
    one_desk.intake.account = EXACT
    await one_desk.poll(news("a"))
    return one_desk


async def test_a_failure_is_remembered_with_its_words_and_what_was_known_stays(exact):
    good = await exact.state()
    outcome = await fails(exact)
    state = await exact.state()
    assert outcome.failed
    assert (state.failures, state.error, state.error_detail) == (1, "http_500", "of no use")
    assert (state.failing_since, state.retry_at) == (exact.now, None)
    assert outcome.next_poll_at == state.next_poll_at == exact.now + timedelta(minutes=30)
    assert (state.validators, state.body_hash) == (good.validators, good.body_hash)
    assert (state.last_success_at, state.last_change_at) == (good.last_success_at, good.last_change_at)
    first = exact.now
    again = await fails(exact, "timeout")
    state = await exact.state()
    assert (state.failures, state.error, state.failing_since) == (2, "timeout", first)
    assert (again.notices, again.next_poll_at) == ((), exact.now + HOUR)


async def test_a_publisher_that_names_a_moment_is_asked_then(exact):
    moment = exact.now + 5 * HOUR
    outcome = await fails(exact, "http_429", retry_at=moment)
    assert outcome.next_poll_at == moment
    assert (await exact.state()).retry_at == moment
    await exact.unchanged()
    assert (await exact.state()).retry_at is None


@pytest.mark.parametrize(("name", "soonest"), [("http_403", SHUT_FOR), ("http_500", timedelta(minutes=1))])
async def test_a_door_that_was_shut_is_left_alone_for_ten_minutes(exact, name, soonest):
    exact.source = exact.source.model_copy(update={"interval": 60})
    assert (await fails(exact, name)).next_poll_at == exact.now + soonest


async def test_a_challenge_is_told_as_one_even_in_the_middle_of_an_outage_and_once(exact):
    told = [(await fails(exact, name)).notices for name in ("http_500", "challenge", "challenge", "timeout")]
    assert [[notice.notice for notice in each] for each in told] == [["outage"], ["challenge"], [], []]
    kept = await exact.store.read(lambda conn: notices.since(conn, START))
    assert [(each.notice, each.source) for each in kept] == [("outage", "wire"), ("challenge", "wire")]
    assert "of no use" in kept[0].detail


@pytest.mark.parametrize("read", [True, False], ids=["with a reading", "not modified"])
async def test_the_first_good_poll_ends_an_outage_and_says_since_when_it_lasted(exact, read):
    await fails(exact)
    since = exact.now
    outcome = await (exact.poll(news("a")) if read else exact.unchanged())
    (told,) = outcome.notices
    assert (told.notice, told.source, told.at) == ("recovered", "wire", exact.now)
    assert told.detail == f"failing since {since:%Y-%m-%d %H:%M} UTC"
    state = await exact.state()
    assert (state.failures, state.failing_since, state.error, state.error_detail) == (0, None, None, None)
    assert state.last_success_at == exact.now
    assert state.next_poll_at == exact.now + timedelta(minutes=30)


async def test_what_the_publisher_sent_with_it_is_kept_with_the_documents(exact):
    await exact.poll(news("a"), news("b"))
    state = await exact.state()
    assert state.validators == {"https://wire.example/feed": [f'"{exact.now}"', None]}
    assert state.body_hash == str(exact.now)
    assert await exact.store.read(lambda conn: source_states.window_of(conn, "wire")) == ["a", "b"]


async def test_a_change_is_remembered_and_an_answer_without_one_is_none(exact):
    first = (await exact.state()).last_change_at
    assert first is not None
    await exact.poll(news("a"))
    assert (await exact.state()).last_change_at == first
    await exact.poll(news("a"), news("b"))
    assert (await exact.state()).last_change_at == exact.now


async def test_quiet_polls_are_noted_together_each_with_its_next(exact):
    other = exact.source.model_copy(update={"id": "other", "interval": 7200})
    await exact.store.write(lambda conn: source_states.register(conn, {"wire": "test_wire", "other": "test_wire"}))
    state, now = await exact.state(), exact.now + HOUR
    polls = [Polled(exact.source, state, now, wait=3600.0), Polled(other, state, now + HOUR)]
    await exact.store.write(lambda conn: EXACT.note_quiet(conn, polls))
    found = {each.id: each for each in await exact.store.read(source_states.states)}
    assert (found["wire"].last_success_at, found["wire"].next_poll_at) == (now, now + HOUR)
    assert (found["other"].last_success_at, found["other"].next_poll_at) == (now + HOUR, now + 3 * HOUR)


async def test_a_source_that_rests_says_so_once_and_is_no_outage(exact):
    await fails(exact)
    why = "set the key"
    outcomes = []
    for _ in range(2):
        state = await exact.state()
        outcomes.append(
            await exact.store.write(lambda conn, state=state: EXACT.rest(conn, exact.source, state, why, exact.now))
        )
    assert [(each.rests, each.rests_anew, each.failed) for each in outcomes] == [
        (why, True, False),
        (why, False, False),
    ]
    assert outcomes[0].next_poll_at == exact.now + timedelta(minutes=30)
    state = await exact.state()
    assert (state.failures, state.failing_since, state.error_detail) == (0, None, why)


async def test_only_a_poll_with_nothing_to_mend_is_quiet(exact):
    state = await exact.state()
    now = exact.now
    assert is_quiet(Polled(exact.source, state, now))
    assert not is_quiet(Polled(exact.source, state, now, reading=Reading()))
    assert not is_quiet(Polled(exact.source, state, now, error=SourceError("timeout", "")))
    await exact.store.write(lambda conn: held.hold(conn, "wire", ["a"], "absurd", now))
    assert not is_quiet(Polled(exact.source, await exact.state(), now))
    for mended in (state._replace(failures=1), state._replace(error="rests")):
        assert not is_quiet(Polled(exact.source, mended, now))
