"""What strangers write into pages is text: no script, no attribute, no address of another kind, no other host."""

import ast
import json
import re
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest

from bot.web.markup import rich_markup
from bot.web.templates import environment
from tests.web.test_guard import NASTY, tell

WEB = Path(__file__).resolve().parents[2] / "bot" / "web"


async def test_a_title_of_a_stranger_is_text_on_every_page(board):
    await tell(board, NASTY)
    for path in ("/stories", "/stories/s-nasty", "/chips/H20", f"/stories?q={NASTY}"):
        _, page = await board.get(path)
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert "49" not in page or "{{7*7}}" in page.replace("&#123;", "{"), "a template in a title is not run"
    _, page = await board.get("/stories/s-nasty")
    assert "&lt;script&gt;" in page
    _, feed = await board.get("/feed.xml")
    assert "<script>" not in feed


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "//evil.example", "file:///etc/passwd"])
async def test_a_link_of_a_stranger_leads_nowhere_unless_it_is_http(board, url):
    await tell(board, "H20", url)
    for path in ("/stories/s-nasty", "/stories"):
        _, page = await board.get(path)
        assert f'href="{url}"' not in page


async def test_there_is_no_redirect_to_another_host(board):
    for path in ("//evil.example/", "/desk?next=https://evil.example", "/?lang=https://evil.example"):
        async with board.browser.get(board.address + path, allow_redirects=False) as answer:
            assert urlsplit(answer.headers.get("Location", "/")).netloc == ""


async def test_no_page_has_a_script_or_style_of_its_own(board):
    """The policy forbids them: a page that had one would be broken. Data for a chart is no script."""
    for path in ("/", "/chips/H20", "/status/H20/CN", "/stories", "/desk/enter"):
        _, page = await board.get(path)
        assert "<style" not in page
        assert " style=" not in page
        assert " on" + "click=" not in page
        assert page.count("<script") == page.count("<script src=") + page.count('<script type="application/json">')


def test_every_template_escapes_what_it_prints():
    made = environment()
    names = made.list_templates(extensions=["html"])
    assert len(names) > 20
    for name in names:
        source = (WEB / "templates" / name).read_text(encoding="utf-8")
        assert made.autoescape(name) if callable(made.autoescape) else made.autoescape
        assert not re.search(r"\|\s*safe\b|autoescape", source), name
        assert not re.search(r"<[^>\"]*\s[\w-]+=\s*\{\{", source), f"{name}: an attribute without quotes"
    assert made.from_string("{{ x }}").render(x="<b>") == "&lt;b&gt;"


def test_markup_is_only_what_stands_in_our_own_source():
    """`Markup(...)` takes its argument as it is: only constants may go in, values by `format`, which escapes."""
    seen = 0
    for path in WEB.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "Markup":
                seen += 1
                assert all(isinstance(each, ast.Constant) for each in node.args), f"{path}: {ast.unparse(node)}"
    assert seen > 10


def test_data_for_a_chart_ends_no_script():
    made = environment().from_string('<script type="application/json">{{ x|tojson }}</script>')
    page = made.render(x={"name": "</script><script>alert(1)</script>", "b": "<!--"})
    assert page.count("</script>") == 1
    assert "<!--" not in page
    assert json.loads(page.split(">", 1)[1].rsplit("<", 1)[0])["b"] == "<!--"


def test_a_link_s_address_ends_no_attribute():
    from bot.cards.card import Span

    made = str(rich_markup((Span("x", url='https://a.example/"onmouseover="alert(1)'),)))
    assert 'onmouseover="' not in made.replace("&#34;", "")
    assert made.count('"') == 4


async def test_no_header_is_made_of_what_was_asked(board):
    """Line ends in an address, as a value and in a path, begin no header and no cookie."""
    for path in (
        f"/stories?lang={quote(chr(13) + chr(10) + 'Set-Cookie: x=1')}",
        "/%0d%0aX-Injected:%201",
        "/?lang=de%0d%0a",
    ):
        import yarl

        async with board.browser.get(yarl.URL(board.address + path, encoded=True), allow_redirects=False) as answer:
            assert "X-Injected" not in answer.headers
            assert "x" not in answer.cookies


async def test_bytes_that_are_no_text_are_no_bug(board):
    """A cookie and a form of broken bytes: refused as any other, with no page of ours broken by them."""
    reader = await board.browser.get(
        board.address + "/desk", headers={"Cookie": "desk=\udcff.\udcfe"}, allow_redirects=False
    )
    assert reader.status in (303, 400)
    form = "application/x-www-form-urlencoded"
    broken = (
        (b"token=%ff%fe", form),
        (b"token=\xff", f"{form}; charset=no"),
        (b"token=\xff", f"{form}; charset=utf-16"),
    )
    for data, kind in broken:
        async with board.browser.post(
            f"{board.address}/desk/enter", data=data, headers={"Content-Type": kind}
        ) as answer:
            assert answer.status < 500, (data, kind)
