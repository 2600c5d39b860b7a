"""The presets as channels get them: what each was promised to bring, and what not."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.cards.card import plain
from bot.delivery.jobs import expect_digests
from bot.delivery.order import Order, Quiet
from bot.delivery.presets import PRESETS, preset_of
from bot.model import Kind, Severity, Trust
from bot.pipeline.match import refusal
from bot.store import schema
from tests.cards.stories import FIRST, revision
from tests.delivery.chat import Chat, Post
from tests.delivery.test_manners import order
from tests.pipeline.desk import Desk


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_is_an_order_and_is_known_again_until_something_is_changed(name):
    stored = dict(PRESETS[name])
    assert Order.of(stored).growth == stored["growth"]
    assert preset_of(stored) == name
    assert preset_of(stored | {"chips": ["H20"]}) is None
    assert preset_of({}) is None


def wanted(severity: Severity, trust: Trust, kind: Kind = Kind.RULE) -> set[str]:
    """The presets that bring a story of this weight, by this source, of this kind."""
    told = revision(FIRST).story
    members = tuple(replace(member, trust=trust) for member in told.members)
    story = replace(told, members=members, facts=replace(told.facts, severity=severity, kind=kind))
    return {name for name in PRESETS if refusal(Order.of(PRESETS[name]), story) is None}


@pytest.mark.parametrize(
    ("severity", "trust", "kind", "expected"),
    [
        ("critical", "press", "rule", {"headlines", "newsroom", "weekly_brief"}),
        ("high", "press", "rule", {"headlines", "newsroom", "weekly_brief"}),
        ("high", "rumour", "rule", {"newsroom"}),
        ("normal", "press", "rule", {"newsroom", "weekly_brief"}),
        ("low", "press", "rule", {"newsroom"}),
        ("low", "official", "rule", {"law_only", "newsroom"}),
        ("low", "official", "analysis", {"law_only", "newsroom"}),  # an official document, whatever it is
        ("high", "press", "analysis", {"newsroom"}),
        ("low", "rumour", "analysis", {"newsroom"}),  # everything that is relevant
    ],
)
def test_each_preset_brings_what_it_promises(severity, trust, kind, expected):
    assert wanted(Severity(severity), Trust(trust), Kind(kind)) == expected


def test_when_and_where_each_preset_speaks():
    orders = {name: Order.of(PRESETS[name]) for name in PRESETS}
    assert [orders[name].pace for name in PRESETS] == ["now", "now", "now", "weekly"]
    assert [orders[name].quiet for name in PRESETS] == [Quiet("22:00", "07:00"), None, None, None]
    assert orders["headlines"].breaks_through
    assert [orders[name].mention for name in PRESETS] == [""] * 4
    assert [orders[name].place for name in PRESETS] == ["post", "post", "thread", "post"]


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("en", "A quiet week: nothing for this channel."),
        ("de", "Eine ruhige Woche: nichts für diesen Kanal."),
        ("zh", "平静的一周：本频道无动态。"),
    ],
)
async def test_a_quiet_week_is_two_lines_in_the_weekly_brief_and_silence_elsewhere(
    one_desk: Desk, language: str, title: str
) -> None:
    await order(one_desk, **PRESETS["weekly_brief"])
    speaks = schema.subscriptions.update().values(language=language)
    await one_desk.store.write(lambda conn: conn.execute(speaks))
    for name in ("headlines", "law_only", "newsroom"):
        await one_desk.subscribe(name, **PRESETS[name])
    chat = Chat()
    post = Post(one_desk, chat)
    for _ in range(14):
        one_desk.now += timedelta(days=1)
        await one_desk.store.write(lambda conn: expect_digests(conn, one_desk.now))
        await post.drain()
    assert chat.ops == ["post", "post"]
    card = chat.messages[0][1].card
    assert (plain(card.title), len(card.lines), chat.messages[0][1].channel) == (title, 1, "console")
