"""Requests as bytes on the wire: paths, queries, headers, cookies, forms of the board, and bodies that Slack signed."""

from __future__ import annotations

import asyncio
import dataclasses
import hashlib
import hmac
import json
import re
import tempfile
import time
from collections.abc import Coroutine
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import aiohttp
import pytest

from bot.clock import SetClock
from bot.commands.ask import Services
from bot.pipeline.ledger.librarian import Librarian
from bot.pipeline.operators.roster import Roster
from bot.platforms.slack.listeners import Listeners
from bot.settings import Secret, Settings
from bot.sources.curated import sources_of_text
from bot.store.engine import Store
from bot.web.health import Health, Metrics
from bot.web.server import Server
from tests.fakes.slack import FakeSlack
from tests.fakes.slack.server import SECRET, form
from tests.fuzz.target import Target, bodies, examine
from tests.platforms.slack import office as slack

TOKEN = "a token that nobody guesses"
MARK = b"<fuzz x=1>"
LAST = b"GET /healthz HTTP/1.1\r\nHost: board\r\nConnection: close\r\n\r\n"
"""Follows every request, so that the server closes when all is answered."""
STATUS = re.compile(rb"HTTP/1\.[01] (\d{3}) ")
ANSWER_S = 20.0
PIECES = (
    MARK,
    quote(MARK.decode()).encode(),
    b"%00",
    b"%ff",
    b"\r\n",
    b"\xff",
    b"'",
    b'"',
    b"../",
    b"%2e%2e%2f",
    b"%0d%0aX: 1",
    b"{{7*7}}",
    b"?",
    b"&",
    b"=",
    b"lang=de",
    b"0001-01-01",
    b"9999-12-31",
    b"-1",
    b"99999999999999999999",
    b"Content-Length: 5\r\n",
    b"Transfer-Encoding: chunked\r\n",
    b"x" * 9000,
    b"Host: evil.example\r\n",
)


class Board:
    """A board that serves on a free port, with an operator signed in; made at the first request."""

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None

    def wait_for(self, work: Coroutine[Any, Any, Any]) -> Any:
        if self._loop is None:
            self._loop = asyncio.new_event_loop()
            self._loop.run_until_complete(self._open())
        return self._loop.run_until_complete(work)

    async def _open(self) -> None:
        settings = Settings()
        settings = dataclasses.replace(settings, desk=dataclasses.replace(settings.desk, token=Secret(TOKEN)))
        self._folder = tempfile.TemporaryDirectory(prefix="chipwatch-fuzz-")
        self.store = await Store.open(f"sqlite:///{self._folder.name}/board.db", scratch=True)
        librarian, clock = Librarian(), SetClock(datetime(2026, 11, 25, 12, tzinfo=UTC))
        roster = Roster(tuple(sources_of_text('[[source]]\nid = "w"\nkind = "feed"\nurl = "https://w.example/f"\n')))
        services = Services(self.store, clock, settings, librarian, roster=roster)

        async def well() -> list[str]:
            return []

        async def nothing() -> None:
            pass

        self.server = Server(Health(well, well, Metrics(), nothing), services)
        address = urlsplit(await self.server.start("127.0.0.1", 0))
        self.host, self.port = str(address.hostname), int(address.port or 0)
        async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as browser:
            async with browser.post(f"{address.geturl()}/desk/enter", data={"token": TOKEN}) as answer:
                page = await answer.text()
            self.cookie = "; ".join(f"{each.key}={each.value}" for each in browser.cookie_jar)
        self.proof = page.split('name="proof" value="', 1)[1].split('"', 1)[0] if 'name="proof"' in page else ""

    async def send(self, raw: bytes) -> bytes:
        """What the board answers to bytes; what came until then where it waits for more."""
        raw = raw.replace(b"$COOKIE", self.cookie.encode()).replace(b"$PROOF", self.proof.encode())
        reader, writer = await asyncio.open_connection(self.host, self.port)
        got = bytearray()
        try:
            writer.write(raw + LAST)
            async with asyncio.timeout(ANSWER_S):
                while part := await reader.read(65536):
                    got += part
        except (TimeoutError, ConnectionError):
            pass
        finally:
            writer.close()
        return bytes(got)

    def close(self) -> None:
        if self._loop is not None:
            self._loop.run_until_complete(self.server.stop())
            self._loop.run_until_complete(self.store.close())
            self._loop.close()
            self._loop = None
            self._folder.cleanup()


