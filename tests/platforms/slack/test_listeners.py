"""What people do in Slack, and what they get: commands, presses, windows, shortcuts, mentions and home."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.cards.card import Card, Field, Form, Option, Select
from bot.clock import SetClock
from bot.commands.reply import Attachment, Reply
from bot.locale.rich import Span
from bot.platforms.slack.answers import Answers
from bot.platforms.slack.call import Call, packed
from bot.platforms.slack.modal import view
from bot.platforms.slack.visit import Visit, of_command, of_event, of_interaction
from bot.store import glance, subscriptions
from tests.fakes.slack import Channel
from tests.platforms.slack.office import command, event, office, press, until, words


class Scripted:
    """A desk that says what a test wants, and remembers what it was asked."""

    def __init__(self, *replies: Reply) -> None:
        self.replies = list(replies)
        self.asked: list[tuple[object, str, object]] = []

    def _next(self) -> Reply:
        return self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]

    async def answer(self, ask, path, arguments=None):
        self.asked.append((ask, path, arguments))
        return self._next()

    async def typed(self, ask, text, groups=("chip",)):
        self.asked.append((ask, text, groups))
        return self._next()

    async def of_message(self, ask, text):
        self.asked.append((ask, "of_message", text))
        return self._next()


def said(text: str, **more) -> Reply:
    return Reply.of(Card((Span(text),), **more), private=True)


FORM = Form(
    "Follow", "chip.status", (Field("chip", "Chip", required=True), Field("destination", "Where", required=True))
)


@pytest.fixture
async def scripted(tmp_path, knowledge, fake):
    desk = Scripted(said("fine"))
    async with office(tmp_path, knowledge, world=fake, desk=desk) as made:
        made.desk = desk
        yield made


async def test_the_one_command_takes_every_verb_and_the_other_only_questions(scripted):
    await scripted.answered(await scripted.command("follow"))
    await scripted.answered(await scripted.command("H20 China", "/chip"))
    assert [groups for _, _, groups in scripted.desk.asked] == [("chipwatch", "chip", "chipwatch-admin"), ("chip",)]


async def test_the_person_comes_with_language_zone_and_rights(scripted):
    for user in ("U2", "UA", "U9", "U2"):
        await scripted.answered(await scripted.command("x", user_id=user))
    german, admin, operator, again = (ask for ask, *_ in scripted.desk.asked)
    assert (german.language, german.time_zone, german.person.id) == ("de", "Europe/Berlin", "T1/U2")
    assert (german.person.manages, admin.person.manages, operator.person.operates) == (False, True, True)
    assert not admin.person.operates
    assert again.language == "de"
    asked = [request.args["user"] for request in scripted.slack.world.asked("users.info")]
    assert asked.count("U2") == 1


async def test_a_guest_of_another_workspace_manages_nothing(scripted):
    action = {"type": "button", "action_id": "press.0", "value": packed(Call("status"))}
    payload, answer = press(scripted.slack, action, user={"id": "UA", "team_id": "T9"})
    await scripted.slack.envelope("interactive", payload)
    await scripted.answered(answer)
    assert not scripted.desk.asked[0][0].person.manages


async def test_a_press_runs_its_call_once_however_often_it_is_clicked(scripted):
    value = packed(Call("status", (("chip", "H20"), ("destination", "CN"))))
    action = {"type": "button", "action_id": "press.0", "value": value}
    first, answer = press(scripted.slack, action)
    second, _ = press(scripted.slack, action)
    await scripted.slack.envelope("interactive", first)
    await scripted.slack.envelope("interactive", second)
    await until(lambda: len(scripted.slack.acks) == 2)
    await scripted.answered(answer)
    ((ask, path, arguments),) = scripted.desk.asked
    assert (path, arguments) == ("status", {"chip": "H20", "destination": "CN"})
    assert (ask.where.channel, ask.where.workspace, ask.message) == ("C1", "T1", "5.5")


@pytest.mark.parametrize("value", [None, "", "x" * 3000, "[]", '["status",["a"]]'])
async def test_a_forged_press_does_nothing(scripted, value):
    payload, _ = press(scripted.slack, {"type": "button", "action_id": "press.0", "value": value})
    name = await scripted.slack.envelope("interactive", payload)
    await until(lambda: name in scripted.slack.acks)
    await scripted.answered(await scripted.command("x"))
    assert len(scripted.desk.asked) == 1


async def test_what_is_chosen_arrives_as_the_lists_argument(scripted, check):
    select = Select("preset", "Preset", "follow", (Option("a", "A"), Option("b", "B")), values=(("x", "1"),))
    scripted.desk.replies = [Reply.of(Card((Span("t"),), selects=(select,)), private=True)]
    (shown,) = await scripted.answered(await scripted.command("follow"))
    element = next(block["accessory"] for block in shown["blocks"] if "accessory" in block)
    action = {**element, "selected_option": {"value": "b"}}
    payload, answer = press(scripted.slack, action)
    await scripted.slack.envelope("interactive", payload)
    await scripted.answered(answer)
    assert scripted.desk.asked[-1][1:] == ("follow", {"x": "1", "preset": "b"})


async def test_an_answer_may_be_for_all_and_take_the_messages_place(scripted):
    scripted.desk.replies = [Reply.of(Card((Span("for all"),)), private=False, replace=True)]
    (shown,) = await scripted.answered(await scripted.command("x"))
    assert (shown["response_type"], shown["replace_original"]) == ("in_channel", True)


async def test_no_more_than_five_answers_within_thirty_minutes(fake, bot):
    clock = SetClock(datetime(2026, 7, 1, tzinfo=UTC))
    answers = Answers(fake.response_url("five"), bot.connection.api, clock, clock.now())
    assert [await answers.say({"text": "x"}) for _ in range(7)] == [True] * 5 + [False] * 2
    assert len(fake.responses["five"]) == 5
    late = Answers(fake.response_url("late"), bot.connection.api, clock, clock.now())
    clock.set(clock.now() + timedelta(minutes=30))
    assert not await late.say({"text": "x"})
    assert "late" not in fake.responses


async def test_many_cards_never_use_up_the_address(scripted):
    scripted.desk.replies = [Reply.of(*(Card((Span(str(n)),)) for n in range(9)), private=True)]
    answer = await scripted.command("x")
    await scripted.answered(answer, 4)
    await scripted.answered(await scripted.command("y"))
    assert len(scripted.slack.responses[answer]) <= 5


async def test_a_form_opens_a_window_and_its_answer_stands_in_it(scripted, check):
    scripted.desk.replies = [Reply(form=FORM), said("followed"), said("more")]
    await scripted.command("follow")
    await until(lambda: scripted.slack.world.views)
    opened = scripted.slack.world.views[0]
    assert check(opened) == []
    assert scripted.slack.world.asked("views.open")[0].args["trigger_id"]
    state = {"values": {
        "chip": {"value": {"type": "plain_text_input", "value": "H20"}},
        "destination": {"value": {"type": "plain_text_input", "value": "China"}},
    }}  # fmt: skip
    name = await scripted.slack.envelope("interactive", sent_off(opened, state))
    await until(lambda: name in scripted.slack.acks)
    payload = scripted.slack.acks[name][0]
    assert payload["response_action"] == "update"
    assert check(payload["view"]) == []
    await until(lambda: scripted.slack.world.asked("views.update"))
    shown = scripted.slack.world.asked("views.update")[0].args
    assert shown["view_id"] == "V1"
    assert "followed" in words(shown["view"])
    assert check(shown["view"]) == []
    assert scripted.desk.asked[-1][1:] == ("chip.status", {"chip": "H20", "destination": "China"})
    assert scripted.desk.asked[-1][0].where.channel == "C1"


def sent_off(opened, state=None, user="U1", team="T1", **changed):
    shown = {**opened, "id": "V1", "hash": "1", "state": state or {"values": {}}, **changed}
    return {
        "type": "view_submission", "team": {"id": team}, "user": {"id": user, "team_id": team}, "trigger_id": "9.9.x",
        "view": shown, "api_app_id": "A1", "is_enterprise_install": False,
    }  # fmt: skip


async def test_mistakes_in_a_window_are_shown_at_their_fields(scripted):
    opened = view(FORM, Visit("T1", "U1", "C1").origin("de"))
    state = {"values": {"chip": {"value": {"type": "plain_text_input", "value": "H20"}}}}
    name = await scripted.slack.envelope("interactive", sent_off(opened, state))
    await until(lambda: name in scripted.slack.acks)
    payload = scripted.slack.acks[name][0]
    assert payload["response_action"] == "errors"
    assert list(payload["errors"]) == ["destination"]
    assert payload["errors"]["destination"]
    assert scripted.desk.asked == []


@pytest.mark.parametrize(
    ("metadata", "user", "team"),
    [
        ("tampered", "U1", "T1"),
        ("", "U1", "T1"),
        (None, "U2", "T1"),
        (None, "U1", "T2"),
        (packed(Call("no.such", (), Visit("T1", "U1").origin("en"))), "U1", "T1"),
    ],
)
async def test_a_window_that_was_made_for_somebody_else_is_refused(scripted, check, metadata, user, team):
    opened = view(FORM, Visit("T1", "U1", "C1").origin("en"))
    changed = {} if metadata is None else {"private_metadata": metadata}
    name = await scripted.slack.envelope("interactive", sent_off(opened, None, user, team, **changed))
    await until(lambda: name in scripted.slack.acks)
    payload = scripted.slack.acks[name][0]
    assert payload["response_action"] == "update"
    assert "somebody else" in words(payload["view"])
    assert check(payload["view"]) == []
    assert scripted.desk.asked == []


async def test_a_window_that_comes_too_late_leaves_a_hint_with_a_button(scripted, check):
    scripted.desk.replies = [Reply(form=FORM)]
    payload, answer = command(scripted.slack, "status")
    scripted.slack.world.expired_triggers.add(payload["trigger_id"])
    await scripted.slack.envelope("slash_commands", payload)
    (hint,) = await scripted.answered(answer)
    assert hint["response_type"] == "ephemeral"
    assert "three seconds" in words(hint)
    (button,) = next(block["elements"] for block in hint["blocks"] if block["type"] == "actions")
    assert json.loads(button["value"]) == ["chip.status"]
    assert check({"text": hint["text"], "blocks": hint["blocks"]}) == []


async def test_the_shortcuts(scripted, check):
    body = {"type": "shortcut", "callback_id": "chip_status", "trigger_id": "31.1.x", "team": {"id": "T1"}}
    await scripted.slack.envelope("interactive", body | {"user": {"id": "U2", "team_id": "T1"}})
    await until(lambda: scripted.slack.world.views)
    assert scripted.slack.world.views[0]["title"]["text"] == "Chip-Exportstatus"
    assert check(scripted.slack.world.views[0]) == []
    body = {
        "type": "message_action", "callback_id": "chip_of_message", "trigger_id": "32.1.x", "team": {"id": "T1"},
        "user": {"id": "U1", "team_id": "T1"}, "channel": {"id": "C1"}, "message_ts": "5.5",
        "message": {"ts": "5.5", "text": "H20 &amp; China"}, "response_url": scripted.slack.response_url("short"),
    }  # fmt: skip
    await scripted.slack.envelope("interactive", body)
    await scripted.answered("short")
    assert scripted.desk.asked[-1][1:] == ("of_message", "H20 & China")


async def test_a_mention_is_answered_in_its_thread(scripted, check):
    mention = event(
        "app_mention", user="U1", text="<@UBOT> H200 Malaysia &amp; co", channel="C1", ts="7.7", thread_ts="3.3"
    )
    await scripted.slack.envelope("events_api", mention)
    await until(lambda: scripted.slack.world.messages["C1"])
    post = scripted.slack.world.asked("chat.postMessage")[0].args
    assert (post["thread_ts"], post["channel"]) == ("3.3", "C1")
    assert check({"text": post["text"], "blocks": post["blocks"]}) == []
    assert scripted.desk.asked[0][1] == "H200 Malaysia & co"
    await scripted.slack.envelope(
        "events_api", event("app_mention", user="U1", bot_id="B7", text="x", channel="C1", ts="8")
    )
    await scripted.answered(await scripted.command("x"))
    assert len(scripted.desk.asked) == 2


async def test_files_go_to_the_person_alone(scripted):
    scripted.desk.replies = [Reply((Card((Span("t"),)),), files=(Attachment("a.csv", b"1,2"),), private=True)]
    await scripted.command("x")
    await until(lambda: scripted.slack.world.asked("files.completeUploadExternal"))
    assert scripted.slack.world.asked("files.completeUploadExternal")[0].args["channel_id"] == "DU1"
    assert list(scripted.slack.world.files.values()) == [b"1,2"]


async def test_where_the_bot_stands_is_told(scripted):
    assert scripted.heard.said == [("joined", "T1", "Team T1")]
    for each in (
        event("member_joined_channel", user="UBOTT1", channel="C1"),
        event("member_joined_channel", user="U1", channel="C2"),
        event("channel_left", channel="C1"), event("channel_archive", channel="C1"),
        event("channel_unarchive", channel="C1"),
        event("tokens_revoked", tokens={"bot": [], "oauth": ["U1"]}),
        event("tokens_revoked", tokens={"bot": ["UBOT"]}),
        event("app_uninstalled"),
    ):  # fmt: skip
        name = await scripted.slack.envelope("events_api", each)
        await until(lambda name=name: name in scripted.slack.acks)
    await until(lambda: ("left", "T1", "app_uninstalled") in scripted.heard.said)
    assert set(scripted.heard.said[1:]) == {
        ("regained", "channel", "C1"), ("lost", "channel", "C1", "channel_left"), ("left", "T1", "app_uninstalled"),
        ("lost", "channel", "C1", "channel_archive"), ("left", "T1", "tokens_revoked"),
    }  # fmt: skip
    assert scripted.heard.said.count(("regained", "channel", "C1")) == 2


async def test_home_shows_what_is_followed_to_that_person_alone(bot, check):
    now = datetime(2026, 7, 1, tzinfo=UTC)

    def follow(conn):
        for n in range(40):
            subscriptions.add(conn, "slack", f"C{n}", {"severity": "high"}, now, "U1", workspace="T1")
        subscriptions.add(conn, "slack", "CX", {}, now, "U1", workspace="T2")

    await bot.store.write(follow)
    await bot.slack.envelope("events_api", event("app_home_opened", user="U2", channel="DU2", tab="messages"))
    await bot.slack.envelope("events_api", event("app_home_opened", user="U2", channel="DU2", tab="home"))
    await until(lambda: bot.slack.world.homes)
    ((key, page),) = bot.slack.world.homes.items()
    assert key == ("T1", "U2")
    assert check(page) == []
    said = words(page)
    assert "<#C0>" in said
    assert "<#CX>" not in said
    assert "<#C39>" in said
    await bot.slack.envelope("events_api", event("app_home_opened", user="U9", channel="DU9", tab="home"))
    await until(lambda: len(bot.slack.world.homes) == 2)
    operators = bot.slack.world.homes["T1", "U9"]
    assert check(operators) == []
    assert len(operators["blocks"]) > len(page["blocks"])


def samples(shared: Path) -> Path:
    return shared / "platform" / "slack" / "json-logs" / "samples"


@pytest.mark.parametrize("name", ["SlashCommandPayload"])
def test_official_commands_are_read(shared, name):
    body = json.loads((samples(shared) / "app-backend" / "slash-commands" / f"{name}.json").read_text())
    assert of_command(body) == Visit("", "")
    assert (
        of_command(body | {"team_id": "T1", "enterprise_id": "E1", "is_enterprise_install": "true"}).workspace
        == "E1/T1"
    )
    assert (
        of_command(body | {"team_id": "T1", "enterprise_id": "E1", "is_enterprise_install": "false"}).workspace == "T1"
    )


@pytest.mark.parametrize(
    "name",
    ["interactive-components/BlockActionPayload", "interactive-components/MessageShortcutPayload",
     "views/ViewSubmissionPayload", "views/ViewClosedPayload"],
)  # fmt: skip
def test_official_interactions_are_read(shared, name):
    body = json.loads((samples(shared) / "app-backend" / f"{name}.json").read_text())
    assert of_interaction(body).workspace == ""
    assert of_interaction({**body, "team": {"id": "T1"}, "user": {"id": "U1"}}).user == "U1"


def test_every_official_event_is_read(shared):
    files = sorted((samples(shared) / "events").glob("*.json"))
    assert len(files) > 80
    for file in files:
        guest = of_event(json.loads(file.read_text()))
        assert isinstance(guest.channel, str), file.name
        assert isinstance(guest.user, str), file.name


async def test_official_events_with_ids_go_through_the_door(bot, shared):
    for name in ("AppMentionPayload", "AppHomeOpenedPayload", "MemberJoinedChannelPayload", "ChannelArchivePayload",
                 "GroupLeftPayload", "TokensRevokedPayload", "MessagePayload", "AppRateLimitedPayload"):  # fmt: skip
        body = json.loads((samples(shared) / "events" / f"{name}.json").read_text())
        sent = await bot.slack.envelope(
            "events_api", body | {"type": "event_callback", "team_id": "T1", "event_id": name}
        )
        await asyncio.sleep(0)
        if name not in ("MessagePayload", "AppRateLimitedPayload"):
            await until(lambda sent=sent: sent in bot.slack.acks)
    assert await bot.answered(await bot.command("H20 China"))


async def test_the_workspace_of_a_channel_is_known_from_its_order(bot):
    now = datetime(2026, 7, 1, tzinfo=UTC)
    await bot.store.write(lambda conn: subscriptions.add(conn, "slack", "C9", {}, now, "U1", workspace="T9"))
    assert await bot.store.read(lambda conn: glance.workspace_of(conn, "slack", "C9")) == "T9"
    bot.slack.world.add(Channel("C9", "T9"))
    assert await bot.connection.platform.home("C9") == "T9"
