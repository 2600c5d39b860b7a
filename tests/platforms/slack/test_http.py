"""Over signed HTTP: who may speak, what is done once, and how workspaces install and leave."""

import io
import json
import sqlite3
import time
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import aiohttp
import pytest
from cryptography.fernet import Fernet
from slack_sdk.oauth.installation_store import Installation

from bot.clock import SystemClock
from bot.delivery.platform import Outgoing
from bot.errors import ConfigError, DeliveryError
from bot.platforms.slack.api import Api
from bot.platforms.slack.installations import Cipher, Installations, InstalledTokens, engine_of
from bot.settings.tables import Secret, SlackSettings
from bot.store import subscriptions
from tests.fakes.slack import Channel, User
from tests.fakes.slack.server import SECRET, form
from tests.liveness import lively
from tests.platforms.slack.office import HTTP, command, event, office, press, until, words
from tests.platforms.slack.test_triaging import ALERT

pytestmark = pytest.mark.filterwarnings("ignore:BasicAuth is deprecated")  # the SDK on a newer aiohttp
KEY = Fernet.generate_key().decode()
OAUTH = SlackSettings(
    client_id="1.2", client_secret=Secret("cs"), signing_secret=Secret(SECRET), encryption_key=Secret(KEY),
    public_url="https://chips.example",
)  # fmt: skip


@pytest.fixture
async def http(tmp_path, knowledge, fake):
    async with office(tmp_path, knowledge, HTTP, world=fake) as made:
        yield made


@pytest.fixture
async def oauth(tmp_path, knowledge, fake):
    async with office(tmp_path, knowledge, OAUTH, world=fake) as made:
        yield made


def events(office) -> str:
    return f"{office.address}/slack/events"


async def test_a_signed_command_is_answered(http):
    payload, answer = command(http.slack, "H200 Malaysia")
    with lively(0.3, time.monotonic):
        status, body = await http.slack.post(events(http), form(payload))
        assert (status, body) == (200, "")
    assert "H200" in words((await http.answered(answer))[0])


@pytest.mark.parametrize(
    ("secret", "age", "right"),
    [("wrong", 0, False), (SECRET, 301, False), (SECRET, -301, False), (SECRET, 360, False), (SECRET, 290, True)],
)
async def test_only_slack_may_speak_and_only_now(http, secret, age, right):
    payload, answer = command(http.slack, "H200 Malaysia")
    status, _ = await http.slack.post(events(http), form(payload), secret=secret, at=time.time() - age)
    assert status == (200 if right else 401)
    if right:
        await http.answered(answer)
    else:
        assert answer not in http.slack.responses
        assert http.slack.world.asked("users.info") == []


async def test_a_request_without_a_signature_is_refused(http):
    payload, _ = command(http.slack, "H200 Malaysia")
    async with aiohttp.ClientSession() as session, session.post(events(http), data=form(payload)) as answer:
        assert answer.status == 401


@pytest.mark.parametrize(
    "body", ["{", '{"a":', "payload=%7B", "payload=5", '{"authorizations":5}', "payload=" + "[" * 9000]
)
async def test_a_strangers_rubbish_is_refused_without_a_word_in_the_log(http, body, caplog):
    """Bolt reads a body before it looks at the signature; what it cannot read was an error with a traceback."""
    async with aiohttp.ClientSession() as session, session.post(events(http), data=body) as answer:
        assert answer.status in (400, 401)
    assert not caplog.records


async def test_what_is_too_large_is_refused_before_it_is_read(http):
    body = io.BytesIO(b"payload=" + b"x" * (2 * 1024 * 1024))
    async with aiohttp.ClientSession() as session, session.post(events(http), data=body) as answer:
        assert answer.status == 413


async def test_an_event_that_comes_three_times_has_one_effect(http):
    body = json.dumps(event("app_mention", "Ev1", user="U1", text="<@UBOT> H20 China", channel="C1", ts="7.7"))
    for retry in range(4):
        more = {"X_Slack_Retry_Num": str(retry), "X_Slack_Retry_Reason": "http_timeout"} if retry else {}
        status, _ = await http.slack.post(events(http), body, **more)
        assert status == 200
    payload, answer = command(http.slack, "H20 China")
    for _ in range(2):
        assert (await http.slack.post(events(http), form(payload)))[0] == 200
    await http.answered(answer)
    await until(lambda: http.slack.world.messages["C1"])
    await http.connection.close()
    assert len(http.slack.world.messages["C1"]) == 1
    assert len(http.slack.responses[answer]) == 1


async def test_slacks_own_checks_are_answered(http):
    status, body = await http.slack.post(events(http), json.dumps({"type": "url_verification", "challenge": "abc"}))
    assert (status, "abc" in body) == (200, True)
    status, _ = await http.slack.post(events(http), urlencode({"ssl_check": "1", "token": "x"}))
    assert status == 200


