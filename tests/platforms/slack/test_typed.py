"""What is typed arrives as it was meant: Slack escapes & < > in it and marks what it recognises."""

import pytest

from bot.platforms.slack.mrkdwn import typed
from bot.store import subscriptions, watchlists
from bot.store.watchlists import Owner, OwnerKind
from tests.platforms.slack.office import event, until


@pytest.mark.parametrize(
    ("sent", "meant"),
    [
        ("pause channel:<#C2|chip-news>", "pause channel:C2"),
        ("pause channel:<#C2|>", "pause channel:C2"),
        ("pause channel:<#C2>", "pause channel:C2"),
        ("settings manager-role:<!subteam^S1|@export-team>", "settings manager-role:S1"),
        ("x <@U1|ada> <@W2>", "x U1 W2"),
        ("x <!here> <!channel|@channel>", "x @here @channel"),
        ("party <http://huawei.com|huawei.com> Ltd", "party huawei.com Ltd"),
        ("news <https://www.bis.gov/a?b=1&amp;c=2>", "news https://www.bis.gov/a?b=1&c=2"),
        ("see <https://evil.example|your bank>", "see https://evil.example"),
        ("party <mailto:a@b.example|a@b.example>", "party a@b.example"),
        ("watchlist add Johnson &amp; Sons", "watchlist add Johnson & Sons"),
        ("a &lt;#C2|x&gt; b &amp;lt;", "a <#C2|x> b &lt;"),
    ],
)
def test_marks_become_what_they_stand_for_and_signs_themselves(sent, meant):
    assert typed(sent) == meant


async def test_a_channel_is_named_as_people_name_it(bot):
    await bot.answered(await bot.command("follow headlines", user_id="UA", channel_id="C2"))
    await bot.answered(await bot.command("pause channel:<#C2|chip-news>", user_id="UA"))
    (order,) = await bot.store.read(lambda conn: subscriptions.of_workspace(conn, "slack", "T1"))
    assert (order.channel, order.paused_at is not None) == ("C2", True)


async def test_a_company_may_have_an_ampersand(bot):
    await bot.answered(await bot.command("watchlist add Johnson &amp; Sons whose:me", user_id="UA"))
    mine = Owner("slack", OwnerKind.PERSON, "T1/UA")
    assert [each.name for each in await bot.store.read(lambda c: watchlists.names_of(c, mine))] == ["Johnson & Sons"]


async def test_a_mention_is_read_like_a_command(bot):
    text = "<@UBOTT1> party <http://huawei.com|huawei.com> &amp; Sons"
    await bot.slack.envelope("events_api", event("app_mention", channel="C1", user="U1", text=text, ts="9.9"))
    await until(lambda: bot.slack.world.texts("C1"))
    assert "huawei.com &amp; Sons" in bot.slack.world.texts("C1")[0]
