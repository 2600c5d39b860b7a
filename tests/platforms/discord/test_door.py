"""The door over the wire: commands, presses and forms come in by the gateway, and each gets exactly one answer."""

import asyncio
import itertools
import time

import pytest

from bot.commands import registry
from bot.commands.custom_id import pack
from bot.commands.declaration import OpenTo
from bot.errors import ConfigError
from bot.platforms.discord import tree
from bot.platforms.discord.rights import MANAGE_CHANNELS
from tests.fakes.discord.interactions import typed
from tests.fakes.discord.world import at_path
from tests.liveness import lively
from tests.platforms.discord.house import answered, house, words

EPHEMERAL = 64


async def test_it_identifies_with_the_intent_of_servers_alone(opened, fake):
    (identify,) = fake.gateway.identifies
    assert identify["intents"] == 1
    await settled(lambda: any(frame["op"] == 3 for frame in fake.gateway.received))
    (presence,) = (frame["d"] for frame in fake.gateway.received if frame["op"] == 3)
    assert presence["activities"][0]["state"] == "testing"
    assert ("joined", "100", ("200", "person:700000000000000001")) in opened.presence.told


async def test_commands_are_registered_once_with_all_locales(fake, store, opened, knowledge):
    puts = fake.world.posts("PUT", "/commands")
    assert len(puts) == 1
    chip = next(each for each in puts[0].json if each["name"] == "chip")
    assert set(chip["description_localizations"]) == set(tree.LOCALES)
    status = next(each for each in chip["options"] if each["name"] == "status")
    assert all(set(option["description_localizations"]) == set(tree.LOCALES) for option in status["options"])
    again = house(fake, store, knowledge)
    await again.door.open()
    await again.door.close()
    assert len(fake.world.posts("PUT", "/commands")) == 1
    fake.world.commands["commands" if "commands" in fake.world.commands else ""][0]["description"] = "another"
    third = house(fake, store, knowledge)
    await third.door.open()
    await third.door.close()
    assert len(fake.world.posts("PUT", "/commands")) == 2


async def test_operators_commands_stand_in_their_own_server_only(fake, store, knowledge):
    made = house(fake, store, knowledge, operator_guild="100")
    await made.door.open()
    await made.door.close()
    wanted = {"/applications/900000000000000001/commands"}
    if tree.operators_commands():
        wanted.add("/applications/900000000000000001/guilds/100/commands")
    assert {request.path for request in fake.world.posts("PUT", "/commands")} == wanted


def test_what_everybody_sees_says_where_and_by_whom():
    for made in tree.commands():
        assert made["contexts"]
        assert made["integration_types"]
        managed = made["name"] == "chipwatch"
        assert made.get("default_member_permissions") == (str(MANAGE_CHANNELS) if managed else None)
        assert "name_localizations" not in made


async def test_a_status_is_answered_privately_in_the_readers_language(opened, fake):
    options = {"chip": "H200", "destination": "Malaysia"}
    said = await fake.command("chip", "status", options, locale="de", guild_locale="en-US")
    assert said.json["type"] == 4
    assert said.json["data"]["flags"] & EPHEMERAL
    assert "Konzernsitz" in words(said.json) or "Genehmigung" in words(said.json)
    assert said.json["data"]["allowed_mentions"] == {"parse": []}


EDGES = [
    "",
    "  ",
    "H2O",
    "no such chip",
    "😀" * 50,
    "\u202eH200",
    "@everyone <@1>",
    "a" * 6000,
    "昇腾910B",
    "\x00",
    "-1",
]


@pytest.mark.parametrize("text", EDGES)
async def test_every_edge_of_every_text_gets_one_answer(opened, fake, text):
    for command in registry.verbs("chip"):
        given = {each.name: text for each in command.parameters if each.required}
        said = await fake.command("chip", command.name, given)
        assert said.json["type"] in (4, 5), command.path
    assert len(fake.world.answers) == len(registry.verbs("chip"))


async def test_a_late_answer_is_promised_and_follows(opened, fake):
    opened.desk.held = asyncio.Event()
    with lively(1, time.monotonic):
        said = await fake.command("chip", "status", {"chip": "H20", "destination": "China"})
    opened.desk.held.set()
    assert said.json == {"type": 5, "data": {"flags": EPHEMERAL}}
    await fake.until(lambda: fake.world.posts("PATCH", "/messages/@original"))
    (late,) = fake.world.posts("PATCH", "/messages/@original")
    assert "H20" in words(late.json)
    assert not late.json["flags"] & EPHEMERAL


