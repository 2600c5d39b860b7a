"""Channels and user groups are named as people name them, must be the workspace's own, and are shown by their names."""

import pytest
import sqlalchemy as sa

from bot.cards.names import named_channel
from bot.delivery.presence import Presence
from bot.platforms.slack.mrkdwn import mrkdwn
from bot.platforms.slack.render import title
from bot.store import schema, subscriptions, workspaces
from tests.fakes.slack import Channel, User
from tests.platforms.slack.office import until, words
from tests.platforms.slack.test_windows import mention_window, pressed, sent, texts


@pytest.fixture
async def named(bot):
    world = bot.slack.world
    world.add(Channel("C7", name="mods"), Channel("C8", "T2"), Channel("C9", member=False), Channel("G1", private=True))
    world.groups["S7"], world.handles["S7"] = ["U1"], "export-team"
    return bot


async def manager(bot, text):
    (said, *_) = await bot.answered(await bot.command(text, user_id="UA"))
    return words(said)


async def workspace(bot):
    return await bot.store.read(lambda conn: workspaces.one(conn, "slack", "T1"))


@pytest.mark.parametrize("typed", ["<#C7|mods>", "C7"])
async def test_notices_go_to_a_channel_that_is_told_by_its_name(named, typed):
    said = await manager(named, f"settings notices:{typed}")
    assert ("#mods" in said, "C7" in said) == (True, False)
    assert (await workspace(named)).notices_channel == "C7"
    assert "reported in #mods, not here" in await manager(named, "follow headlines")
    assert "✓ Problems have a place" in await manager(named, "doctor")


NO_PLACES = {
    "C8": "not known as one of this server",
    "CNONE": "not known as one of this server",
    "nonsense": "not known as one of this server",
    "#mods": "not recognised",
    "<#C9|x>": "may not post in that channel (not",
}


async def test_notices_go_to_no_channel_of_others_and_to_none_where_the_bot_is_mute(named):
    for typed, why in NO_PLACES.items():
        assert why in await manager(named, f"settings language:de notices:{typed}"), typed
    assert await workspace(named) is None


async def test_where_slack_does_not_answer_nothing_is_set(named):
    named.slack.world.plan("conversations.info", 503)
    assert "does not say now" in await manager(named, "settings notices:C7")
    assert await workspace(named) is None


async def test_the_doctor_sees_that_what_is_reported_would_not_arrive(named):
    await manager(named, "follow headlines")
    await manager(named, "settings notices:C7")
    named.slack.world.channels["C7"].archived = True
    said = await manager(named, "doctor")
    assert "✗ Problems cannot be reported in #mods" in said
    assert "to be mended" in said
    del named.slack.world.channels["C7"]
    said = await manager(named, "doctor")
    assert "✗ Problems cannot be reported in <#C7>" in said


async def test_the_doctor_looks_at_no_channel_of_others(named):
    def ordered(conn):
        subscriptions.add(conn, "slack", "C8", {}, named.services.clock.now(), "slack:T2/UB", workspace="T2")

    await named.store.write(ordered)
    for typed in ("C8", "CNONE"):
        assert "not known as one of this server" in await manager(named, f"doctor channel:{typed}")


async def test_the_doctor_looks_at_another_channel_of_ours(named):
    await named.answered(await named.command("follow headlines", user_id="UA", channel_id="C7"))
    assert "All is well" not in await manager(named, "doctor channel:C7")
    assert "This channel follows, and" in await manager(named, "doctor channel:<#C7|mods>")


async def test_lists_show_channels_as_slack_shows_them(named):
    await named.answered(await named.command("follow headlines", user_id="UA", channel_id="C7"))
    await manager(named, "settings language:en")
    assert "<#C7>" in await manager(named, "list")
    said = await manager(named, "audit")
    assert ("<#C7>" in said, "the whole server" in said, "slack:C7" in said) == (True, True, False)


def test_a_channel_in_a_headline_is_no_header():
    assert title(named_channel("", "C7"), "en")["text"]["text"] == "*<#C7>*"
    assert title(named_channel("mods", "C7"), "en") == title(named_channel("#mods", ""), "en")
    assert mrkdwn(named_channel("", "C7> <!channel"), 300) == "#C7&gt; &lt;!channel"


async def test_a_group_is_found_by_its_handle_and_told_by_it(named):
    for typed in ("@export-team", "export-team", "S7", "<!subteam^S7|@export-team>"):
        assert "@export-team" in await manager(named, f"settings manager-role:{typed}"), typed
        assert (await workspace(named)).settings["manager_role"] == "S7"


async def test_what_is_no_group_may_not_manage(named):
    for typed in ("@nobody", "S8", "<@U1|ada>", "@here", "ada"):
        assert "There is no group" in await manager(named, f"settings manager-role:{typed}"), typed
    assert await workspace(named) is None


async def test_without_the_scope_only_ids_are_taken(named):
    world = named.slack.world
    world.scopes["xoxb-1"] = frozenset({"users:read", "channels:read", "chat:write"})
    assert "usergroups:read" in await manager(named, "settings manager-role:@export-team")
    await manager(named, "settings manager-role:S7")
    assert (await workspace(named)).settings["manager_role"] == "S7"


@pytest.mark.parametrize(
    ("typed", "mention", "shown"),
    [("@export-team", "S7", "@export-team"), ("S7", "S7", "@export-team"), ("here", "here", "@here"),
     ("U1", "U1", "@u1")],
)  # fmt: skip
async def test_whom_to_mention_is_found_by_the_handle(named, typed, mention, shown):
    named.slack.world.add(User("U1"))
    step = await mention_window(named)
    assert (await sent(named, texts(mention=typed), "UA"))["response_action"] == "update"
    await until(lambda: named.slack.world.asked("views.update"))
    query = sa.select(schema.drafts.c.draft)
    (draft,) = await named.store.read(lambda conn: conn.execute(query).scalars().all())
    assert draft["order"]["mention"] == mention
    named.connection.listeners._pressed.clear()  # the same button again is no double click
    await pressed(named, step, "order_mention", "UA")
    await until(lambda: len(named.slack.world.asked("views.open")) == 2)
    assert f'"initial_value": "{shown}"' in words(named.slack.world.views[-1])


async def test_a_handle_that_is_none_is_refused_where_it_stands(named):
    await mention_window(named)
    refused = await sent(named, texts(mention="@nobody"), "UA")
    assert (refused["response_action"], list(refused["errors"])) == ("errors", ["mention"])
    assert "@nobody" in refused["errors"]["mention"]


async def test_a_letter_shows_its_channel_as_slack_shows_it(named):
    await manager(named, "follow headlines")
    await manager(named, "settings notices:C7")
    presence = Presence(named.store, {"slack": named.connection.platform}, named.services.clock)
    await presence.joined("slack", "T1", "Acme")
    await presence.lost("slack", "channel", "C1", "is_archived")
    assert await presence.deliver_letters() == 1
    assert "<#C1>" in words(named.slack.world.messages["C7"][0])
