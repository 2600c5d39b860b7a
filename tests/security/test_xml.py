"""XML of strangers, wherever it is read: no entity, no file, no address, no depth, and an end in good time."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from bot.errors import SourceError
from bot.fetch.exchange import Answer
from bot.redline.documents import document_of
from bot.sources.full_text import read_full_text
from bot.sources.recorded import read_body
from tests.liveness import lively

ROOT = Path(__file__).resolve().parents[2]
SECRET = "what stands in a file of this machine"


def feed(body: str, before: str = "") -> bytes:
    item = f"<item><title>{body}</title><guid>1</guid></item>"
    return f'{before}<rss version="2.0"><channel><title>t</title>{item}</channel></rss>'.encode()


def law(body: str, before: str = "") -> bytes:
    return f'{before}<DIV8 N="742.6" TYPE="SECTION"><HEAD>§ 742.6 x</HEAD><P>{body}</P></DIV8>'.encode()


def rule(body: str, before: str = "") -> bytes:
    return f"{before}<RULE><PREAMB><SUBJECT>{body}</SUBJECT><SUM><P>{body}</P></SUM></PREAMB></RULE>".encode()


def read(where: str, body: bytes) -> str:
    """What is understood of a body, as text; the name of the error where nothing is."""
    from datetime import UTC, datetime

    try:
        if where == "diff":
            return repr(document_of(body))
        if where == "full text":
            answer = Answer("https://a.example/x.xml", 200, {}, body, datetime(2026, 1, 1, tzinfo=UTC))
            return repr(read_full_text(answer, needs_lead=True, corrects=True))
        return repr(read_body(where, body, "https://a.example/x"))
    except SourceError as error:
        return error.name


WHERE = {"feed": feed, "ecfr": law, "diff": law, "full text": rule}
BOMB = (
    '<!DOCTYPE r [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True))
    + "]>"
)


@pytest.mark.parametrize("where", WHERE)
def test_an_entity_bomb_does_not_expand(where):
    read(where, WHERE[where]("warm"))
    with lively(0.1):
        said = read(where, WHERE[where]("&i;", BOMB))
    assert "haha" not in said
    assert len(said) < 5000


@pytest.mark.parametrize("where", WHERE)
@pytest.mark.parametrize("how", ["entity", "parameter", "dtd", "xinclude", "stylesheet", "schema"])
def test_nothing_is_fetched_and_no_file_is_read(where, how, publisher, tmp_path):
    (tmp_path / "secret").write_text(SECRET)
    file, url = (tmp_path / "secret").as_uri(), publisher.says("dtd", "<!ENTITY x 'y'>")
    before = {
        "entity": f'<!DOCTYPE r [<!ENTITY x SYSTEM "{file}"><!ENTITY y SYSTEM "{url}">]>',
        "parameter": f'<!DOCTYPE r [<!ENTITY % x SYSTEM "{url}">%x;]>',
        "dtd": f'<!DOCTYPE r SYSTEM "{url}">',
        "stylesheet": f'<?xml-stylesheet type="text/xsl" href="{url}"?>',
    }.get(how, "")
    body = {
        "entity": "&x;&y;",
        "xinclude": f'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="{file}" parse="text"/>',
        "schema": f'<a xmlns:s="http://www.w3.org/2001/XMLSchema-instance" s:noNamespaceSchemaLocation="{url}"/>',
    }.get(how, "plain")
    assert SECRET not in read(where, WHERE[where](body, before))
    assert publisher.asked["dtd"] == 0


@pytest.mark.parametrize("where", WHERE)
@pytest.mark.parametrize(
    "piece", ["<a>", "<a b=", "<![CDATA[", "<!--", "<!DOCTYPE [", "<?x ", "&#x41;", "<a " + "b='1' " * 50 + ">"]
)
def test_depth_and_open_ends_cost_time_in_proportion(where, piece):
    read(where, WHERE[where]("warm"))
    with lively(0.5):
        read(where, WHERE[where](piece * (200_000 // len(piece))))


@pytest.mark.parametrize("where", WHERE)
def test_half_a_character_is_no_bug(where):
    for body in ("\ud800".encode("utf-8", "surrogatepass"), b"\xff\xfe<\x00a\x00", b"\x00\x00\xfe\xff"):
        read(where, body)
        read(where, WHERE[where]("x").replace(b"x", body))


def test_a_lone_surrogate_is_no_bug():
    from bot.redline.markup import xml_paragraphs

    assert xml_paragraphs("<P>a\ud800b</P>") == [("a?b", "¶ 1")]


def test_every_parser_of_the_bot_is_told_to_resolve_and_to_fetch_nothing():
    made = []
    for path in sorted((ROOT / "bot").rglob("*.py")):
        source = path.read_text(encoding="utf-8")
        if "xml" not in source.lower() and "etree" not in source:
            continue
        for node in ast.walk(ast.parse(source)):
            if not isinstance(node, ast.Call):
                continue
            name = ast.unparse(node.func)
            if name.endswith("XMLParser"):
                made.append(path.name)
                told = {word.arg: ast.unparse(word.value) for word in node.keywords}
                assert told["resolve_entities"] == "False", path
                assert told["no_network"] == "True", path
                assert told["load_dtd"] == "False", path
                assert told.get("huge_tree", "False") == "False", path
            elif (
                name.rpartition(".")[2] in ("fromstring", "XML", "iterparse", "XMLPullParser")
                and "etree" in name.lower()
            ):
                assert len(node.args) > 1, f"{path}: {name} without a parser of ours"
            assert name not in ("Xml.fromstring", "Xml.parse", "minidom.parseString", "etree.parse"), path
    assert sorted(made) == ["markup.py", "xml_reader.py"]
