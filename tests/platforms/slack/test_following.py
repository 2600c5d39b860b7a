"""Following by window and by word, with the real desk: a manager makes an order, and everybody else is told why not."""

import pytest

from bot.commands import registry
from bot.commands.declaration import Kind
from bot.platforms.slack.asking import alone, form_of
from bot.platforms.slack.modal import view
from bot.platforms.slack.visit import Visit
from bot.store import subscriptions
from tests.platforms.slack.office import until, words
from tests.platforms.slack.test_door import sent_off


async def orders(bot):
    return await bot.store.read(subscriptions.active)


async def test_somebody_who_may_not_is_told_so(bot):
    (said,) = await bot.answered(await bot.command("follow preset:headlines"))
    assert said["response_type"] == "ephemeral"
    assert await orders(bot) == []


async def test_a_manager_follows_with_one_line(bot, check):
    answer = await bot.command("follow preset:headlines", user_id="UA")
    (said,) = (await bot.answered(answer))[:1]
    assert check({"text": said["text"], "blocks": said["blocks"]}) == []
    (order,) = await orders(bot)
    assert (order.platform, order.workspace, order.channel) == ("slack", "T1", "C1")


async def test_following_alone_opens_a_window_that_makes_the_order(bot, check):
    await bot.command("follow", user_id="UA")
    await until(lambda: bot.slack.world.views)
    opened = bot.slack.world.views[0]
    assert check(opened) == []
    fields = [block["block_id"] for block in opened["blocks"]]
    assert fields == ["preset", "channel", "language"]
    state = {"values": {"preset": {"value": {"type": "static_select", "selected_option": {"value": "headlines"}}}}}
    await bot.slack.envelope("interactive", sent_off(opened, state, user="UA"))
    await until(lambda: bot.slack.world.asked("views.update"))
    (order,) = await orders(bot)
    assert order.channel == "C1"
    shown = bot.slack.world.asked("views.update")[-1].args["view"]
    assert check(shown) == []
    await until(lambda: ("T1", "UA") in bot.slack.world.homes)
    assert "<#C1>" in words(bot.slack.world.homes["T1", "UA"])


async def test_somebody_else_gets_no_window(bot):
    (said,) = await bot.answered(await bot.command("follow"))
    assert said["response_type"] == "ephemeral"
    assert bot.slack.world.views == []


@pytest.mark.parametrize("path", [c.path for c in registry.every().values() if not c.action])
@pytest.mark.parametrize("language", ["en", "de", "zh"])
def test_every_command_has_a_valid_window(check, path, language):
    command = registry.every()[path]
    if command.parameters and any(each.kind is not Kind.FILE for each in command.parameters):
        made = view(form_of(command, language), Visit("T1", "U1", "C1").origin(language))
        assert check(made) == []
        assert len(made["blocks"]) >= 1


@pytest.mark.parametrize(
    ("text", "path"),
    [("follow", "chipwatch.follow"), ("status", "chip.status"), ("list", None), ("status H20 CN", None), ("", None),
     ("H20", None), ("folgen", "chipwatch.follow")],
)  # fmt: skip
def test_only_a_verb_alone_opens_a_window(text, path):
    found = alone(text, ("chipwatch", "chip", "chipwatch-admin"))
    assert (found.path if found else None) == path