SHARED = pack("share", (("what", "chip.status~chip:H200~destination:MY"),))
REFUSED = pack("share", (("what", "chip.status~chip:H2O~destination:CN"),))


async def test_what_is_shared_is_seen_by_all_at_once_or_late(opened, fake):
    await fake.press(SHARED)
    assert [to_all for to_all, _ in fake.world.shown] == [True]
    opened.desk.held = asyncio.Event()
    said = await fake.press(SHARED, user="700000000000000002")
    assert said.json == {"type": 5, "data": {"flags": EPHEMERAL}}
    opened.desk.held.set()
    await fake.until(lambda: len(fake.world.shown) == 3)
    (own, notice), (to_all, answer) = fake.world.shown[1:]
    assert (own, to_all) == (False, True)
    assert "for all to see" in words(notice)
    assert "H200" in words(answer)


async def test_what_is_shared_late_from_ones_own_card_leaves_the_card_as_it_is(opened, fake):
    opened.desk.seconds = 1.0
    row = {"type": 1, "components": [component(SHARED, [])]}
    own = fake.world.stored("78", "200", {"flags": 1 << 15 | EPHEMERAL, "components": [row]})
    said = await fake.press(SHARED, own)
    assert said.json == {"type": 6}
    ((to_all, answer),) = await fake.until(lambda: fake.world.shown)
    assert to_all
    assert "H200" in words(answer)
    assert fake.world.replaced == []


@pytest.mark.parametrize("late", [False, True])
async def test_a_refusal_is_never_shown_to_all(opened, fake, late):
    opened.desk.held = asyncio.Event()
    if not late:
        opened.desk.held.set()
    said = await fake.press(REFUSED)
    assert (said.json["type"] == 5) == late
    opened.desk.held.set()
    ((to_all, body),) = await fake.until(lambda: fake.world.shown)
    assert "H20" in words(body)
    assert not to_all


async def test_what_is_shared_is_in_the_channels_language_and_what_is_refused_in_the_readers(opened, fake):
    people = itertools.count(700000000000000002)

    async def shared(what=SHARED, **more):
        await fake.press(what, **{"user": str(next(people)), "locale": "en-GB", "guild_locale": "zh-CN"} | more)
        return words(fake.world.shown[-1][1])

    english, chinese, german = "Still to check", "仍须核查", "Noch zu prüfen"
    assert chinese in await shared()
    assert english in await shared(guild=None)
    await fake.command("chipwatch", "settings", {"language": "de"}, permissions=MANAGE_CHANNELS)
    assert german in await shared()
    await fake.command("chipwatch", "follow", {"preset": "headlines", "language": "en"}, permissions=MANAGE_CHANNELS)
    assert english in await shared()
    assert german in await shared(channel="201")
    assert "Did you mean" in await shared(REFUSED, channel="201")


async def test_a_bug_is_answered_with_a_number_and_no_name_of_ours(opened, fake, monkeypatch):
    def broken(*_, **__):
        raise RuntimeError("secret-internal-name")

    monkeypatch.setattr(type(opened.services.knowledge), "status", broken)
    said = await fake.command("chip", "status", {"chip": "H20", "destination": "China"})
    assert said.json["type"] == 4
    assert "secret-internal-name" not in words(said.json)


async def test_completion_offers_at_most_25_and_nothing_when_it_takes_long(opened, fake, monkeypatch):
    said = await fake.interact(4, typed("chip", "status", {"chip": "h", "destination": ""}, focused="chip"))
    assert said.json["type"] == 8
    found = said.json["data"]["choices"]
    assert 0 < len(found) <= 25
    assert all(len(each["name"]) <= 100 and len(each["value"]) <= 100 for each in found)

    async def slow(*_):
        await asyncio.sleep(5)

    monkeypatch.setattr(opened.desk, "complete", slow)
    late = await fake.interact(4, typed("chip", "status", {"chip": "h"}, focused="chip"))
    assert late.json["data"]["choices"] == []


async def test_a_message_menu_reads_the_message_and_answers_privately(opened, fake):
    message = {"id": "55", "content": "Can an H20 go to China?", "embeds": [], "author": {"id": "1"}}
    data = {"id": "2", "name": tree.MENU, "type": 3, "target_id": "55", "resolved": {"messages": {"55": message}}}
    said = await fake.interact(2, data)
    assert said.json["data"]["flags"] & EPHEMERAL
    assert "H20" in words(said.json)


