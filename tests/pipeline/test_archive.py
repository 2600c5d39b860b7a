"""A fresh store is no empty shop: the ledger's events can be shown, searched, previewed, and are never posted."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.delivery.order import Order
from bot.knowledge.ledger import load_ledger
from bot.model import Kind, Severity, Trust
from bot.pipeline.ledger.archive import keep_archive
from bot.pipeline.reading.retrieval import Wanted, between, one, preview, recent, search
from bot.store import ledger as recorded_ledger
from bot.store import schema
from tests.pipeline.desk import news

NOW = datetime(2026, 10, 9, 12, tzinfo=UTC)
LEDGER = load_ledger()


@pytest.fixture
async def shop(desk):
    """A desk with the archive of the shipped ledger."""
    desk.now = NOW
    await desk.store.write(lambda conn: keep_archive(conn, LEDGER, NOW))
    return desk


async def test_every_event_that_anyone_could_know_stands_there_once_and_is_never_posted(shop):
    told = await shop.store.read(lambda conn: recent(conn, NOW, limit=1000))
    known = [event for event in LEDGER.events if not event.scheduled and event.public_from <= NOW.date()]
    assert len({story.id for story in told}) == len(told) == len(known) > 100
    assert all(story.archive for story in told)
    assert [story.began_at for story in told] == sorted((story.began_at for story in told), reverse=True)
    assert await shop.count(schema.deliveries) == await shop.count(schema.alerts) == 0
    await shop.poll()
    outcome = await shop.poll(news("a"))
    assert [revision.story.archive for revision in outcome.revisions] == [False]


async def test_the_archive_says_nothing_that_the_law_line_does_not_know_already(shop):
    assert await shop.store.read(lambda conn: recorded_ledger.reports(conn, NOW - timedelta(days=120))) == []


async def test_it_is_kept_in_step_with_the_ledger(shop):
    def keep(ledger, now=NOW):
        return shop.store.write(lambda conn: keep_archive(conn, ledger, now))

    assert await keep(LEDGER) == 0
    changed = replace(LEDGER.events[0], title="Another title")
    assert await keep(LEDGER.with_events([changed])) == 1
    found = await shop.store.read(lambda conn: search(conn, ["another", "title"], NOW))
    assert [story.head.title for story in found] == ["Another title"]
    assert await keep(LEDGER) == 1
    earlier = datetime(2023, 1, 1, tzinfo=UTC)
    gone = sum(event.public_from > earlier.date() and not event.scheduled for event in LEDGER.events)
    assert await keep(LEDGER, earlier) == gone
    assert await keep(LEDGER) == gone


@pytest.mark.parametrize(
    ("words", "title"),
    [
        (["H200", "ByteDance"], "First H200 reach ByteDance and Tencent"),
        (["字节跳动", "H200"], "First H200 reach ByteDance and Tencent"),
        (["Waffenruhe verlängert"], None),
        (["truce", "extended"], "The truce is extended to 10 January 2027"),
        (["Arrow Hong Kong"], "Two Hong Kong addresses of Arrow leave the Entity List"),
        (["arrow", "address"], "Two Hong Kong addresses of Arrow leave the Entity List"),
        (["zebra", "H200"], None),
        (["", "  ", "💥"], None),
    ],
)
async def test_search_finds_across_languages_and_endings_and_wants_every_word(shop, words, title):
    found = await shop.store.read(lambda conn: search(conn, words, NOW))
    assert [story.head.title for story in found[:1]] == ([title] if title else [])


async def test_recent_and_between_filter_by_what_a_story_is_about(shop):
    def ask(wanted, since=None):
        return shop.store.read(lambda conn: between(conn, since, NOW, wanted))

    for chips in (["H20"], ["MI308"]):
        told = await ask(Wanted(chips=chips))
        assert told
        assert all(set(chips) <= set(story.facts.chips) for story in told)
    both = await ask(Wanted(chips=["H200"], destinations=["CN"], kinds=[Kind.RULE], severity=Severity.HIGH))
    assert {(story.facts.kind, "CN" in story.facts.destinations) for story in both} == {(Kind.RULE, True)}
    assert await ask(Wanted(archive=False)) == []
    late = NOW - timedelta(days=30)
    assert all(story.grew_at >= late for story in await ask(Wanted(chips=["H200", "B300"]), late))


async def test_a_preview_counts_what_an_order_would_have_brought(shop):
    def ask(**order):
        return shop.store.read(lambda conn: preview(conn, Order.of(order), NOW))

    everything, high = await ask(), await ask(severity="high", trust="press")
    assert len(everything.stories) > len(high.stories) > 0
    assert everything.from_archive == len(everything.stories)
    assert all(story.grew_at > NOW - timedelta(days=90) for story in everything.stories)
    assert {story.facts.trust for story in (await ask(trust="official")).stories} == {Trust.OFFICIAL}


async def test_a_living_story_is_found_by_what_any_of_its_documents_says(shop):
    await shop.poll()
    outcome = await shop.poll(news("a", "Nvidia darf H20-Chips nach China verkaufen, Lizenzen zugesagt"))
    id_ = outcome.changes[0].story
    found = await shop.store.read(lambda conn: search(conn, ["英伟达", "H20", "verkauft"], shop.now))
    assert id_ in {story.id for story in found}
    story = await shop.store.read(lambda conn: one(conn, id_))
    assert (story.archive, story.retracted) == (False, False)
    assert await shop.store.read(lambda conn: one(conn, "s-none")) is None


async def test_search_looks_up_and_never_scans(shop):
    query = (
        "SELECT story FROM story_words WHERE word = 'chips.H20' AND began_at < '2030-01-01'"
        " AND EXISTS (SELECT 1 FROM story_words w WHERE w.word IN ('to.CN') AND w.began_at = story_words.began_at"
        " AND w.story = story_words.story) ORDER BY began_at DESC, story DESC LIMIT 10"
    )

    def plan(conn):
        if shop.store.path is not None:
            return conn.exec_driver_sql(f"EXPLAIN QUERY PLAN {query}").fetchall()
        conn.exec_driver_sql("SET LOCAL enable_seqscan = off")  # so small a table is read whole where it may be
        return conn.exec_driver_sql(f"EXPLAIN {query}").fetchall()

    said = " ".join(str(row) for row in await shop.store.read(plan))
    assert "SCAN" not in said
    assert "Seq Scan" not in said
    assert "TEMP B-TREE" not in said