async def test_presses_come_by_http_too(http):
    payload, answer = press(http.slack, {"type": "button", "action_id": "press.0", "value": '["chip.help"]'})
    assert (await http.slack.post(events(http), form(payload)))[0] == 200
    assert await http.answered(answer)


def granted(token: str, team: str | None = "T1", enterprise: str | None = None, **more: object) -> dict[str, object]:
    return {
        "access_token": token, "token_type": "bot", "scope": "chat:write,commands", "bot_user_id": "UB", "app_id": "A1",
        "team": {"id": team, "name": "Team"} if team else None,
        "enterprise": {"id": enterprise, "name": "Org"} if enterprise else None,
        "authed_user": {"id": "U1"}, "is_enterprise_install": team is None, **more,
    }  # fmt: skip


async def install(made, code: str, **changed: str) -> tuple[int, str]:
    """The way of an install: from the button to the page at its end."""
    async with aiohttp.ClientSession() as session:
        async with session.get(f"{made.address}/slack/install", allow_redirects=False) as page:
            text = await page.text()
            cookie = page.headers["Set-Cookie"].split(";")[0]
        address = next(word for word in text.split('"') if "oauth/v2/authorize" in word).replace("&amp;", "&")
        query = {name: value[0] for name, value in parse_qs(urlsplit(address).query).items()}
        assert query["redirect_uri"] == "https://chips.example/slack/oauth_redirect"
        given = {"code": code, "state": query["state"]} | changed
        async with session.get(
            f"{made.address}/slack/oauth_redirect", params=given, headers={"Cookie": cookie}
        ) as answer:
            return answer.status, await answer.text()


def alert(workspace: str, channel: str = "C1") -> Outgoing:
    return Outgoing(channel, ALERT, "k", {}, workspace=workspace)


async def test_a_workspace_installs_and_its_token_is_stored_encrypted(oauth, tmp_path):
    oauth.slack.world.codes["c1"] = granted("xoxb-new")
    status, _ = await install(oauth, "c1")
    assert status == 200
    await oauth.connection.platform.send(alert("T1"))
    assert oauth.slack.world.asked("chat.postMessage")[-1].token == "xoxb-new"
    assert ("joined", "T1", "Team") in oauth.heard.said
    stored = sqlite3.connect(tmp_path / "bot.db")
    rows = str(
        stored.execute("SELECT * FROM slack_bots").fetchall()
        + stored.execute("SELECT * FROM slack_installations").fetchall()
    )
    stored.close()
    assert "xoxb-new" not in rows
    assert "fernet:" in rows


async def test_states_and_codes_are_good_once(oauth):
    oauth.slack.world.codes["c1"] = granted("xoxb-new")
    status, _ = await install(oauth, "c1", state="forged")
    assert status == 400
    assert (await install(oauth, "c1"))[0] == 200
    status, text = await install(oauth, "c1")
    assert status >= 400
    assert "xoxb" not in text
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"{oauth.address}/slack/oauth_redirect", params={"error": "access_denied", "state": "x"}) as no,
    ):
        assert "access_denied" in await no.text()


async def test_a_new_install_replaces_the_old(oauth, tmp_path):
    for code, token in (("c1", "xoxb-old"), ("c2", "xoxb-new")):
        oauth.slack.world.codes[code] = granted(token)
        assert (await install(oauth, code))[0] == 200
    await oauth.connection.platform.send(alert("T1"))
    assert oauth.slack.world.asked("chat.postMessage")[-1].token == "xoxb-new"
    stored = sqlite3.connect(tmp_path / "bot.db")
    assert stored.execute("SELECT count(*) FROM slack_bots").fetchone() == (1,)
    stored.close()


REMOVED: tuple[str, dict[str, Any]] = ("app_uninstalled", {})
REVOKED: tuple[str, dict[str, Any]] = ("tokens_revoked", {"tokens": {"bot": ["UB"], "oauth": []}})


@pytest.mark.parametrize("order", [(REMOVED, REVOKED), (REVOKED, REMOVED), (REMOVED, REMOVED)])
async def test_after_removal_in_any_order_no_token_is_left(oauth, tmp_path, order):
    oauth.slack.world.codes["c1"] = granted("xoxb-new")
    await install(oauth, "c1")
    for kind, more in order:
        status, _ = await oauth.slack.post(events(oauth), json.dumps(event(kind, **more)))
        assert status == 200
    await until(lambda: any(line[0] == "left" for line in oauth.heard.said))
    with pytest.raises(DeliveryError) as caught:
        await oauth.connection.platform.send(alert("T1"))
    assert caught.value.lost == "workspace"
    assert oauth.slack.world.asked("chat.postMessage") == []
    stored = sqlite3.connect(tmp_path / "bot.db")
    assert stored.execute("SELECT count(*) FROM slack_bots").fetchone() == (0,)
    assert stored.execute("SELECT count(*) FROM slack_installations").fetchone() == (0,)
    stored.close()


