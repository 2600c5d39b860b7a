"""The adapter against a local Slack: what is posted, how fast, and what each error means."""

import asyncio
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from bot.cards.card import Button, Card, Picture
from bot.clock import SetClock, SystemClock
from bot.delivery.platform import MessageRef, Outgoing
from bot.errors import DeliveryError
from bot.locale.rich import Span
from bot.platforms.slack import platform
from bot.platforms.slack.api import Api, OneToken
from bot.platforms.slack.pace import GAP, Pace
from bot.platforms.slack.platform import Slack
from tests.fakes.slack import Channel, FakeSlack, User
from tests.pipeline.desk import START

HOSTILE = "<!channel> <@U1> <https://evil|bank> & <b>"
CARD = Card(
    (Span(HOSTILE),), lines=((Span(HOSTILE),),), footer=((Span(HOSTILE),),), buttons=(Button("Status", "status"),)
)


def out(key: str = "k1", channel: str = "C1", **more: object) -> Outgoing:
    return Outgoing(channel, CARD, key, {}, workspace="T1", **more)  # type: ignore[arg-type]


@pytest.fixture
async def slack():
    async with FakeSlack() as server:
        server.world.add(*(Channel(f"C{n}") for n in range(1, 21)), User("U7"))
        yield server


@pytest.fixture
async def reports():
    return []


@pytest.fixture
async def adapter(slack, reports):
    clock = SystemClock()
    made = Slack(
        Api(OneToken("xoxb-1"), clock, slack.api),
        clock,
        report=lambda what, facts: reports.append(what),
        pace=Pace(clock, timedelta(seconds=0.01)),
    )
    yield made
    await made.close()


@pytest.fixture
async def clock():
    return SetClock(datetime(2026, 7, 1, tzinfo=UTC))


@pytest.fixture
async def timed(slack, clock):
    """An adapter on a clock that is set by hand."""
    made = Slack(Api(OneToken("xoxb-1"), clock, slack.api), clock)
    yield made
    await made.close()


async def test_every_message_has_text_no_unfurling_and_dead_words(adapter, slack, check):
    head = await adapter.send(out())
    await adapter.reply(head, out("k2"))
    await adapter.reply(head, out("k3", broadcast=True))
    await adapter.edit(head, out("k4", mention="S0A"))
    posts = slack.world.asked("chat.postMessage")
    edits = slack.world.asked("chat.update")
    assert (len(posts), len(edits)) == (3, 1)
    for request in (*posts, *edits):
        args = request.args
        assert args["text"].strip()
        assert args["channel"] == "C1"
        assert (args["unfurl_links"], args["unfurl_media"]) == (False, False)
        assert check({"text": args["text"], "blocks": args["blocks"]}) == []
        said = str(args)
        assert "<!channel>" not in said
        assert "<@U1>" not in said
        assert "&lt;!channel&gt; &lt;@U1&gt;" in said
        assert "&amp;amp;" not in said
        assert "&amp;lt;" not in said
    assert [p.args.get("thread_ts") for p in posts] == [None, head.message, head.message]
    assert [p.args.get("reply_broadcast") for p in posts] == [None, None, True]
    assert "subteam" not in str(edits[0].args)


async def test_a_mention_that_was_asked_for_stands_in_blocks_and_text(adapter, slack):
    await adapter.send(out(mention="S0A"))
    args = slack.world.asked("chat.postMessage")[0].args
    assert args["text"].startswith("<!subteam^S0A>")
    assert args["blocks"][0]["text"]["text"] == "<!subteam^S0A>"


async def test_a_message_is_found_by_its_metadata_where_the_scope_allows(adapter, slack):
    ref = await adapter.send(out("known"))
    assert await adapter.find("C1", "known", START) == ref
    assert await adapter.find("C1", "other", START) is None
    slack.world.scopes["xoxb-1"] = frozenset({"chat:write"})
    for _ in range(2):
        with pytest.raises(DeliveryError) as caught:
            await adapter.find("C1", "known", START)
        assert caught.value.unknown
        assert caught.value.lost is None
    assert len(slack.world.asked("conversations.history")) == 3