async def test_a_button_still_works_after_a_restart(opened, fake, store, knowledge):
    await opened.door.close()
    again = house(fake, store, knowledge)
    await again.door.open()
    said = await fake.press(pack("status", (("chip", "H20"), ("destination", "CN"))))
    await again.door.close()
    assert said.json["type"] == 4
    assert "H20" in words(said.json)


FORGED = ["ack:999999999999999999999", "cw:status?chip=H20#000000", "x", "list!cw:status#1", "cw:", "!" * 100]


@pytest.mark.parametrize("custom_id", FORGED)
async def test_a_forged_button_is_refused_privately(opened, fake, custom_id):
    said = await fake.press(custom_id)
    assert said.json["type"] == 4
    assert said.json["data"]["flags"] & EPHEMERAL
    assert "button" in words(said.json)


async def test_a_double_click_is_answered_once(opened, fake, monkeypatch):
    answered = []
    real = opened.desk.answer

    async def counted(ask, path, arguments=None):
        answered.append(path)
        return await real(ask, path, arguments)

    monkeypatch.setattr(opened.desk, "answer", counted)
    custom_id = pack("status", (("chip", "H20"), ("destination", "CN")))
    first, second = await asyncio.gather(fake.press(custom_id), fake.press(custom_id))
    assert sorted(each.json["type"] for each in (first, second)) == [4, 6]
    assert answered == ["status"]


async def test_managers_commands_are_refused_without_the_right(opened, fake):
    for command in registry.verbs("chipwatch"):
        if command.open_to is OpenTo.EVERYONE:
            continue
        given = {each.name: "x" for each in command.parameters if each.required}
        said = await fake.command("chipwatch", command.name, given, permissions=0)
        assert said.json["data"]["flags"] & EPHEMERAL
        assert "manage" in words(said.json)


@pytest.mark.parametrize("where", [{"guild": None}, {"guild": "999", "installed_for": "user"}])
async def test_direct_messages_and_installs_of_a_user_are_answered(opened, fake, where):
    said = await fake.command("chip", "status", {"chip": "H20", "destination": "China"}, **where)
    assert said.json["type"] == 4


async def test_a_card_that_is_refused_is_answered_with_its_headline(opened, fake):
    body = {"message": "Invalid Form Body", "code": 50035}
    fake.fault(at_path("POST", "/callback"), status=400, body=body)
    said = await fake.command("chip", "status", {"chip": "H20", "destination": "China"})
    assert [each["type"] for each in said.json["data"]["components"]] == [10]
    assert ("200", "400 50035: Invalid Form Body") in opened.reports


async def test_a_question_whose_answer_is_lost_is_reported_and_the_next_is_answered(opened, fake):
    fake.fault(at_path("POST", "/callback"), reset=True)
    with pytest.raises(TimeoutError):
        await fake.command("chip", "status", {"chip": "H20", "destination": "China"}, wait=0.7)
    assert any("no answer arrived" in what for _, what in opened.reports)
    said = await fake.command("chip", "status", {"chip": "H20", "destination": "China"})
    assert said.json["type"] == 4


async def test_a_manager_follows_and_the_channel_gets_a_test_post(opened, fake):
    said = await fake.command("chipwatch", "follow", {"preset": "headlines"}, permissions=MANAGE_CHANNELS)
    assert "channel-200" in words(await answered(fake, said)) or "<#200>" in words(await answered(fake, said))
    assert len(fake.world.messages["200"]) == 1


async def test_customise_asks_with_lists_and_windows_that_discord_takes(opened, fake):
    said = await fake.command("chipwatch", "follow", {}, permissions=MANAGE_CHANNELS)
    seen: set[str] = set()
    pending = [await answered(fake, said)]
    while pending:
        for custom_id, values in pressable(pending.pop()):
            if custom_id in seen or len(seen) > 40:
                continue
            seen.add(custom_id)
            data = {"component_type": 3 if values else 2, "custom_id": custom_id} | (
                {"values": values} if values else {}
            )
            row = {"type": 1, "components": [component(custom_id, values)]}
            message = fake.world.stored(f"7{len(seen)}", "200", {"flags": 1 << 15, "components": [row]})
            pressed = await fake.interact(3, data, message=message, permissions=MANAGE_CHANNELS)
            assert pressed.json["type"] in (4, 5, 7, 9), custom_id
            if pressed.json["type"] in (4, 7):
                pending.append(pressed.json)
    assert len(seen) > 5