async def test_tokens_of_persons_are_no_matter(oauth):
    oauth.slack.world.codes["c1"] = granted("xoxb-new")
    await install(oauth, "c1")
    body = json.dumps(event("tokens_revoked", tokens={"bot": [], "oauth": ["U1"]}))
    assert (await oauth.slack.post(events(oauth), body))[0] == 200
    await oauth.connection.platform.send(alert("T1"))


async def test_an_organisation_installs_for_all_its_workspaces(oauth):
    oauth.slack.world.codes["c1"] = granted("xoxb-org", None, "E1")
    assert (await install(oauth, "c1"))[0] == 200
    world = oauth.slack.world
    world.tokens["xoxb-org"] = "T5"
    world.add(Channel("C5", "T5"), User("U5", "T5"))
    await oauth.connection.platform.send(alert("E1/T5", "C5"))
    assert world.asked("chat.postMessage")[-1].token == "xoxb-org"
    payload, answer = command(
        oauth.slack, "H20 China", team_id="T5", enterprise_id="E1", is_enterprise_install="true", user_id="U5"
    )
    assert (await oauth.slack.post(events(oauth), form(payload)))[0] == 200
    await oauth.answered(answer)
    assert world.asked("users.info")[-1].token == "xoxb-org"


async def test_an_organisation_that_leaves_takes_all_its_workspaces_along(oauth):
    now = datetime(2026, 7, 1, tzinfo=UTC)
    for team in ("E1/T5", "E1/T6", "E2/T5", "T7"):
        await oauth.store.write(
            lambda conn, team=team: subscriptions.add(conn, "slack", f"C-{team}", {}, now, "u", workspace=team)
        )
    whole = {"enterprise_id": "E1", "is_enterprise_install": True, "authorizations": []}
    body = event("app_uninstalled", team="T5") | whole
    assert (await oauth.slack.post(events(oauth), json.dumps(body)))[0] == 200
    await until(lambda: len([line for line in oauth.heard.said if line[0] == "left"]) == 2)
    assert {line[1] for line in oauth.heard.said if line[0] == "left"} == {"E1/T5", "E1/T6"}


async def test_a_command_of_a_workspace_that_left_is_acknowledged_and_harms_nothing(oauth):
    payload, _ = command(oauth.slack, "H20 China", team_id="T8")
    assert (await oauth.slack.post(events(oauth), form(payload)))[0] == 200


async def test_tokens_are_renewed_before_they_end(tmp_path, fake):
    engine = engine_of(f"sqlite:///{tmp_path}/x.db")
    store = Installations("1.2", engine, Cipher([KEY]))
    await store.create_tables()
    soon = int(time.time()) + 60
    await store.async_save(
        Installation(app_id="A1", user_id="U1", team_id="T1", bot_token="xoxe-old", bot_refresh_token="r1",
                     bot_token_expires_at=soon,
                     bot_id="B1", bot_user_id="UB", installed_at=time.time())
    )  # fmt: skip
    fake.world.refreshes["r1"] = {
        "access_token": "xoxe-new", "refresh_token": "r2", "expires_in": 43200, "token_type": "bot", "scope": "x",
    }  # fmt: skip
    tokens = InstalledTokens(store, "1.2", "cs")
    tokens.api = Api(tokens, SystemClock(), fake.api)
    assert await tokens.token("T1") == "xoxe-new"
    assert await tokens.token("T1") == "xoxe-new"
    assert len(fake.world.asked("oauth.v2.access")) == 1
    await tokens.api.close()
    await engine.dispose()


def test_an_old_key_still_opens_and_the_new_one_closes():
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    hidden = Cipher([old]).hide("xoxb")
    assert Cipher([new, old]).show(hidden) == "xoxb"
    assert Cipher([new]).show(hidden) is None
    assert Cipher([old]).show(Cipher([new, old]).hide("xoxb")) is None


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"encryption_key": Secret()}, "encryption_key"),
        ({"encryption_key": Secret("x")}, "encryption_key"),
        ({"signing_secret": Secret()}, "signing_secret"),
    ],
)
async def test_what_is_missing_for_installs_is_named(tmp_path, knowledge, fake, change, named):
    with pytest.raises(ConfigError) as caught:
        async with office(tmp_path, knowledge, replace(OAUTH, **change), world=fake):
            pass
    assert f"slack.{named}" in str(caught.value)
