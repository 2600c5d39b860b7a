"""Following by window and by word, with the real desk: a manager makes an order, and everybody else is told why not."""

import json

import pytest

from bot.commands import registry
from bot.commands.chipwatch.list import FORMAT
from bot.platforms.slack.asking import alone, form_of
from bot.platforms.slack.modal import view
from bot.platforms.slack.visit import Visit
from bot.store import subscriptions, watchlists
from bot.store.watchlists import Owner, OwnerKind
from tests.platforms.slack.office import until, words
from tests.platforms.slack.test_listeners import sent_off


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
    if command.parameters:
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


async def window(bot, text, user="UA"):
    """The window that a line opens."""
    before = len(bot.slack.world.views)
    await bot.command(text, user_id=user)
    await until(lambda: len(bot.slack.world.views) > before)
    return bot.slack.world.views[-1]


def written(opened, text):
    """What a window is sent off with: what stands in it, and a text for its file."""
    choices = {b["block_id"]: b["element"].get("initial_option") for b in opened["blocks"]}
    state = {name: {"value": {"type": "static_select", "selected_option": one}} for name, one in choices.items() if one}
    return {"values": state | {"file": {"value": {"type": "plain_text_input", "value": text}}}}


async def test_an_exported_order_is_imported_as_a_text_in_a_window(bot, check):
    opened = await window(bot, "list import")
    assert check(opened) == []
    field = next(block for block in opened["blocks"] if block["block_id"] == "file")
    assert (field["element"]["type"], field["element"]["multiline"]) == ("plain_text_input", True)
    order = json.dumps({"format": FORMAT, "order": {"severity": "high", "words": ["a & b"]}, "language": "de"})
    await bot.slack.envelope("interactive", sent_off(opened, written(opened, order), user="UA"))
    await until(lambda: bot.slack.world.asked("views.update"))
    assert check(bot.slack.world.asked("views.update")[-1].args["view"]) == []
    (found,) = await orders(bot)
    assert (found.channel, found.language, found.order["severity"]) == ("C1", "de", "high")


async def test_what_is_no_order_is_said_in_the_window(bot):
    opened = await window(bot, "list do:import")
    await bot.slack.envelope("interactive", sent_off(opened, written(opened, "{"), user="UA"))
    await until(lambda: bot.slack.world.asked("views.update"))
    assert "no exported order" in words(bot.slack.world.asked("views.update")[-1].args)
    assert await orders(bot) == []


async def test_names_to_watch_are_pasted_by_anybody_for_himself(bot):
    opened = await window(bot, "watchlist do:import", user="U1")
    await bot.slack.envelope("interactive", sent_off(opened, written(opened, "Inspur\nAcme Co., Ltd."), user="U1"))
    await until(lambda: bot.slack.world.asked("views.update"))
    owner = Owner("slack", OwnerKind.PERSON, "T1/U1")
    found = await bot.store.read(lambda conn: watchlists.names_of(conn, owner))
    assert sorted(each.name for each in found) == ["Acme Co., Ltd.", "Inspur"]


async def test_somebody_who_may_not_gets_no_window_to_import(bot):
    (said,) = await bot.answered(await bot.command("list import"))
    assert "manage" in words(said)
    assert bot.slack.world.views == []


async def test_the_group_that_may_manage_manages(bot):
    bot.slack.world.groups["S123"] = ["U1"]
    refused = words(await bot.answered(await bot.command("pause")))
    await bot.answered(await bot.command("settings manager-role:<!subteam^S123|@export-team>", user_id="UA"))
    await bot.answered(await bot.command("follow preset:headlines"))
    assert "those who manage" in refused
    assert [order.channel for order in await orders(bot)] == ["C1"]
    await bot.answered(await bot.command("watchlist add Inspur whose:channel"))
    channel = Owner("slack", OwnerKind.CHANNEL, "C1")
    assert [each.name for each in await bot.store.read(lambda c: watchlists.names_of(c, channel))] == ["Inspur"]
    assert "nur Verwalter" in words(await bot.answered(await bot.command("pause", user_id="U2")))
