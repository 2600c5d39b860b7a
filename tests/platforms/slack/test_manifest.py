"""The manifest: fresh, valid by Slack's own schema, and with exactly the scopes that are used."""

import json
from collections.abc import Awaitable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.cards.card import Card, Picture
from bot.delivery.platform import Outgoing
from bot.errors import DeliveryError
from bot.locale.rich import Span
from bot.platforms.slack.manifest import SCOPES, hint, manifest, text_of
from bot.settings.tables import SlackSettings
from tests.fakes.slack import Channel, FakeSlack
from tests.platforms.slack.office import SOCKET, Office, event, office, until, words

FILE = Path(__file__).resolve().parents[3] / "config" / "slack-manifest.json"
PUBLIC = SlackSettings(public_url="https://chips.example", managers_group="S0A", short_command="")


def test_the_file_says_what_the_settings_and_commands_say():
    assert FILE.read_text(encoding="utf-8") == text_of(SlackSettings()), "run `make reference`"


@pytest.mark.filterwarnings("ignore::ResourceWarning")  # the checker leaves its schema to the collector
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("settings", [SlackSettings(), PUBLIC, SlackSettings(command="exports", short_command="x")])
def test_it_is_valid_by_slacks_own_schema(checker, settings):
    assert checker.check_manifest(manifest(settings)) == []


def test_names_and_addresses_come_from_the_settings():
    made = manifest(replace(PUBLIC, command="exports"))
    assert [each["command"] for each in made["features"]["slash_commands"]] == ["/exports"]
    assert made["settings"]["event_subscriptions"]["request_url"] == "https://chips.example/slack/events"
    assert made["oauth_config"]["redirect_urls"] == ["https://chips.example/slack/oauth_redirect"]
    assert not made["settings"]["socket_mode_enabled"]
    assert manifest(SlackSettings())["settings"]["socket_mode_enabled"]


def test_the_hint_keeps_slacks_limit():
    assert len(hint([f"verb{n}" for n in range(400)])) <= 1000


CARD = Card((Span("Map"),), picture=Picture("what it shows", png=b"\x89PNG"))


async def refused(work: Awaitable[Any]) -> DeliveryError | None:
    """The refusal of a call, None where it worked."""
    try:
        await work
    except DeliveryError as error:
        return error
    return None


async def features(bot: Office, fake: FakeSlack) -> set[str]:
    """What works. Whatever is missing, commands are answered and the page of App Home comes."""
    fake.world.add(Channel("G1", private=True))
    platform, people, works = bot.connection.platform, bot.connection.listeners.people, set()
    lost = await refused(platform.send(Outgoing("C1", CARD, "k", {}, workspace="T1")))
    if lost is None:
        works.add("chat:write")
        works |= {"files:write"} if "slack_file" in words(fake.world.messages["C1"][-1]) else set()
    else:
        assert lost.lost == "workspace"
        assert "missing_scope" in lost.reason
    for scope, work in (
        ("channels:read", platform.surroundings("C1")),
        ("groups:read", platform.surroundings("G1")),
        ("im:write", platform.api.call("T1", "conversations.open", users="U1")),
    ):
        missing = await refused(work)
        works |= {scope} if missing is None else set()
        assert missing is None or (missing.lost is None and "missing_scope" in missing.reason)
    works |= {"users:read"} if (await people.profile("T1", "U2")).language == "de" else set()
    works |= {"usergroups:read"} if (await people.person("T1", "U2", "C1")).manages else set()
    assert await bot.answered(await bot.command("H20 China"))
    await fake.envelope("events_api", event("app_home_opened", user="U2", channel="DU2", tab="home"))
    await until(lambda: fake.world.homes)
    return works


ALL = {"chat:write", "files:write", "channels:read", "groups:read", "im:write", "users:read", "usergroups:read"}


@pytest.mark.parametrize("scope", ["", *sorted(ALL)])
async def test_without_a_scope_only_its_own_feature_is_missing(tmp_path, knowledge, fake, scope):
    fake.world.groups["S0A"] = ["U2"]
    fake.world.scopes["xoxb-1"] = frozenset(SCOPES) - {scope}
    async with office(tmp_path, knowledge, replace(SOCKET, managers_group="S0A"), world=fake) as bot:
        missing = ALL - await features(bot, fake)
    assert missing == ({scope} if scope else set()) | ({"files:write"} if scope == "chat:write" else set())


def test_the_file_is_json_of_one_app():
    assert set(json.loads(FILE.read_text(encoding="utf-8"))) == {
        "display_information",
        "features",
        "oauth_config",
        "settings",
    }
