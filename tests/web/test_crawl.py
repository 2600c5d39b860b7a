"""A crawler that follows every link and tries every form with hostile values, as a stranger and as an operator."""

from __future__ import annotations

import dataclasses
import re
from urllib.parse import parse_qsl, urljoin, urlsplit

import pytest
from lxml import html

from bot.settings import Secret
from tests.web.conftest import TOKEN
from tests.web.test_guard import NASTY, tell

HOSTILE = (
    '"><script>alert(1)</script>',
    "'; DROP TABLE stories; --",
    "../../../../etc/passwd",
    "https://evil.example/\r\nSet-Cookie: x=1",
    "{{ 7*191 }}${7*191}",
    "\x00\u202e\ud7ff",
    "9" * 400,
)
MOST = 220
"""Pages that are looked at; the addresses of one kind of page are many."""
SECRET = "a secret of the settings"


def kind_of(address: str) -> str:
    """Pages of one kind are alike: three of each are enough."""
    parts = urlsplit(address)
    names = ",".join(sorted(name for name, _ in parse_qsl(parts.query)))
    head, _, rest = parts.path.strip("/").partition("/")
    return f"{parts.path if head == 'desk' or not rest else head}?{names}"


async def crawl(board) -> tuple[set[str], list[tuple[str, str, list[str]]]]:
    """The addresses that were looked at, and the forms on them: method, address, fields."""
    waiting, forms = ["/", "/desk", "/record?day=2026-11-25"], []
    seen: set[str] = set()
    kinds: dict[str, int] = {}
    while waiting and len(seen) < MOST:
        path = waiting.pop(0)
        if path in seen:
            continue
        seen.add(path)
        async with board.browser.get(board.address + path) as answer:
            assert answer.status in (200, 400, 404), (path, answer.status)
            assert urlsplit(str(answer.url)).netloc == urlsplit(board.address).netloc
            page = await answer.text()
            if answer.content_type != "text/html":
                continue
        tree = html.fromstring(page)
        sound(path, page, tree)
        for link in tree.xpath("//a/@href | //link/@href | //form[@method='get']/@action"):
            whole = urlsplit(urljoin(board.address + path, link))
            if whole.netloc != urlsplit(board.address).netloc:
                assert whole.scheme in ("http", "https"), link
                continue
            found = whole.path + (f"?{whole.query}" if whole.query else "")
            kinds[kind_of(found)] = kinds.get(kind_of(found), 0) + 1
            if kinds[kind_of(found)] <= 3:
                waiting.append(found)
        for form in tree.xpath("//form"):
            fields = [str(name) for name in form.xpath(".//@name") if name != "proof"]
            targets = [form.get("action") or path, *form.xpath(".//@formaction")]
            forms += [(form.get("method", "get"), urlsplit(target).path, fields) for target in targets]
    return seen, forms


def sound(path: str, page: str, tree: html.HtmlElement) -> None:
    """Nothing of a stranger is markup, nothing runs, nothing secret is told."""
    assert not tree.xpath("//script[not(@src) and not(@type='application/json')]"), path
    assert not tree.xpath("//@onerror | //@onclick | //@onload | //@style"), path
    assert not tree.xpath("//img[@src='x'] | //iframe | //object | //embed | //base"), path
    assert not [link for link in tree.xpath("//a/@href") if not re.match(r"(https?:/)?/|\?|#", link)], path
    assert SECRET not in page, path
    assert TOKEN not in page, path
    ids = tree.xpath("//@id")
    assert len(ids) == len(set(ids)), f"{path}: an id twice"


@pytest.fixture
async def hostile(board):
    settings = board.services.settings
    discord = dataclasses.replace(settings.discord, token=Secret(SECRET))
    board.services.settings = dataclasses.replace(settings, discord=discord)
    await tell(board, NASTY)
    return board


@pytest.mark.parametrize("inside", [False, True], ids=["stranger", "operator"])
async def test_every_link_leads_to_a_sound_page(hostile, inside):
    if inside:
        await hostile.enter()
    seen, forms = await crawl(hostile)
    assert len(seen) > 40
    rooms = [path for path in seen if path.startswith("/desk/") and not path.startswith("/desk/enter")]
    assert len(rooms) > 6 if inside else not rooms
    assert any(method == "post" and path != "/desk/enter" for method, path, _ in forms) is inside


async def test_every_form_bears_hostile_values(hostile):
    proof = await hostile.enter()
    _, forms = await crawl(hostile)
    tried = set()
    for method, path, fields in forms:
        if (method, path) in tried or path == "/desk/leave":
            continue
        tried.add((method, path))
        for value in HOSTILE:
            values = dict.fromkeys(fields, value) | ({"proof": proof} if path.startswith("/desk/") else {})
            options = {"data": values} if method == "post" else {"params": values}
            async with hostile.browser.request(method, hostile.address + path, **options) as answer:
                page = await answer.text()
                assert answer.status < 500, (method, path, value)
                assert answer.cookies.get("x") is None
                assert answer.url.host == "127.0.0.1"
            if "<html" in page:
                sound(path, page, html.fromstring(page))
                assert "1337" not in page, path
    assert len([path for method, path in tried if method == "post"]) > 6
    assert len([path for method, path in tried if method == "get"]) > 4


async def test_no_form_that_changes_something_works_without_its_proof(hostile):
    from bot.store import audit

    await hostile.enter()
    _, forms = await crawl(hostile)
    acts = {path for method, path, _ in forms if method == "post"} - {"/desk/leave", "/desk/enter"}
    assert acts
    for path in acts:
        async with hostile.browser.post(hostile.address + path, data={"source": "wire", "order": "1"}) as answer:
            assert answer.status == 403, path
    assert await hostile.services.store.read(audit.lines) == []


async def test_every_address_refuses_what_it_does_not_know(hostile):
    seen, _ = await crawl(hostile)
    for path in sorted(seen)[:40]:
        for method in ("PUT", "DELETE", "PATCH"):
            async with hostile.browser.request(method, hostile.address + path) as answer:
                assert answer.status == 405, (method, path)
                assert answer.headers["Allow"]
