"""In which language an answer comes: the reader's where he alone sees it, the channel's where all do."""

import pytest

from bot.platforms.slack.call import unpacked
from tests.platforms.slack.office import event, press, until

GERMAN, ENGLISH = "U2", "U1"


async def shared(bot, user):
    """What all see of an answer that somebody shares; before, what he saw himself."""
    (own,) = await bot.answered(await bot.command("H200 Malaysia", user_id=user))
    elements = [each for block in own["blocks"] if block["type"] == "actions" for each in block["elements"]]
    button = next(each for each in elements if (call := unpacked(each.get("value"))) and call.action == "share")
    person = {"id": user, "name": user, "team_id": "T1"}
    payload, answer = press(bot.slack, {**button, "type": "button", "block_id": "b"}, user=person)
    await bot.slack.envelope("interactive", payload)
    (seen,) = await bot.answered(answer)
    assert (own["response_type"], seen["response_type"]) == ("ephemeral", "in_channel")
    return own["text"], seen["text"]


def german(text):
    return "heute" in text


@pytest.mark.parametrize(
    ("lines", "user", "own", "seen"),
    [
        ([], GERMAN, True, True),
        ([], ENGLISH, False, False),
        (["settings language:de"], ENGLISH, False, True),
        (["settings language:en"], GERMAN, True, False),
        (["settings language:en", "follow headlines language:de"], ENGLISH, False, True),
        (["settings language:de", "follow headlines language:en"], GERMAN, True, False),
    ],
)
async def test_what_is_shared_is_in_the_channels_language(bot, lines, user, own, seen):
    for line in lines:
        await bot.answered(await bot.command(line, user_id="UA"))
    assert [german(text) for text in await shared(bot, user)] == [own, seen]


async def test_an_answer_in_a_thread_is_in_the_channels_language(bot):
    await bot.answered(await bot.command("settings language:de", user_id="UA"))
    text = "<@UBOTT1> H200 Malaysia"
    await bot.slack.envelope("events_api", event("app_mention", channel="C1", user=ENGLISH, text=text, ts="9.9"))
    await until(lambda: bot.slack.world.texts("C1"))
    assert german(bot.slack.world.texts("C1")[0])
