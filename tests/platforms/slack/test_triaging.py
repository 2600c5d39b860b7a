"""Triage in Slack: who decides what, how it is shown and kept, and what is exported."""

import csv
import io
from datetime import UTC, datetime

import pytest

from bot.cards.card import Button, Card
from bot.delivery.platform import Outgoing
from bot.locale.rich import Span
from bot.platforms.slack.triaging import bounds, table_of
from bot.store import audit, triage
from bot.store.triage import Item
from tests.platforms.slack.office import press, until, words

ALERT = Card((Span("H20 → China: <b> promised"),), lines=((Span("Law"),),), buttons=(Button("Status", "status"),))


def alert(channel: str = "C1", story: str = "s-1") -> Outgoing:
    return Outgoing(channel, ALERT, f"k-{story}", {"story": story, "severity": "high"}, workspace="T1")


async def test_triage_is_off_until_a_manager_switches_it_on(bot, check):
    platform = bot.connection.platform
    await platform.send(alert())
    assert "triage" not in words(bot.slack.world.asked("chat.postMessage")[0].args)
    refused = (await bot.answered(await bot.command("triage on")))[0]
    assert not await bot.store.read(lambda conn: triage.is_on(conn, "slack", "C1"))
    assert refused["response_type"] == "ephemeral"
    await bot.answered(await bot.command("triage on", user_id="UA"))
    ref = await platform.send(alert(story="s-2"))
    post = bot.slack.world.asked("chat.postMessage")[-1].args
    assert check({"text": post["text"], "blocks": post["blocks"]}) == []
    assert "triage.reviewed" in words(post)
    await platform.send(alert("C2", "s-3"))
    assert "triage" not in words(bot.slack.world.asked("chat.postMessage")[-1].args)
    item = await bot.store.read(lambda conn: triage.one(conn, "slack", "C1", "s-2"))
    assert (item.message, item.state) == (ref.message, "open")


async def test_a_decision_is_noted_once_shown_and_kept_by_edits(bot, check):
    await bot.answered(await bot.command("triage on", user_id="UA"))
    ref = await bot.connection.platform.send(alert())
    shown = bot.slack.world.messages["C1"][0]
    actions = shown["blocks"][-1]
    place = {
        "message": {"ts": ref.message, "text": shown["text"], "blocks": shown["blocks"]},
        "container": {"type": "message", "message_ts": ref.message, "channel_id": "C1"},
    }
    for action in (
        {"type": "button", "action_id": "triage.reviewed", "value": "reviewed"},
        {"type": "button", "action_id": "triage.reviewed", "value": "reviewed"},
        {"type": "users_select", "action_id": "triage.assign", "selected_user": "U2"},
        {"type": "datepicker", "action_id": "triage.due", "selected_date": "2026-07-09"},
        {"type": "static_select", "action_id": "triage.not_applicable", "selected_option": {"value": "forged"}},
        {"type": "users_select", "action_id": "triage.assign", "selected_user": "<!channel>"},
    ):
        payload, _ = press(bot.slack, {**action, "block_id": actions["block_id"]}, **place)
        name = await bot.slack.envelope("interactive", payload)
        await until(lambda name=name: name in bot.slack.acks)
    await until(lambda: len(bot.slack.world.asked("chat.update")) >= 3)
    item = await bot.store.read(lambda conn: triage.one(conn, "slack", "C1", "s-1"))
    assert (item.state, item.decided_by, item.assignee, item.due) == ("reviewed", "U1", "U2", "2026-07-09")
    lines = await bot.store.read(audit.lines)
    assert [line["action"] for line in lines].count("triage") == 3
    for request in bot.slack.world.asked("chat.update"):
        assert check({"text": request.args["text"], "blocks": request.args["blocks"]}) == []
    await bot.connection.platform.edit(ref, alert())
    edited = words(bot.slack.world.asked("chat.update")[-1].args)
    assert "<@U1>" in edited
    assert "<@U2>" in edited
    assert "&lt;b&gt;" in edited


async def test_nobody_decides_for_another_workspace(bot):
    await bot.answered(await bot.command("triage on", user_id="UA"))
    await bot.connection.platform.send(alert())
    action = {"type": "button", "action_id": "triage.reviewed", "value": "reviewed", "block_id": "triage.actions.s-1"}
    for more in ({"team": {"id": "T2"}}, {"user": {"id": "U5", "team_id": "T7"}}, {"channel": {"id": "C2"}}):
        payload, _ = press(bot.slack, action, **more)
        name = await bot.slack.envelope("interactive", payload)
        await until(lambda name=name: name in bot.slack.acks)
    await bot.answered(await bot.command("H20 China"))
    item = await bot.store.read(lambda conn: triage.one(conn, "slack", "C1", "s-1"))
    assert item.state == "open"


async def test_a_quarter_is_exported_to_the_one_who_asks(bot):
    now = datetime.now(UTC)
    headline = '=HYPERLINK("http://evil.example";"x")'
    await bot.store.write(lambda conn: triage.switch(conn, "slack", "T1", "C1", True, "UA", now))
    item = Item("slack", "C1", "s-1", "T1", "1.1", headline, "high", datetime(2026, 8, 2, tzinfo=UTC))
    await bot.store.write(lambda conn: triage.open_item(conn, item))
    await bot.answered(await bot.command("triage export 2026-Q3", user_id="UA"))
    await until(lambda: bot.slack.world.asked("files.completeUploadExternal"))
    assert bot.slack.world.asked("files.completeUploadExternal")[0].args["channel_id"] == "DUA"
    (content,) = bot.slack.world.files.values()
    head, row = csv.reader(io.StringIO(content.decode("utf-8-sig")))
    assert head[0] == "opened"
    assert row[3] == "'" + headline


def test_a_quarter_without_items_is_a_table_without_rows():
    assert table_of([]).startswith(b"\xef\xbb\xbfopened,")


@pytest.mark.parametrize(("number", "begins", "ends"), [(1, (2026, 1), (2026, 4)), (4, (2026, 10), (2027, 1))])
def test_quarters_end_where_the_next_begins(number, begins, ends):
    since, until_ = bounds(2026, number)
    assert ((since.year, since.month), (until_.year, until_.month)) == (begins, ends)