def component(custom_id, values):
    if not values:
        return {"type": 2, "style": 2, "label": "x", "custom_id": custom_id}
    return {"type": 3, "custom_id": custom_id, "options": [{"label": v, "value": v} for v in values]}


def pressable(body):
    """Buttons and lists of an answer: their ids, and a value to choose."""
    pending = list((body.get("data") or body).get("components", []))
    while pending:
        each = pending.pop(0)
        pending += each.get("components", [])
        if each.get("custom_id", "").startswith(("cw:alert.share", "cw:share")):
            continue
        if each.get("custom_id"):
            yield each["custom_id"], [o["value"] for o in each.get("options", [])][:1]


async def test_servers_and_channels_come_and_go(opened, fake):
    told = opened.presence.told
    await fake.gateway.dispatch("CHANNEL_DELETE", fake.world.channels["201"])
    fake.world.guild("101")
    await fake.gateway.dispatch("GUILD_CREATE", fake.world.full_guild("101"))
    await fake.gateway.dispatch("GUILD_DELETE", {"id": "101", "unavailable": True})
    await fake.gateway.dispatch("GUILD_DELETE", {"id": "100"})
    await settled(lambda: ("left", "100") in told)
    assert ("lost", "channel", "201") in told
    assert ("joined", "101", ("person:700000000000000001",)) in told
    assert ("left", "101") not in told


async def test_a_right_taken_away_and_given_back_is_told(opened, fake):
    told, channel = opened.presence.told, fake.world.channels["200"]
    closed = {"permission_overwrites": [{"id": "100", "type": 0, "deny": str(1 << 11), "allow": "0"}]}
    await fake.gateway.dispatch("CHANNEL_UPDATE", channel | closed)
    await settled(lambda: ("lost", "channel", "200") in told)
    await fake.gateway.dispatch("CHANNEL_UPDATE", channel)
    await settled(lambda: ("regained", "channel", "200") in told)


async def settled(found, seconds=10.0):
    async with asyncio.timeout(seconds):
        while not found():
            await asyncio.sleep(0.01)


@pytest.mark.parametrize("resumable", [True, False])
async def test_an_invalid_session_is_resumed_or_begun_anew(opened, fake, monkeypatch, resumable):
    monkeypatch.setattr("asyncio.sleep", quick(asyncio.sleep))
    await fake.gateway.send(9, resumable)
    await settled(lambda: len(fake.gateway.resumes) + len(fake.gateway.identifies) > 1, 20)
    assert bool(fake.gateway.resumes) == resumable


def quick(real):
    async def sleep(seconds, *rest):
        return await real(min(seconds, 0.05), *rest)

    return sleep


async def test_a_command_asked_while_reconnecting_is_answered_once(opened, fake):
    await fake.gateway.send(7)
    await settled(lambda: fake.gateway.resumes, 20)
    said = await fake.command("chip", "status", {"chip": "H20", "destination": "China"})
    assert said.json["type"] == 4


async def test_a_close_that_heals_reconnects(opened, fake, monkeypatch):
    monkeypatch.setattr("asyncio.sleep", quick(asyncio.sleep))
    await fake.gateway.close(4000)
    await settled(lambda: len(fake.gateway.resumes) + len(fake.gateway.identifies) > 1, 20)
    said = await fake.command("chip", "status", {"chip": "H20", "destination": "China"})
    assert said.json["type"] == 4


@pytest.mark.parametrize(("code", "says"), [(4004, "discord.token"), (4014, "intents")])
async def test_a_close_that_only_operators_can_mend_says_what_to_do(fake, store, code, says, knowledge):
    fake.gateway.refuse_with = code
    made = house(fake, store, knowledge)
    with pytest.raises(ConfigError, match=says):
        await made.door.open()
    await made.door.close()
    assert ("lost", "platform", "") in made.presence.told


async def test_a_wrong_token_stops_the_start_with_the_settings_name(fake, store, knowledge):
    made = house(fake, store, knowledge, token="wrong.token.x")
    with pytest.raises(ConfigError, match=r"discord\.token"):
        await made.door.open()
    await made.door.close()


async def test_a_heartbeat_that_nobody_answers_ends_in_a_new_connection(fake, store, knowledge):
    fake.gateway.heartbeat = 0.3
    made = house(fake, store, knowledge, heartbeat_timeout=0.5)
    await made.door.open()
    fake.gateway.acknowledges = False
    await settled(lambda: len(fake.gateway.resumes) + len(fake.gateway.identifies) > 1, 30)
    fake.gateway.acknowledges = True
    await made.door.close()
