"""The platform over the wire: what is sent, what a refusal means, and that nothing stands twice."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.cards.card import Card, Picture, Span, Tone
from bot.clock import Clock, SetClock
from bot.delivery.platform import MessageRef, Outgoing
from bot.errors import DeliveryError
from bot.platforms.discord import rights
from bot.platforms.discord.pace import REFUSALS, WINDOW, Pace
from bot.platforms.discord.platform import Discord, nonce
from tests.fakes.discord.world import OWN_ID, TOKEN, at_path
from tests.platforms.discord.conftest import pack
from tests.platforms.discord.house import connected

CARD = Card(title=(Span("H20 → China: licences promised"),), tone=Tone.SAID, lines=((Span("Law: unchanged."),),))

BEFORE = datetime(2026, 1, 1, tzinfo=UTC)


def alert(channel="200", key="s-1.1.7", card=CARD, **more):
    return Outgoing(channel, card, key, {}, workspace="100", **more)


@pytest.fixture
def every_request_is_right(fake, check):
    yield
    for request in fake.world.requests:
        assert check(request.method, request.path, request.json) == [], request.path


pytestmark = pytest.mark.usefixtures("every_request_is_right")


async def failure(work) -> DeliveryError:
    with pytest.raises(DeliveryError) as caught:
        await work
    return caught.value


async def test_a_post_has_a_nonce_of_its_delivery_and_mentions_nobody(discord, fake):
    ref = await discord.send(alert())
    (sent,) = fake.world.posts()
    assert sent.json["nonce"] == nonce("s-1.1.7")
    assert len(sent.json["nonce"]) <= 25
    assert sent.json["enforce_nonce"] is True
    assert sent.json["allowed_mentions"] == {"parse": []}
    assert ref.message in fake.world.messages["200"]


async def test_an_edit_stays_in_place_and_a_reply_goes_under_it(discord, fake):
    head = await discord.send(alert())
    assert await discord.edit(head, alert(key="s-1.2.7", mention="55")) == head
    await discord.reply(head, alert(key="s-1.3.7"))
    edited, reply = fake.world.messages["200"].values()
    assert edited["edits"] == 1
    assert edited["mention_roles"] == ["55"]
    assert reply["reference"] == head.message


async def test_a_thread_begins_under_the_post_and_takes_the_replies(discord, fake):
    head = await discord.send(alert(place="thread"))
    ref = await discord.reply(head, alert(key="s-1.2.7", place="thread"))
    assert ref.channel == head.message
    assert fake.world.channels[head.message]["name"] == "H20 → China: licences promised"


async def test_without_a_thread_replies_go_into_the_channel(discord, fake, reports):
    fake.fault(at_path("POST", "/threads"), status=403, body={"message": "Missing Permissions", "code": 50013})
    head = await discord.send(alert(place="thread"))
    assert reports[0][0] == "200"
    ref = await discord.reply(head, alert(key="s-1.2.7", place="thread"))
    assert ref.channel == "200"


async def test_a_forum_gets_a_post_with_tags_and_replies_inside_it(discord, fake):
    head = await discord.send(alert("300", place="forum", tags=("law", "8", "unknown")))
    assert fake.world.channels[head.channel]["applied_tags"] == ["9", "8"]
    await discord.reply(head, alert("300", key="s-1.2.7", place="forum"))
    await discord.edit(head, alert("300", key="s-1.3.7", place="forum"))
    assert len(fake.world.messages[head.channel]) == 2
    assert await discord.find("300", "s-1.3.7", BEFORE) == head
    assert await discord.find("300", "s-9.1.7", BEFORE) is None


async def test_a_forum_post_that_a_moderator_deleted_costs_the_order_nothing(discord, fake):
    head = await discord.send(alert("300", place="forum"))
    fake.world.denied[head.channel] = (404, 10003)
    lost = await failure(discord.edit(head, alert("300", key="s-1.2.7", place="forum")))
    assert (lost.permanent, lost.lost) == (True, None)
    again = await discord.reply(head, alert("300", key="s-1.3.7", place="forum"))
    assert again.channel != head.channel
    assert len(fake.world.messages[again.channel]) == 1
    fake.world.denied[again.channel] = (404, 10003)
    fake.fault(at_path("POST", "/threads"), status=404, body={"message": "Unknown Channel", "code": 10003})
    assert (await failure(discord.reply(again, alert("300", key="s-1.4.7", place="forum")))).lost == "channel"


async def test_a_forum_that_wants_a_tag_is_lost_until_somebody_names_one(discord, fake):
    fake.world.channels["300"]["flags"] = 16
    assert (await failure(discord.send(alert("300", place="forum")))).lost == "channel"


async def test_an_archived_thread_is_taken_out_for_an_edit(discord, fake):
    head = await discord.send(alert("300", place="forum"))
    fake.world.denied[head.channel] = (400, 50083)
    await discord.edit(head, alert("300", key="s-1.2.7", place="forum"))
    assert fake.world.messages[head.channel][head.message]["edits"] == 1


async def test_an_announcement_is_published_once_and_edits_are_not(discord, fake):
    picture = replace(CARD, picture=Picture("chart", b"png", "https://e.example/chart"))
    head = await discord.send(alert("400", card=picture, place="announcement"))
    await discord.publish(head)
    await discord.edit(head, alert("400", key="s-1.2.7", card=picture, place="announcement"))
    await discord.publish(head)
    assert [r.path for r in fake.world.posts(end="/crosspost")] == [f"/channels/400/messages/{head.message}/crosspost"]
    assert all(not r.files for r in fake.world.requests)


async def test_ten_are_published_in_an_hour(discord, fake):
    for number in range(10):
        await discord.publish(await discord.send(alert("400", key=f"s-{number}.1.7", place="announcement")))
    eleventh = await discord.send(alert("400", key="s-10.1.7", place="announcement"))
    assert (await failure(discord.publish(eleventh))).retry_at is not None
    assert len(fake.world.posts(end="/crosspost")) == 10


async def test_publishing_elsewhere_or_twice_is_no_error(discord, fake):
    await discord.publish(await discord.send(alert("200")))
    head = await discord.send(alert("400"))
    fake.world.crossposted[head.message] = 1
    await discord.publish(head)
    assert len(fake.world.posts(end="/crosspost")) == 2  # each was asked for once, and refused


async def test_a_picture_goes_along(discord, fake):
    await discord.send(alert(card=replace(CARD, picture=Picture("chart", b"png"))))
    assert fake.world.requests[-1].files == {"picture.png": b"png"}


async def test_a_direct_message_opens_its_channel_once(discord, fake):
    await discord.tell("700000000000000009", CARD, "k1")
    await discord.tell("700000000000000009", CARD, "k2")
    assert len(fake.world.posts(end="/users/@me/channels")) == 1
    fake.world.denied["700000000000000008"] = (403, 50007)
    assert (await failure(discord.tell("700000000000000008", CARD, "k3"))).permanent


async def test_a_card_that_is_refused_goes_out_as_headline_and_link(discord, fake, reports):
    fake.fault(at_path("POST", "/messages"), status=400, body={"message": "Invalid Form Body", "code": 50035})
    card = replace(CARD, lines=((Span("text", url="https://e.example/a"),),))
    await discord.send(alert(card=card))
    first, second = fake.world.posts()
    assert second.json["components"][0]["content"] == "H20 → China: licences promised\nhttps://e.example/a"
    assert second.json["nonce"] == first.json["nonce"]
    assert reports == [("200", "400 50035: Invalid Form Body")]


@pytest.mark.parametrize(
    ("status", "code", "expected"),
    [
        (403, 50013, {"lost": "channel"}),
        (403, 50001, {"lost": "channel"}),
        (404, 10003, {"lost": "channel"}),
        (404, 10015, {"permanent": True}),
        (400, 30046, {"permanent": False}),
        (401, 0, {"lost": "platform"}),
        (503, 0, {"unknown": True}),
    ],
)
async def test_a_refusal_is_told_as_what_it_means(discord, fake, status, code, expected):
    fault = fake.fault(at_path("POST", "/messages"), status=status, body={"message": "no", "code": code}, times=9)
    error = await failure(discord.send(alert()))
    assert {name: getattr(error, name) for name in expected} == expected
    assert fault.times == 8, "it was tried again"


async def test_after_a_401_nothing_more_is_asked(discord, fake):
    fake.fault(at_path("POST", "/messages"), status=401, body={"message": "401: Unauthorized", "code": 0})
    await failure(discord.send(alert()))
    asked = len(fake.world.requests)
    assert (await failure(discord.send(alert("201")))).lost == "platform"
    assert len(fake.world.requests) == asked


async def test_a_wrong_token_is_lost_at_the_first_request(fake):
    wire, client = connected(fake, token="wrong.token.x")
    error = await failure(Discord(wire, pack, clock=wire.clock).send(alert()))
    await client.close()
    assert error.lost == "platform"


async def test_a_limit_is_waited_out_once_and_others_are_not_held_up(discord, fake):
    body = {"message": "slow down", "retry_after": 0.5, "global": False}
    headers = {"Via": "1.1 google", "X-RateLimit-Scope": "shared"}
    fake.fault(at_path("POST", "/200/messages"), status=429, body=body, headers=headers)
    slow = asyncio.create_task(discord.send(alert(key="a")))
    later = asyncio.create_task(discord.send(alert(key="b")))
    await fake.until(fake.world.posts)
    await discord.send(alert("201"))
    assert not slow.done()
    await asyncio.gather(slow, later)
    tries = [r for r in fake.world.posts() if "/200/" in r.path]
    assert [r.json["nonce"] for r in tries] == [nonce("a"), nonce("a"), nonce("b")]
    assert tries[1].at - tries[0].at >= 0.5


async def test_a_ban_without_via_slows_the_whole_platform(discord, fake):
    fake.fault(at_path("POST", "/messages"), status=429, body="banned", headers={"Retry-After": "600"})
    error = await failure(discord.send(alert()))
    assert error.slowed == "platform"
    assert error.retry_at is not None
    assert error.retry_at - discord._clock.now() > timedelta(seconds=590)
    assert len(fake.world.posts()) == 1


@pytest.mark.parametrize("how", [{"lost": True}, {"reset": True}])
async def test_a_lost_answer_leaves_one_message(discord, fake, how):
    fake.fault(at_path("POST", "/messages"), **how)
    assert (await failure(discord.send(alert()))).unknown
    found = await discord.find("200", "s-1.1.7", BEFORE)
    assert (found is not None) == ("lost" in how)
    again = await discord.send(alert())
    assert list(fake.world.messages["200"]) == [again.message]
    assert found in (None, again)


async def test_an_error_of_the_server_is_tried_again_with_the_same_nonce(discord, fake):
    fake.fault(at_path("POST", "/messages"), status=500, body="oops")
    await discord.send(alert())
    assert len({r.json["nonce"] for r in fake.world.posts()}) == 1
    assert len(fake.world.messages["200"]) == 1


async def test_a_message_of_somebody_else_is_not_taken_for_ours(discord, fake):
    ref = await discord.send(alert())
    fake.world.messages["200"][ref.message]["author"] = {"id": "1"}
    assert await discord.find("200", "s-1.1.7", BEFORE) is None


async def test_a_message_that_somebody_deleted_is_no_longer_edited(discord):
    assert (await failure(discord.edit(MessageRef("200", "1"), alert()))).permanent


async def test_surroundings_say_what_may_be_done(discord, fake):
    found = await discord.surroundings("400")
    assert (found.name, found.kind, found.publish, found.missing) == ("channel-400", "announcement", True, ())
    fake.world.channels["200"]["permission_overwrites"] = [
        {"id": "100", "type": 0, "deny": str(rights.SEND_MESSAGES | rights.ATTACH_FILES), "allow": "0"}
    ]
    closed = await discord.surroundings("200")
    assert (closed.post, closed.workspace, closed.workspace_name) == (False, "100", "Server 100")
    assert closed.missing == ("Send Messages", "Attach Files")
    assert (await failure(discord.surroundings("999"))).lost == "channel"


def test_an_exception_for_the_member_wins_over_one_for_a_role():
    guild = {"id": "1", "owner_id": "2", "roles": [{"id": "1", "permissions": str(rights.VIEW_CHANNEL)}]}
    overwrites = [
        {"id": "1", "deny": str(rights.VIEW_CHANNEL), "allow": "0"},
        {"id": OWN_ID, "deny": "0", "allow": str(rights.VIEW_CHANNEL | rights.SEND_MESSAGES)},
    ]
    channel = {"permission_overwrites": overwrites}
    assert rights.permissions_in(channel, guild, {"roles": []}, OWN_ID) == rights.VIEW_CHANNEL | rights.SEND_MESSAGES
    assert rights.permissions_in({"permission_overwrites": overwrites[:1]}, guild, {"roles": []}, OWN_ID) == 0


def test_the_invitation_asks_for_just_what_is_needed():
    assert rights.application_of(TOKEN) == OWN_ID
    assert rights.application_of("nonsense") is None
    address = rights.invitation(OWN_ID)
    assert f"permissions={rights.INVITATION}&" in address
    assert rights.INVITATION & (rights.ADMINISTRATOR | rights.MENTION_EVERYONE | rights.MANAGE_CHANNELS) == 0


async def test_no_second_brings_more_than_fifty_requests():
    clock = SetClock(datetime(2026, 1, 1, tzinfo=UTC))
    pace = Pace(clock)
    began = []
    for _ in range(500):
        await pace.wait()
        began.append(clock.now().timestamp())
    assert max(sum(1 for other in began if 0 <= other - at < 1.0) for at in began) <= 49
    assert 500 / (began[-1] - began[0]) > 45


async def test_refusals_are_counted_and_the_bot_rests_in_time(fake):
    clock = SetClock(datetime(2026, 1, 1, tzinfo=UTC))
    wire, client = connected(fake, clock=clock)
    discord = Discord(wire, pack, clock=clock)
    fake.world.denied["200"] = (403, 50013)
    await failure(discord.send(alert()))
    for _ in range(REFUSALS - 1):
        wire.pace.refused()
    asked = len(fake.world.requests)
    error = await failure(discord.send(alert("201")))
    assert (error.slowed, error.retry_at) == ("platform", datetime(2026, 1, 1, tzinfo=UTC) + WINDOW)
    assert len(fake.world.requests) == asked
    clock.set(clock.now() + WINDOW)
    await discord.send(alert("201"))
    await client.close()


class Noted(Pace):
    """Notes when each request started: when it arrives is the network's, and the machine's, affair."""

    def __init__(self, clock: Clock) -> None:
        super().__init__(clock)
        self.clock = clock
        self.at: list[datetime] = []

    async def wait(self) -> None:
        await super().wait()
        self.at.append(self.clock.now())


async def test_one_message_reaches_three_hundred_channels_each_once(fake):
    for number in range(300):
        fake.world.channel(f"{10_000 + number}")
    wire, client = connected(fake)
    wire.pace = pace = Noted(wire.clock)
    discord = Discord(wire, pack, clock=wire.clock)
    room = asyncio.Semaphore(20)

    async def send(number: int) -> None:
        async with room:
            await discord.send(alert(f"{10_000 + number}", key=f"s-1.1.{number}"))

    await asyncio.gather(*map(send, range(300)))
    await client.close()
    assert [len(fake.world.messages[f"{10_000 + n}"]) for n in range(300)] == [1] * 300
    second = timedelta(seconds=1)
    assert max(sum(at - second < other <= at for other in pace.at) for at in pace.at) <= fake.limits.per_second