BOARD = Board()


def on_the_wire(raw: bytes) -> None:
    """No request is a mistake of ours, none gets its own markup back, and the next one is answered."""
    answer = BOARD.wait_for(BOARD.send(raw))
    assert not [status for status in STATUS.findall(answer) if status == b"500"], answer[:300]
    assert MARK not in answer or b"text/html" not in answer
    assert b"HTTP/1.1 200" in BOARD.wait_for(BOARD.send(b""))


class Office:
    """A bot that Slack reaches by signed HTTP; made at the first body."""

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self.bugs: list[BaseException] = []

    def wait_for(self, work: Any) -> Any:
        if self._loop is None:
            self._loop = asyncio.new_event_loop()
            self._loop.run_until_complete(self._open())
        return self._loop.run_until_complete(work())

    async def _open(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="chipwatch-fuzz-")
        self.fake = FakeSlack()
        await self.fake.__aenter__()
        self._whole = slack.office(Path(self._folder.name), Librarian().knowledge, slack.HTTP, world=self.fake)
        self.made = await self._whole.__aenter__()

        async def on_error(listeners: Listeners, error: Exception, body: Any) -> None:
            self.bugs.append(error)

        self._patch = pytest.MonkeyPatch()
        self._patch.setattr(Listeners, "on_error", on_error)
        self.session = aiohttp.ClientSession()

    async def post(self, body: bytes, at: float, signature: str | None = None) -> int:
        stamp = str(int(at))
        whole = b"v0:" + stamp.encode() + b":" + body
        signed = "v0=" + hmac.new(SECRET.encode(), whole, hashlib.sha256).hexdigest()
        headers = {
            "X-Slack-Request-Timestamp": stamp,
            "X-Slack-Signature": signature or signed,
            "Content-Type": "application/x-www-form-urlencoded",
        }
        async with self.session.post(f"{self.made.address}/slack/events", data=body, headers=headers) as answer:
            await answer.read()
            return answer.status

    def close(self) -> None:
        if self._loop is None:
            return

        async def shut() -> None:
            await self.session.close()
            await self._whole.__aexit__(None, None, None)
            await self.fake.__aexit__()

        self._patch.undo()
        self._loop.run_until_complete(shut())
        self._loop.close()
        self._loop = None
        self._folder.cleanup()


OFFICE = Office()


def from_slack(body: bytes) -> None:
    """A body that Slack signed is answered or refused, and breaks nothing; with another signature it is refused."""

    async def work() -> None:
        OFFICE.bugs.clear()
        status = await OFFICE.post(body, time.time())
        assert status < 500
        forged = await OFFICE.post(body, time.time(), "v0=" + "0" * 64)
        assert forged in (400, 401) or b"ssl_check" in body  # which Slack may send without one, and has no effect
        assert not OFFICE.bugs, OFFICE.bugs

    OFFICE.wait_for(work)


def request(path: str, *headers: str, method: str = "GET", body: str = "") -> bytes:
    """A request as it goes over the wire."""
    more = [f"Content-Length: {len(body.encode())}", "Content-Type: application/x-www-form-urlencoded"] if body else []
    lines = [f"{method} {path} HTTP/1.1", "Host: board", *headers, *more]
    return ("\r\n".join(lines) + "\r\n\r\n" + body).encode()


