"""Secrets leave the bot nowhere: not in a line of the log, a page, a figure, the store or what a command prints."""

from __future__ import annotations

import asyncio
import logging
import re
import signal
import sys

import aiohttp
import pytest
import structlog

from bot import logs
from bot.settings import Secret, effective, load, secret_values
from bot.settings.tables import SETTINGS
from tests.e2e.conftest import environment
from tests.fakes.discord import FakeDiscord
from tests.fakes.discord.world import TOKEN
from tests.fakes.slack import FakeSlack

DESK, KEY = "desk-0123456789-hush", "datagov-0123456789-hush"
PATHS = (
    "/",
    "/metrics",
    "/healthz",
    "/readyz",
    "/stories",
    "/about",
    "/desk/enter",
    "/openapi.json",
    "/nothing",
    "/try",
)


@pytest.fixture
def written(capsys):
    root = logging.getLogger()
    handlers, before = list(root.handlers), structlog.get_config()
    yield lambda: capsys.readouterr().err
    root.handlers[:] = handlers
    structlog.configure(**before)


@pytest.mark.parametrize("form", ["console", "json"])
def test_a_secret_is_taken_out_wherever_it_stands(written, form):
    secret = 'hush"hush\\hush'
    logs.configure("debug", form, logs.Scrubber((secret, "hush-2")))
    log = logs.logger("test")
    log.info("x", token="abc", detail=f"a {secret} b", many=[secret, {"deep": (secret,)}], error=ValueError(secret))
    log.info("x", inner={"Authorization": "Bearer abc", "api_key": "abc"})
    for name in sorted(logs.SECRET_PARAMETERS):
        log.info(
            "x",
            url=f"https://a.example/?q=1&{name}=abc123&z=2",
            told=ValueError(f"GET https://a.example?{name}=abc123"),
        )
    log.info("x", url="postgresql://bot:abc123@db/chipwatch")
    try:
        raise ValueError(f"wss://gateway/?ticket=1 {secret}") from KeyError("hush-2")
    except ValueError:
        log.exception("x")
        logging.getLogger("slack_sdk").exception("with %s", secret)
        logging.getLogger("asyncio").exception("Task exception was never retrieved")
    said = written()
    assert "[hidden]" in said
    for each in (secret, 'hush\\"hush', "hush-2", "abc"):
        assert each not in said, each


def test_every_secret_setting_is_known_to_the_log_and_hidden_where_settings_are_shown():
    names = [each for table in SETTINGS.values() for each in table.values() if isinstance(each.default, Secret)]
    assert len(names) >= 8
    environ = {f"CHIPWATCH_{each.table}__{each.key}".upper(): f"hush-{n}-{each.key}" for n, each in enumerate(names)}
    settings = load(None, environ)
    assert set(environ.values()) <= set(secret_values(settings))
    assert "hush-" not in repr(settings) + repr(effective(settings))


def test_the_password_of_a_database_is_a_secret():
    settings = load(None, {"CHIPWATCH_STORE__URL": "postgresql://bot:p%40ss-w@db/chipwatch"})
    assert {"p%40ss-w", "p@ss-w"} <= set(secret_values(settings))
    (row,) = [row for row in effective(settings) if row.name == "store.url"]
    assert "ss-w" not in str(row.value)
    assert "bot" in row.value


def test_a_list_of_keys_is_several_secrets():
    settings = load(None, {"CHIPWATCH_SLACK__ENCRYPTION_KEY": "first-key, second-key"})
    assert {"first-key", "second-key"} <= set(secret_values(settings))


async def test_a_running_bot_whose_tokens_fail_tells_nobody_what_they_are(tmp_path, publisher):
    """At `debug`: a source whose address has a key fails, Slack refuses the token, every page is asked."""
    publisher.says("feed", "no", 500)
    bad = publisher.url("feed") + "?api_key=hush-in-an-address"
    folder = tmp_path / "config"
    (folder / "sources").mkdir(parents=True)
    (folder / "sources" / "own.toml").write_text(f'[[source]]\nid = "own"\nkind = "feed"\nurl = "{bad}"\n')
    slack_token, app_token = "xoxb-0123456789-hush", "xapp-0123456789-hush"
    fake = FakeDiscord()
    await fake.start()
    async with FakeSlack() as slack:
        slack.world.tokens[app_token] = "T1"  # the bot's own token is one that Slack does not know
        env = environment(
            tmp_path, CHIPWATCH_WEB__PORT="0", CHIPWATCH_LOG__LEVEL="debug", CHIPWATCH_DESK__TOKEN=DESK,
            CHIPWATCH_FETCH__DATA_GOV_KEY=KEY, CHIPWATCH_FETCH__ALLOW_PRIVATE='["127.0.0.1"]',
        )  # fmt: skip
        slacks = {"CHIPWATCH_SLACK__BOT_TOKEN": slack_token, "CHIPWATCH_SLACK__APP_TOKEN": app_token,
                  "CHIPWATCH_SLACK__API_URL": slack.api}  # fmt: skip
        said = await served(folder, env)
        said += await ended("run", folder, env | slacks)  # Slack does not take the token: the start ends
        assert b"slack.bot_token" in said
        slacks |= {"CHIPWATCH_DISCORD__TOKEN": TOKEN, "CHIPWATCH_DISCORD__API_URL": fake.api_url}
        for command in (["config", "show"], ["config", "show", "--json"], ["doctor"], ["sources"]):
            said += await ended(*command, folder, env | slacks)
    await fake.stop()
    kept = b"".join(path.read_bytes() for path in tmp_path.iterdir() if path.name.startswith("store.db"))
    assert b"own" in said
    assert len(kept) > 10_000
    for secret in (TOKEN, DESK, KEY, slack_token, app_token):
        assert secret.encode() not in said + kept, secret
    assert b"hush-in-an-address" not in said


async def ended(*command):
    """What a command prints, both ways, until its end."""
    *words, folder, env = command
    bot = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", *words, "--config", str(folder), env=env,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    out, _ = await asyncio.wait_for(bot.communicate(), 120)
    return out


async def served(folder, env):
    """What a bot says and serves while it runs, every page asked, the desk tried with a wrong token."""
    bot = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "run", "--config", str(folder), env=env,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    try:
        said, address = b"", None
        assert bot.stdout is not None
        while address is None or b"source_outage" not in said:
            line = await asyncio.wait_for(bot.stdout.readline(), 60)
            assert line, said
            said += line
            found = re.search(r"health at (http://\S+)/healthz", line.decode())
            address = found[1] if found else address
        async with aiohttp.ClientSession() as browser:
            for path in PATHS:
                async with browser.get(address + path) as answer:
                    said += await answer.read() + repr(answer.headers).encode()
            async with browser.post(f"{address}/desk/enter", data={"token": "wrong"}) as answer:
                said += await answer.read()
        bot.send_signal(signal.SIGTERM)
        rest, _ = await asyncio.wait_for(bot.communicate(), 60)
        return said + rest
    finally:
        if bot.returncode is None:
            bot.kill()
