"""Bad publishers met by the whole pipeline over a real connection: what is stored, what operators are told."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.clock import SystemClock
from bot.fetch.network import Network
from bot.pipeline.editor import Editor
from bot.pipeline.intake import Intake
from bot.pipeline.outcome import Outcome
from bot.pipeline.poller import Poller
from bot.sources.base import source_from
from bot.store import schema
from bot.store import sources as source_states
from bot.store.engine import Store
from tests.fakes.publisher import MIB, Publisher, bomb, rss
from tests.liveness import lively

ENTITIES = (
    '<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True))
    + ']><rss version="2.0"><channel><title>&i;</title><item><title>x</title><guid>1</guid></item></channel></rss>'
)


class Site:
    """A publisher, a poller with one feed of it, and what came of the last poll."""

    def __init__(self, publisher: Publisher, store: Store) -> None:
        self.publisher = publisher
        self.store = store
        self.network = Network(clock=SystemClock(), allow_private=("127.0.0.1",), deadline=2.0)

    async def poll(self, url: str) -> Outcome:
        source = source_from({"id": "feed", "kind": "feed", "url": url})
        poller = Poller({"feed": source}, self.store, self.network, SystemClock(), Intake(Editor()), "here")
        await poller.register()
        return (await poller.ask(["feed"]))[0]

    async def state(self) -> source_states.SourceState:
        state = await self.store.read(lambda conn: source_states.state_of(conn, "feed"))
        assert state is not None
        return state

    async def titles(self) -> list[str]:
        query = sa.select(schema.documents.c.title).order_by(schema.documents.c.key)
        return await self.store.read(lambda conn: list(conn.execute(query).scalars()))


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    publisher = Publisher()
    await publisher.start()
    store = await Store.open(f"sqlite:///{tmp_path}/s.db", scratch=True)
    made = Site(publisher, store)
    yield made
    await made.network.close()
    await store.close()
    await publisher.stop()


async def bad(site: Site, url: str) -> str:
    """The error that a poll ends with: nothing stored, one notice."""
    outcome = await site.poll(url)
    assert outcome.failed
    assert outcome.changes == ()
    assert outcome.revisions == ()
    assert len(outcome.notices) == 1
    assert await site.titles() == []
    return str((await site.state()).error)


async def test_200_mib_and_bombs_are_too_large(site):
    assert await bad(site, site.publisher.streams("huge", b"A" * MIB, 200)) == "too_large"
    squeezed = site.publisher.says("gzip", bomb("gzip", 200 * MIB), Content_Encoding="gzip")
    again = await site.poll(squeezed)
    assert again.failed
    assert (await site.state()).error == "too_large"


async def test_a_byte_a_second_is_a_timeout(site):
    assert await bad(site, site.publisher.streams("slow", b" ", 120, pause=0.3)) == "timeout"


async def test_an_entity_bomb_is_refused_at_once(site):
    url = site.publisher.says("bomb", ENTITIES, Content_Type="application/rss+xml")
    await site.poll(site.publisher.says("warm", rss(1)))  # imports are not what is bounded
    with lively(0.1, time.monotonic):
        assert (await site.poll(url)).failed
    assert (await site.state()).error == "entity_declaration"


async def test_a_redirect_inside_is_refused_and_the_inside_is_never_asked(site):
    site.publisher.says("secret", rss())
    url = site.publisher.redirects("in", site.publisher.url("secret", "127.0.0.2"))
    assert await bad(site, url) == "address_refused"
    assert site.publisher.asked["secret"] == 0


async def test_a_redirect_loop_ends_within_five(site):
    assert await bad(site, site.publisher.redirects("loop", "/loop")) == "too_many_redirects"
    assert site.publisher.asked["loop"] <= 6


async def test_a_host_that_asked_for_an_hour_is_not_asked_before_it(site):
    url = site.publisher.says("busy", "slow down", 429, Retry_After="3600")
    assert await bad(site, url) == "asked_to_wait"
    for _ in range(10):
        assert (await site.poll(url)).failed
    assert site.publisher.asked["busy"] == 1
    state = await site.state()
    assert state.next_poll_at is not None
    assert state.next_poll_at >= datetime.now(UTC) + timedelta(minutes=58)


async def test_a_challenge_page_with_200_is_no_content(site):
    page = "<html><head><title>Just a moment...</title></head><body>Just a moment...</body></html>"
    assert await bad(site, site.publisher.says("page", page, Content_Type="text/html")) == "challenge"


async def test_a_page_is_no_feed(site):
    url = site.publisher.says("page", "<html><body><p>Welcome</p></body></html>", Content_Type="text/html")
    assert await bad(site, url) == "not_a_feed"


async def test_half_a_feed_gives_its_whole_items_and_removes_nothing(site):
    whole = rss(10)
    await site.poll(site.publisher.says("feed", whole))
    before = await site.titles()
    site.publisher.says("feed", whole[: len(whole) // 2])
    outcome = await site.poll(site.publisher.url("feed"))
    assert not outcome.failed
    assert await site.titles() == before
    assert outcome.changes == ()


async def test_a_first_answer_that_breaks_off_keeps_its_items_and_is_no_baseline(site):
    body = rss(10).encode()
    await site.poll(site.publisher.cuts("feed", body, len(body) // 2))
    assert 0 < len(await site.titles()) < 10
    site.publisher.says("feed", body)
    outcome = await site.poll(site.publisher.url("feed"))
    assert outcome.changes == ()
    assert len(await site.titles()) == 10


async def test_items_without_guid_and_link_are_kept_by_title_and_day(site):
    feed = (
        '<rss version="2.0"><channel><title>t</title><item><title>same</title></item><item><title>same</title></item>'
        "<item><title>other</title></item></channel></rss>"
    )
    await site.poll(site.publisher.says("feed", feed))
    assert sorted(await site.titles()) == ["other", "same"]
    assert (await site.poll(site.publisher.url("feed"))).changes == ()


async def test_latin_letters_under_a_utf8_label_are_read(site):
    feed = '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><item><title>naïve café</title>'
    body = (feed + "<guid>1</guid></item></channel></rss>").encode("latin-1")
    await site.poll(site.publisher.says("feed", body, Content_Type="application/rss+xml"))
    assert await site.titles() == ["naïve café"]
