"""Windows that a button opens: what is wrong in them is said at its own field, and what was typed stays."""

import pytest

from bot.platforms.slack.call import unpacked
from tests.platforms.slack.office import press, until
from tests.platforms.slack.test_listeners import sent_off


async def pressed(bot, shown, action, user="U1"):
    """Press the button that runs an action; the id of the response address."""
    elements = [each for block in shown["blocks"] if block["type"] == "actions" for each in block["elements"]]
    button = next(each for each in elements if (call := unpacked(each.get("value"))) and call.action == action)
    person = {"id": user, "name": user, "team_id": "T1"}
    payload, answer = press(bot.slack, {**button, "type": "button", "block_id": "b"}, user=person)
    await bot.slack.envelope("interactive", payload)
    return answer


def texts(**values):
    return {"values": {name.replace("_", "-"): {"value": {"type": "plain_text_input", "value": value}}
                       for name, value in values.items()}}  # fmt: skip


async def sent(bot, state, user="U1"):
    """Send off the window that was opened last; what Slack is told."""
    name = await bot.slack.envelope("interactive", sent_off(bot.slack.world.views[-1], state, user=user))
    await until(lambda: name in bot.slack.acks)
    return bot.slack.acks[name][0]


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ({"date": "2025-13-45"}, ["date"]),
        ({"date": "2025-05-20", "known_on": "soonish"}, ["known-on"]),
        ({"date": "2025-13-45", "known_on": "soonish"}, ["date", "known-on"]),
    ],
)
async def test_a_day_that_is_none_is_refused_where_it_stands(bot, typed, wrong):
    (answer,) = await bot.answered(await bot.command("H200 Malaysia"))
    await pressed(bot, answer, "status_on")
    await until(lambda: bot.slack.world.views)
    refused = await sent(bot, texts(**typed))
    assert (refused["response_action"], list(refused["errors"])) == ("errors", wrong)


async def test_a_day_that_is_one_is_answered(bot):
    (answer,) = await bot.answered(await bot.command("H200 Malaysia"))
    await pressed(bot, answer, "status_on")
    await until(lambda: bot.slack.world.views)
    assert (await sent(bot, texts(date="2025-05-20")))["response_action"] == "update"


async def mention_window(bot):
    """The window behind Customise, When, Mention; the message that opened it."""
    (shown,) = await bot.answered(await bot.command("follow headlines", user_id="UA"))
    for step in ("chipwatch.edit", "order_when"):
        (shown,) = await bot.answered(await pressed(bot, shown, step, "UA"))
    await pressed(bot, shown, "order_mention", "UA")
    await until(lambda: bot.slack.world.views)
    return shown


async def test_a_time_zone_that_is_none_is_refused_where_it_stands(bot):
    await mention_window(bot)
    refused = await sent(bot, texts(time_zone="Atlantis"), "UA")
    assert (refused["response_action"], list(refused["errors"])) == ("errors", ["time-zone"])
    assert "Atlantis" in refused["errors"]["time-zone"]
    assert (await sent(bot, texts(time_zone="berlin"), "UA"))["response_action"] == "update"
