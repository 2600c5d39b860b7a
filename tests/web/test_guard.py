"""What strangers try: each attack by name, against the serving board."""

import asyncio
import dataclasses
from datetime import timedelta
from urllib.parse import urlsplit

import pytest

from bot.model import Assessment, Direction, Kind, Member, Severity, Trust
from bot.store import stories
from bot.web.guard import HEADERS, host_is_ours
from tests.web.conftest import NOW

NASTY = '<script>alert(1)</script>"><img src=x onerror=alert(1)>{{7*7}}\u202e@everyone'


async def tell(board, title: str, url: str = "https://wire.example/a") -> None:
    facts = Assessment(True, 1.0, ("H20",), destinations=("CN",), kind=Kind.REPORT, direction=Direction.NONE,
                       trust=Trust.PRESS, severity=Severity.HIGH)  # fmt: skip
    member = Member("wire", NASTY, "k", title, url, NOW, "en", Trust.PRESS, NOW)

    def work(conn):
        from bot.pipeline.stories.stored import story_from
        from bot.pipeline.wordlist import enter

        stories.begin(conn, "s-nasty", facts, NOW)
        stories.seat(conn, "s-nasty", member, facts, {})
        stories.grow(conn, "s-nasty", facts, NOW - timedelta(hours=1), 1)
        row = stories.row(conn, "s-nasty")
        assert row is not None
        enter(conn, story_from(row, stories.seats(conn, "s-nasty")))

    await board.services.store.write(work)


@pytest.mark.parametrize(
    "path",
    [
        "/static/x/../../settings/tables.py",
        "/static/x/%2e%2e%2fboard.css",
        "/static/x/..%5cboard.css",
        "/static/x/view.py",
        "/static/x/",
        "/chips/../../etc/passwd",
        "/stories/%2e%2e%2f%2e%2e%2fetc%2fpasswd",
    ],
)
async def test_no_path_leads_out_of_the_board(board, path):
    import yarl

    async with board.browser.get(yarl.URL(board.address + path, encoded=True)) as answer:
        assert answer.status in (400, 404)
        assert "root:" not in await answer.text()


async def test_every_answer_carries_the_headers_that_protect_its_reader(board):
    for path in ("/", "/index.json", "/nothing", "/desk/enter", "/feed.xml", "/healthz"):
        async with board.browser.get(board.address + path) as answer:
            for name, value in HEADERS.items():
                assert answer.headers[name] == value, path
    assert "unsafe" not in HEADERS["Content-Security-Policy"]


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "POST", "TRACE"])
async def test_other_methods_are_refused_with_those_that_are_allowed(board, method):
    async with board.browser.request(method, board.address + "/") as answer:
        assert answer.status == 405


async def test_a_body_that_is_too_large_is_refused(board):
    async with board.browser.post(f"{board.address}/desk/enter", data={"token": "x" * 200_000}) as answer:
        assert answer.status == 413


async def test_a_host_that_is_not_ours_is_refused():
    assert host_is_ours("board.example:8642", ("board.example",))
    assert host_is_ours("127.0.0.1:8642", ("board.example",))
    assert host_is_ours("[::1]:8642", ("board.example",))
    assert not host_is_ours("evil.example", ("board.example",))
    assert not host_is_ours("board.example.evil.example", ("board.example",))
    assert host_is_ours("anything", ())
    assert not any(host_is_ours(host, ()) for host in ("\udcff.example", "a b", "a/b", "[a", ""))


async def test_a_forged_host_header_meets_a_refusal(board):
    settings = board.services.settings
    board.services.settings = dataclasses.replace(
        settings, web=dataclasses.replace(settings.web, hosts=("own.example",))
    )
    assert (await board.get("/", headers={"Host": "evil.example"}))[0] == 421
    assert (await board.get("/", headers={"Host": "own.example"}))[0] == 200


async def test_slow_clients_hold_up_nobody(board):
    """A hundred connections that never finish their request: others are answered."""
    host, port = urlsplit(board.address).hostname, urlsplit(board.address).port
    slow = [await asyncio.open_connection(host, port) for _ in range(100)]
    for _, writer in slow:
        writer.write(b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ")
    async with asyncio.timeout(10):
        assert (await board.get("/about"))[0] == 200
    for _, writer in slow:
        writer.close()