async def test_a_reply_is_found_in_its_thread_where_the_history_of_the_channel_has_none(adapter, slack):
    head = await adapter.send(out())
    quiet, loud = await adapter.reply(head, out("k2")), await adapter.reply(head, out("k3", broadcast=True))
    answer = await adapter.api.call("T1", "conversations.history", channel="C1")
    assert [message["ts"] for message in answer["messages"]] == [loud.message, head.message]
    assert await adapter.find("C1", "k2", START) is None
    assert await adapter.find("C1", "k2", START, head) == quiet
    assert await adapter.find("C1", "k3", START, head) == loud
    assert await adapter.find("C1", "k9", START, head) is None
    assert await adapter.find("C1", "k2", START, MessageRef("C1", "1.1")) is None


@pytest.fixture
async def small_pages(monkeypatch):
    monkeypatch.setattr(platform, "PAGE", 4)
    monkeypatch.setattr(platform, "MOST_PAGES", 3)


@pytest.mark.usefixtures("small_pages")
@pytest.mark.parametrize("thread", [False, True])
async def test_a_message_is_found_among_many_and_where_there_are_more_nobody_knows(adapter, slack, thread):
    head = await adapter.send(out()) if thread else None
    post = partial(adapter.reply, head) if head else adapter.send
    began = datetime.now(UTC)
    sent = [await post(out(f"k{n}")) for n in range(11)]
    assert await adapter.find("C1", "k5", began, head) == sent[5]
    assert await adapter.find("C1", "none", began, head) is None
    await post(out("k11"))
    await post(out("k12"))
    with pytest.raises(DeliveryError) as caught:
        await adapter.find("C1", "none", began, head)
    assert caught.value.unknown
    assert await adapter.find("C1", "none", began + timedelta(hours=2), head) is None  # nothing newer is there


@pytest.mark.usefixtures("small_pages")
async def test_who_may_read_a_page_a_minute_does_not_wait_for_the_others(adapter, slack):
    for n in range(9):
        await adapter.send(out(f"k{n}"))
    slack.world.plan("conversations.history", None, (429, 60))
    with pytest.raises(DeliveryError) as caught:
        await adapter.find("C1", "none", START)
    assert (caught.value.unknown, caught.value.slowed) == (True, None)
    slack.world.plan("conversations.history", (429, 60))
    with pytest.raises(DeliveryError) as caught:
        await adapter.find("C1", "none", START)
    assert (caught.value.unknown, caught.value.slowed) == (False, "workspace")


@pytest.mark.parametrize("error", ["no_permission", "not_allowed_token_type"])
async def test_a_token_that_may_not_look_loses_no_channel(adapter, slack, error):
    slack.world.plan("conversations.replies", error)
    with pytest.raises(DeliveryError) as caught:
        await adapter.find("C1", "k1", START, MessageRef("C1", "1.1"))
    assert (caught.value.unknown, caught.value.lost) == (True, None)


ERRORS = [
    ("channel_not_found", "channel"), ("not_in_channel", "channel"), ("is_archived", "channel"),
    ("restricted_action", "channel"), ("account_inactive", "workspace"), ("token_revoked", "workspace"),
    ("invalid_auth", "workspace"), ("missing_scope", "workspace"),
]  # fmt: skip


@pytest.mark.parametrize(("error", "lost"), ERRORS)
async def test_what_is_out_of_reach_pauses_and_is_not_tried_again(adapter, slack, error, lost):
    slack.world.plan("chat.postMessage", error)
    with pytest.raises(DeliveryError) as caught:
        await adapter.send(out())
    assert (caught.value.lost, caught.value.permanent, caught.value.unknown) == (lost, False, False)
    assert error in caught.value.reason
    assert len(slack.world.asked("chat.postMessage")) == 1
    if error == "not_in_channel":
        assert "/invite" in caught.value.reason


