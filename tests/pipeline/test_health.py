"""Each trouble of a source is told to operators once when it begins and once when it ends, and to nobody else."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.clock import SetClock
from bot.errors import SourceError
from bot.model import Health
from bot.pipeline.outcome import Outcome
from bot.pipeline.poller import Poller
from bot.pipeline.silence import long_outages, stale_sources
from bot.store import held, notices, schema
from bot.store import sources as source_states
from tests.pipeline.desk import START, Desk, Wire, news


class Wanting(Wire, kind="test_wanting"):
    """A source that wants a contact, and a key beside."""

    NEEDS_CONTACT = True
    key: str = ""

    def rests(self, contact):
        return super().rests(contact) or (None if self.key else "set the key")


class NobodyAsked:
    async def get(self, request):
        raise AssertionError("a source that rests was asked")

    async def close(self):
        """Nothing is open."""


async def names(desk: Desk) -> list[str]:
    return [notice.notice for notice in await desk.store.read(lambda conn: notices.since(conn, START))]


async def test_silence_is_told_when_it_begins_and_when_it_ends(desk):
    desk.source = desk.source.model_copy(update={"expected_silence": 86400})
    await desk.poll(news("a"))
    later = desk.now + timedelta(days=2)
    for _ in range(3):
        await desk.store.write(lambda conn: stale_sources(conn, [desk.source], later))
    assert (await desk.state()).health == "stale"
    await desk.unchanged()
    assert await names(desk) == ["stale"]  # an answer alone is no word
    outcome = await desk.poll(news("a"), news("b"))
    assert [notice.notice for notice in outcome.notices] == ["recovered"]
    assert "silent since" in outcome.notices[0].detail
    await desk.poll(news("a"), news("b"), news("c"))
    assert await names(desk) == ["stale", "recovered"]
    assert (await desk.state()).health == "ok"


async def test_a_source_of_which_no_silence_is_too_long_keeps_no_other_from_being_told(one_desk):
    one_desk.source = one_desk.source.model_copy(update={"expected_silence": 86400})
    await one_desk.poll(news("a"))
    changed = (await one_desk.state()).last_change_at
    assert changed is not None
    patient = one_desk.source.model_copy(update={"id": "patient", "expected_silence": None})
    unknown = one_desk.source.model_copy(update={"id": "unknown"})
    sources = [patient, unknown, one_desk.source]
    edge = changed + timedelta(days=1)
    assert await one_desk.store.write(lambda conn: stale_sources(conn, sources, edge)) == []
    later = edge + timedelta(seconds=1)
    (told,) = await one_desk.store.write(lambda conn: stale_sources(conn, sources, later))
    assert (told.source, told.at, told.detail) == ("wire", edge, f"nothing new since {changed:%Y-%m-%d %H:%M} UTC")


async def test_an_outage_is_told_once_when_it_has_lasted_as_long_as_operators_wait(one_desk):
    await one_desk.poll(news("a"))
    await one_desk.poll(error=SourceError("http_500", "no"))
    since, wait = one_desk.now, timedelta(hours=6)
    for moment, count in ((since + wait - timedelta(seconds=1), 0), (since + wait, 1), (since + wait, 0)):
        told = await one_desk.store.write(lambda conn, moment=moment: long_outages(conn, moment, wait))
        assert len(told) == count
        for notice in told:
            assert (notice.notice, notice.source, notice.at) == ("outage", "wire", moment)
            assert notice.detail == f"failing since {since:%Y-%m-%d %H:%M} UTC: http_500"
    await one_desk.unchanged()
    await one_desk.poll(error=SourceError("http_500", "no"))
    another = one_desk.now + wait
    assert len(await one_desk.store.write(lambda conn: long_outages(conn, another, wait))) == 1


async def test_a_hold_that_the_publisher_ends_is_told(desk):
    await desk.poll(*(news(f"a{n}") for n in range(20)))
    await desk.poll(*(news(f"b{n}", aliases=()) for n in range(20)))
    outcome = await desk.poll(*(news(f"a{n}") for n in range(20)))
    assert [notice.notice for notice in outcome.notices] == ["recovered"]
    await desk.poll(*(news(f"a{n}") for n in range(20)))
    assert await names(desk) == ["held", "recovered"]


async def test_a_hold_that_ends_with_an_unchanged_answer_is_told(desk):
    await desk.poll(*(news(f"a{n}") for n in range(20)))
    await desk.poll(*(news(f"b{n}", aliases=()) for n in range(20)))
    outcome = await desk.unchanged()
    assert [notice.notice for notice in outcome.notices] == ["recovered"]
    assert (await desk.state()).health == "ok"


@pytest.mark.parametrize("word", ["released", "dropped"])
async def test_a_hold_that_an_operator_ends_is_told_once_his_word_was_acted_upon(desk, word):
    await desk.poll(*(news(f"a{n}") for n in range(20)))
    strangers = [news(f"b{n}", aliases=()) for n in range(20)]
    await desk.poll(*strangers)
    await desk.store.write(lambda conn: held.resolve(conn, "wire", word, desk.now))
    outcome = await desk.poll(*strangers)
    assert [(notice.notice, word in notice.detail) for notice in outcome.notices] == [("recovered", True)]
    await desk.poll(*strangers)
    assert await names(desk) == ["held", "recovered"]


async def test_no_trouble_of_a_source_reaches_a_channel(desk):
    await desk.poll(*(news(f"a{n}") for n in range(20)))
    await desk.poll(error=SourceError("http_504", "the publisher answered 504"))
    await desk.poll(*(news(f"b{n}", aliases=()) for n in range(20)))
    await desk.poll(*(news(f"a{n}") for n in range(20)))
    assert await names(desk) == ["outage", "recovered", "held", "recovered"]
    assert await desk.count(schema.deliveries) == 0


async def test_a_door_that_was_shut_is_left_alone_for_ten_minutes(desk):
    """EDGAR lifts its block after ten quiet minutes; a cron line of every minute would keep it up for ever."""
    desk.source = desk.source.model_copy(update={"cron": "* * * * *"})
    await desk.poll(error=SourceError("http_403", "the publisher answered 403 Forbidden"))
    state = await desk.state()
    assert state.next_poll_at >= desk.now + timedelta(minutes=10)
    assert state.retry_at is None  # nobody asked for it, so that a poll by hand may try


async def resting(desk: Desk, contact: str, key: str, log: list[Outcome]) -> Poller:
    source = Wanting(id="wire", name="Wire", key=key)
    clock = SetClock(desk.now)
    poller = Poller({"wire": source}, desk.store, NobodyAsked(), clock, desk.intake, "me", contact=contact)
    poller.report = log.append
    await poller.register()
    return poller


async def test_a_source_that_rests_says_what_it_waits_for_and_is_no_outage(desk):
    log: list[Outcome] = []
    poller = await resting(desk, "", "", log)
    await poller.ask(["wire"])
    await poller.ask(["wire"])
    assert [outcome.rests_anew for outcome in log] == [True, False]
    assert all("fetch.contact" in str(outcome.rests) and not outcome.failed for outcome in log)
    state = await desk.state()
    assert (state.health, state.failures) == ("resting", 0)
    assert "fetch.contact" in str(state.error_detail)
    assert state.next_poll_at is not None
    assert await names(desk) == []


async def test_the_first_good_answer_ends_a_rest(desk):
    poller = await resting(desk, "ops@example.org", "", [])
    await poller.ask(["wire"])
    assert (await desk.state()).error_detail == "set the key"
    await desk.poll(news("a"))
    await desk.unchanged()
    assert (await desk.state()).health == "ok"
    assert (await desk.state()).error is None


async def test_health_has_a_word_for_each_state(desk):
    blank = (await desk.state())._replace(last_success_at=START)
    seen = {
        blank._replace(last_success_at=None).health,
        blank.health,
        blank._replace(failures=1, error="timeout").health,
        blank._replace(stale_since=START).health,
        blank._replace(held_id=1, failures=1).health,
        blank._replace(error=source_states.RESTS).health,
    }
    assert seen == set(Health)