MARKED = quote(MARK.decode())
PAGES = [
    "/",
    "/chips",
    "/chips/H20",
    "/status/H20/CN?on=2025-05-20",
    f"/stories?q={MARKED}&chip=H20&kind=rule&after=s-1",
    "/stories/s-1",
    "/ledger?chip=H20&to=CN",
    f"/try?say=status+{MARKED}&as=slack",
    "/feed.xml?q=a",
    "/feed.json?lang=zh",
    "/calendar.ics",
    "/record?day=2026-11-01",
    "/rules?on=2025-01-01",
    "/lists?q=huawei",
    "/index.json?on=2025-01-01",
    "/openapi.json",
    f"/redlines?q={MARKED}",
    "/corrections",
    "/about",
    "/assets/board.css",
]
SIGNED_IN = ("Cookie: $COOKIE", "Origin: http://board")
FORMS = [
    ("/desk/enter", "token=x"),
    ("/desk/held/release", f"proof=$PROOF&source={MARKED}"),
    ("/desk/subscriptions/pause", "proof=$PROOF&id=1"),
    ("/desk/sources/add", f"proof=$PROOF&toml={MARKED}"),
    ("/desk/stories/split", "proof=$PROOF&story=s-1&member=0"),
    ("/desk/drafts/record", f"proof=$PROOF&draft=1&toml={MARKED}"),
]
CHUNKED = b"POST /desk/enter HTTP/1.1\r\nHost: b\r\nTransfer-Encoding: chunked\r\n\r\n5\r\ntoken\r\n0\r\n\r\n"
WIRE = [
    *(request(path) for path in PAGES),
    request("/chips", "Accept-Language: de;q=0.9,zh", "Cookie: language=zh", "X-Forwarded-Host: evil.example"),
    *(request(f"/desk/{room}", *SIGNED_IN) for room in ("", "held?page=2", "audit", "sources", "deliveries?state=due")),
    *(request(path, *SIGNED_IN, method="POST", body=body) for path, body in FORMS),
    b"GET /chips HTTP/1.1\r\nHost: evil.example:99999\r\n\r\n",
    CHUNKED,
]


def _slack_bodies() -> list[bytes]:
    class There:
        @staticmethod
        def response_url(name: str) -> str:
            return f"http://127.0.0.1:9/{name}"

    command, _ = slack.command(There(), "H200 Malaysia")  # type: ignore[arg-type]
    press, _ = slack.press(There(), {"type": "button", "action_id": "press.0", "value": '["chip.help"]'})  # type: ignore[arg-type]
    mention = slack.event("app_mention", user="U1", text="<@UBOT> H20 China", channel="C1", ts="7.7")
    home = slack.event("app_home_opened", user="U1", tab="home", channel="D1")
    return [
        form(command).encode(),
        form(press).encode(),
        json.dumps(mention).encode(),
        json.dumps(home).encode(),
        b'{"type":"url_verification","challenge":"abc"}',
        urlencode({"ssl_check": "1"}).encode(),
    ]


TARGETS: dict[str, Target] = {
    "board": bodies(on_the_wire, WIRE, PIECES, 25),
    "Slack body": bodies(
        from_slack, _slack_bodies(), (b"%22", b"null", b"%00", b"&", b"=", b"{", b"%7B%7D", b"[]", b"U1"), 10
    ),
}


@pytest.fixture(scope="module", autouse=True)
def rooms() -> Any:
    yield
    BOARD.close()
    OFFICE.close()


@pytest.mark.filterwarnings("ignore:BasicAuth is deprecated")  # the SDK on a newer aiohttp
@pytest.mark.parametrize("name", TARGETS)
def test_the_promise_holds_for_whatever_comes(name: str) -> None:
    examine(TARGETS[name])


def test_what_is_undamaged_is_answered() -> None:
    """A promise about requests that are all refused would be worth nothing."""
    for raw in WIRE[: len(PAGES)]:
        answer = BOARD.wait_for(BOARD.send(raw))
        first = STATUS.search(answer)
        assert first is not None
        assert first[1] in (b"200", b"404"), answer[:200]