@pytest.mark.parametrize("error", ["invalid_blocks", "msg_too_long", "msg_blocks_too_long"])
async def test_a_refused_payload_becomes_headline_and_link_and_is_reported(slack, adapter, reports, check, error):
    slack.world.plan("chat.postMessage", error)
    await adapter.send(out())
    refused, bare = slack.world.asked("chat.postMessage")
    assert refused.args["blocks"]
    assert bare.args["blocks"] == []
    assert bare.args["text"].startswith("&lt;!channel&gt;")
    assert reports == ["payload_refused"]
    slack.world.plan("chat.postMessage", error, error)
    with pytest.raises(DeliveryError) as caught:
        await adapter.send(out("again", "C2"))
    assert caught.value.permanent
    assert len(slack.world.asked("chat.postMessage")) == 4


async def test_a_rate_limit_holds_the_channel_and_no_other(timed, slack, clock):
    slack.world.plan("chat.postMessage", (429, 2))
    began = clock.now()
    with pytest.raises(DeliveryError) as caught:
        await timed.send(out())
    assert caught.value.slowed == "channel"
    assert caught.value.retry_at == began + timedelta(seconds=2)
    await timed.send(out("other", "C2"))
    assert clock.now() == began
    times = []
    for key in ("k1", "k2"):
        await timed.send(out(key))
        times.append((clock.now() - began).total_seconds())
    assert times == [2.0, 3.02]
    keys = [m["metadata"]["event_payload"]["key"] for m in slack.world.messages["C1"]]
    assert keys == ["k1", "k2"]


async def test_twenty_channels_at_the_pace_are_never_told_to_slow_down(slack):
    slack.pace = 0.2
    clock = SystemClock()
    made = Slack(Api(OneToken("xoxb-1"), clock, slack.api), clock, pace=Pace(clock, timedelta(seconds=0.204)))
    began = asyncio.get_running_loop().time()

    async def feed(channel: str) -> None:
        for number in range(3):
            await made.send(out(f"{channel}-{number}", channel))

    await asyncio.gather(*(feed(f"C{n}") for n in range(1, 21)))
    assert slack.limited == 0
    assert asyncio.get_running_loop().time() - began < 20
    for n in range(1, 21):
        keys = [m["metadata"]["event_payload"]["key"] for m in slack.world.messages[f"C{n}"]]
        assert keys == [f"C{n}-{number}" for number in range(3)]
    await made.close()


async def test_the_pace_is_one_a_second():
    assert timedelta(seconds=1) < GAP < timedelta(seconds=1.1)


async def test_a_turn_that_is_far_away_is_given_back(timed, slack):
    results = await asyncio.gather(*(timed.send(out(f"k{n}")) for n in range(6)), return_exceptions=True)
    refused = [r for r in results if isinstance(r, DeliveryError)]
    assert len(refused) == 2
    assert all(r.slowed == "channel" and r.retry_at is not None and not r.unknown for r in refused)
    assert len(slack.world.messages["C1"]) == 4


@pytest.mark.parametrize(("plan", "unknown", "stored"), [("lost", True, 1), ("cut", True, 0), (503, True, 0)])
async def test_an_unknown_outcome_is_called_so_and_sent_once(adapter, slack, plan, unknown, stored):
    slack.world.plan("chat.postMessage", plan)
    with pytest.raises(DeliveryError) as caught:
        await adapter.send(out("k9"))
    assert (caught.value.unknown, caught.value.permanent, caught.value.lost) == (unknown, False, None)
    assert len(slack.world.asked("chat.postMessage")) == 1
    assert len(slack.world.messages["C1"]) == stored
    found = await adapter.find("C1", "k9", START)
    assert (found is not None) == bool(stored)


async def test_slack_that_cannot_be_reached_is_tried_again(slack):
    made = Slack(Api(OneToken("x"), SystemClock(), "http://127.0.0.1:9/api"), SystemClock())
    with pytest.raises(DeliveryError) as caught:
        await made.send(out())
    assert (caught.value.unknown, caught.value.permanent, caught.value.lost) == (False, False, None)
    await made.close()


