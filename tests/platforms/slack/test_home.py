"""App Home: as many pages as it takes, each one that Slack would show, and every order on one of them."""

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.model import Assessment, Kind, Member, Op, Revision, Story, Trust
from bot.pipeline.operators import decisions
from bot.platforms.slack.home import PAGE, TURN
from bot.store import revisions, schema, stories, subscriptions
from bot.store import sources as source_states
from tests.platforms.slack.office import event, press, until, words

NOW = datetime(2026, 7, 1, tzinfo=UTC)
FACTS = Assessment(True, 1.0, ("H20",), destinations=("CN",), kind=Kind.REPORT, trust=Trust.PRESS)
MEMBER = Member("wire", "Wire", "k", "A report on the H20", "https://wire.example/a", NOW, "en", Trust.PRESS, NOW)
STORY = Story("s-1", NOW, NOW, FACTS, MEMBER, (MEMBER,))
REASON = "<!channel> & " * 60


async def follow(bot, count, reason=""):
    def work(conn):
        for number in range(count):
            id_ = subscriptions.add(conn, "slack", f"CX{number}", {"severity": "high"}, NOW, "U1", workspace="T1")
            if reason:
                subscriptions.pause(conn, id_, NOW, reason)

    await bot.store.write(work)


async def opened(bot, user="U1"):
    """The first page, as somebody finds it."""
    published = len(bot.slack.world.asked("views.publish"))
    await bot.slack.envelope("events_api", event("app_home_opened", user=user, channel=f"D{user}", tab="home"))
    await until(lambda: len(bot.slack.world.asked("views.publish")) > published)
    return bot.slack.world.homes["T1", user]


async def pressed(bot, button, page, user="U1"):
    """What is there after a button of the page was pressed."""
    published = len(bot.slack.world.asked("views.publish"))
    view = {**page, "id": "VH", "type": "home"}
    payload, _ = press(
        bot.slack, button, container={"type": "view", "view_id": "VH"}, view=view, user={"id": user, "team_id": "T1"},
        channel=None, message=None,
    )  # fmt: skip
    await bot.slack.envelope("interactive", payload)
    await until(lambda: len(bot.slack.world.asked("views.publish")) > published)
    return bot.slack.world.homes["T1", user]


def buttons(page):
    return {e["text"]["text"]: e for b in page["blocks"] if b["type"] == "actions" for e in b["elements"]}


def channels(page):
    return re.findall(r"<#(CX\d+)>", words(page))


@pytest.mark.parametrize(("user", "reason"), [("U1", ""), ("U9", REASON)])
async def test_two_hundred_orders_stand_on_pages_that_are_all_valid(bot, check, user, reason):
    await follow(bot, 200, reason)
    page, found = await opened(bot, user), []
    while True:
        assert check(page) == []
        assert len(page["blocks"]) <= 100
        assert "<!channel>" not in words(page)
        found += channels(page)
        if "Next" not in buttons(page):
            break
        page = await pressed(bot, buttons(page)["Next"], page, user)
    assert found == [f"CX{number}" for number in range(200)]
    back = await pressed(bot, buttons(page)["Back"], page, user)
    assert check(back) == []
    assert channels(back) == [f"CX{number}" for number in range(100, 150)]


async def test_what_is_done_on_a_page_leaves_one_on_it(bot):
    await follow(bot, 120)
    first = await opened(bot)
    second = await pressed(bot, buttons(first)["Next"], first)
    after = await pressed(bot, buttons(second)["Help"], second)
    assert channels(after) == channels(second)


@pytest.mark.parametrize("asked", ["0", "-1", "99999", "999999999999", "x", "²", ""])
async def test_a_page_that_is_none_is_one_that_there_is(bot, check, asked):
    await follow(bot, 60)
    first = await opened(bot)
    button = {**buttons(first)["Next"], "value": f'["{TURN}",["{PAGE}","{asked}"]]'}
    page = await pressed(bot, button, first)
    assert check(page) == []
    assert channels(page)


async def test_few_orders_need_no_turning(bot):
    await follow(bot, 50)
    assert {"Next", "Back"}.isdisjoint(buttons(await opened(bot)))


async def test_what_was_taken_back_is_listed_as_a_correction(bot, check):
    def tell(conn):
        order = subscriptions.add(conn, "slack", "C1", {}, NOW, "U1", workspace="T1")
        stories.begin(conn, "s-1", FACTS, NOW)
        stories.seat(conn, "s-1", MEMBER, FACTS, {})
        revisions.issue(conn, Revision(STORY, 1, Op.POST, NOW), [])
        stories.grow(conn, "s-1", FACTS, NOW, 1)
        row = {"story": "s-1", "number": 1, "subscription": order, "platform": "slack", "op": "post", "urgency": 1,
               "state": "sent", "due_at": NOW, "created_at": NOW, "sent_at": NOW, "message_channel": "C1",
               "message": "1750000000.000100"}  # fmt: skip
        conn.execute(schema.deliveries.insert().values(**row))

    await bot.store.write(tell)
    assert "Withdrawn" not in words(await opened(bot))
    await bot.store.write(lambda conn: decisions.retract(conn, "s-1", "misread", NOW, "o", lambda facts, at: []))
    page = await opened(bot)
    assert check(page) == []
    assert "Withdrawn: " in words(page)


async def test_operators_see_a_source_that_rests(bot, check):
    def rest(conn):
        source_states.register(conn, {"wire": "feed"})
        source_states.save(conn, "wire", error=source_states.RESTS, error_detail="set fetch.contact")

    await bot.store.write(rest)
    page = await opened(bot, "U9")
    assert check(page) == []
    assert "at rest" in words(page)
    assert "at rest" not in words(await opened(bot))


@pytest.mark.parametrize(("url", "linked"), [("https://board.example", True), ("http://10.0.0.1", False), ("", False)])
async def test_the_board_is_linked_where_readers_can_reach_it(bot, check, url, linked):
    settings = bot.services.settings
    bot.services.settings = replace(settings, web=replace(settings.web, url=url))
    page = await opened(bot)
    assert check(page) == []
    assert ("Board" in buttons(page)) == linked
