"""A channel that two companies share, each with the bot: what one has ordered is not the other's to see or change."""

import pytest

from bot.platforms.slack.visit import one_install
from bot.store import audit, subscriptions, triage, watchlists
from bot.store.watchlists import Owner, OwnerKind
from tests.fakes.slack import User
from tests.platforms.slack.office import event, until, words

REFUSED = "ordered in another workspace"


@pytest.fixture
async def shared(bot):
    """C1 with an order, a watch list and triage of T1; UB administers T2."""
    bot.slack.world.add(User("UB", "T2", admin=True))
    for line in ("follow headlines", "watchlist add Inspur whose:channel", "triage on"):
        await bot.answered(await bot.command(line, user_id="UA"))
    return bot


async def theirs(shared, text):
    (said, *_) = await shared.answered(await shared.command(text, user_id="UB", team_id="T2"))
    return words(said)


LINES = (
    "follow newsroom", "follow headlines language:de", "edit", "pause", "resume", "stop", "preview", "doctor",
    "list do:export", "settings default:this_channel", "watchlist whose:channel", "watchlist add Huawei",
    "watchlist remove Inspur", "triage off",
)  # fmt: skip


async def test_what_one_company_ordered_the_other_neither_changes_nor_reads(shared):
    before = await shared.store.read(lambda conn: subscriptions.of_channel(conn, "slack", "C1"))
    for line in LINES:
        said = await theirs(shared, line)
        assert REFUSED in said or "follows nothing yet" in said, line
        assert "Inspur" not in said, line
    assert await shared.store.read(lambda conn: subscriptions.of_channel(conn, "slack", "C1")) == before
    assert await shared.store.read(lambda conn: triage.is_on(conn, "slack", "C1"))
    names = await shared.store.read(lambda c: watchlists.names_of(c, Owner("slack", OwnerKind.CHANNEL, "C1")))
    assert [each.name for each in names] == ["Inspur"]


async def test_the_owner_still_changes_it(shared):
    await shared.answered(await shared.command("follow newsroom", user_id="UA"))
    await shared.answered(await shared.command("pause", user_id="UA"))
    (order,) = await shared.store.read(lambda conn: subscriptions.of_workspace(conn, "slack", "T1"))
    assert (order.order["severity"], order.paused_at is not None) == ("low", True)


async def test_the_other_company_does_not_learn_who_changed_what(shared):
    assert len(await shared.store.read(audit.lines)) == 3
    assert "UA" not in await theirs(shared, "audit")
    (mine, *_) = await shared.answered(await shared.command("audit", user_id="UA"))
    assert "T1/UA" in words(mine)


async def test_a_watch_list_is_private_where_nothing_is_followed(shared):
    await shared.answered(await shared.command("stop", user_id="UA"))
    assert REFUSED in await theirs(shared, "watchlist whose:channel")
    assert REFUSED in await theirs(shared, "triage off")


async def test_that_the_other_company_loses_the_channel_is_no_loss_of_ours(shared):
    for team in ("T2", "T1"):
        await shared.slack.envelope("events_api", event("channel_left", team=team, channel="C1"))
    await until(lambda: shared.heard.said[-1][0] == "lost")
    assert [each for each in shared.heard.said if each[0] == "lost"] == [("lost", "channel", "C1", "channel_left")]
    back = event("member_joined_channel", team="T2", channel="C1", user="UBOTT1")
    await shared.slack.envelope("events_api", back)
    await theirs(shared, "H20 China")
    assert not any(each[0] == "regained" for each in shared.heard.said)


async def test_what_is_posted_goes_by_the_order_and_not_by_who_spoke_last(shared):
    await theirs(shared, "H20 China")
    assert await shared.connection.platform.home("C1") == "T1"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("T1", "T1", True),
        ("T1", "T2", False),
        ("E1/T1", "T1", True),
        ("E1/T1", "E1/T2", True),
        ("E1/T1", "E2/T2", False),
    ],
)
def test_teams_of_an_organisation_have_one_bot(one, other, same):
    assert one_install(one, other) is same