async def test_a_deleted_message_ends_its_edits_only(adapter, slack):
    with pytest.raises(DeliveryError) as caught:
        await adapter.edit(MessageRef("C1", "1.1"), out())
    assert (caught.value.permanent, caught.value.lost) == (True, None)


async def test_surroundings_say_what_is_missing(adapter, slack):
    slack.world.add(Channel("C30", name="away", member=False), Channel("C31", private=True, member=False))
    here = await adapter.surroundings("C1")
    assert (here.name, here.kind, here.post, here.workspace_name) == ("chip-news", "text", True, "Team T1")
    away = await adapter.surroundings("C30")
    assert (away.post, away.missing) == (False, ("not_in_channel",))
    slack.world.channels["C1"].archived = True
    assert (await adapter.surroundings("C1")).missing == ("is_archived",)
    with pytest.raises(DeliveryError) as caught:
        await adapter.surroundings("C31")
    assert caught.value.lost == "channel"


async def test_a_person_is_told_in_a_direct_message(adapter, slack):
    ref = await adapter.tell("T1/U7", CARD, "k")
    assert ref.channel == "DU7"
    with pytest.raises(DeliveryError):
        await adapter.tell("T1/U8", CARD, "k")


async def test_the_address_of_a_message_is_slacks_own(adapter, slack):
    ref = await adapter.send(out())
    await adapter.surroundings("C1")
    answer = await adapter.api.call("T1", "chat.getPermalink", channel="C1", message_ts=ref.message)
    assert (
        adapter.link(
            ref,
            "T1",
        ).replace("p" + ref.message.replace(".", ""), "p" + ref.message)
        == answer["permalink"]
    )


async def test_a_picture_is_uploaded_once_and_its_failure_costs_only_the_picture(adapter, slack, check, reports):
    card = Card((Span("Map"),), picture=Picture("what it shows", png=b"\x89PNG"))
    await adapter.send(Outgoing("C1", card, "a", {}, workspace="T1"))
    await adapter.send(Outgoing("C2", card, "b", {}, workspace="T1"))
    first, second = (request.args["blocks"] for request in slack.world.asked("chat.postMessage"))
    assert first[-1] == second[-1] == {"type": "image", "slack_file": {"id": "F1"}, "alt_text": "what it shows"}
    assert check(first) == []
    assert slack.world.files == {"F1": b"\x89PNG"}
    slack.world.scopes["xoxb-1"] = frozenset({"chat:write"})
    await adapter.send(Outgoing("C3", Card((Span("t"),), picture=Picture("alt", png=b"2")), "c", {}, workspace="T1"))
    assert reports == ["picture_refused"]
    assert "alt" in str(slack.world.asked("chat.postMessage")[-1].args["blocks"])


async def test_a_picture_that_is_not_ready_costs_the_picture_and_not_the_words(adapter, slack):
    slack.world.plan("chat.postMessage", "invalid_blocks")
    card = Card((Span("Map"),), lines=((Span("words"),),), picture=Picture("alt", png=b"\x89PNG"))
    await adapter.send(Outgoing("C1", card, "a", {}, workspace="T1"))
    first, second = (request.args["blocks"] for request in slack.world.asked("chat.postMessage"))
    assert "slack_file" in str(first)
    assert "slack_file" not in str(second)
    assert "words" in str(second)


async def test_channels_are_found_in_their_workspace():
    async def home_of(channel: str) -> str:
        return {"C9": "T2"}.get(channel, "")

    class Two:
        async def token(self, workspace: str) -> str:
            return {"T1": "xoxb-1", "T2": "xoxb-2"}[workspace]

    async with FakeSlack() as slack:
        slack.world.tokens["xoxb-2"] = "T2"
        slack.world.add(Channel("C9", "T2"))
        made = Slack(Api(Two(), SystemClock(), slack.api), SystemClock(), home_of=home_of, pace=Pace(SystemClock()))
        assert (await made.surroundings("C9")).workspace == "T2"
        await made.close()
