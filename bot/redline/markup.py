"""Markup: the paragraphs of an XML or HTML document, each with its place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from bot.errors import SourceError
from bot.redline.places import Designators

if TYPE_CHECKING:
    from lxml.etree import _Element
    from selectolax.lexbor import LexborNode

Paragraph = tuple[str, str]
"""The text of a paragraph and its place."""

APPARATUS = frozenset({"CITA", "XREF", "FTREF"})
"""Elements of the eCFR that are no text of the law: the note where a text was published, links to pending amendments
and footnotes. Attributes (`hierarchy_metadata` among them) are never read."""

_DECLARATION = re.compile(r"\A\s*+<\?xml[^>]*>")
_SECTION = re.compile(r"\s*(§+\s*[\w.\-]+)")
_DIVISIONS = re.compile(r"DIV\d")

UNREAD = frozenset({"script", "style", "noscript", "template", "nav", "svg", "iframe", "form", "button", "select"})
INLINE = frozenset({"a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em",
                    "font", "i", "img", "ins", "kbd", "label", "mark", "q", "s", "samp", "small", "span", "strike",
                    "strong", "sub", "sup", "time", "tt", "u", "var", "wbr"})  # fmt: skip


def xml_paragraphs(text: str) -> list[Paragraph]:
    """The paragraphs of an XML document.

    An element that holds words of its own is a paragraph, with all inside it. In the eCFR the place is the section and
    the designators ("§ 744.23(q)"). A DOCTYPE is passed over unread, an entity declaration ends the reading
    (`entity_declaration`); what is not well-formed or nested beyond 256 levels is `malformed_xml`. Nothing is fetched.
    """
    return paragraphs_of(xml_root(text))


def paragraphs_of(root: _Element) -> list[Paragraph]:
    """The paragraphs below an element, as `xml_paragraphs` gives them for a whole document."""
    return list(_walk(root, _Section()))


def xml_root(text: str) -> _Element:
    """The root of an XML document, read as `xml_paragraphs` says, with its errors."""
    from lxml import etree

    if "<!ENTITY" in text:
        raise SourceError("entity_declaration", "the document declares entities, which may expand without end")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True)
    try:
        root = etree.fromstring(_DECLARATION.sub("", text, count=1).encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError as error:
        raise SourceError("malformed_xml", f"the document is not well-formed: {error}") from error
    return root


class _Section:
    """Where the reading of an XML document stands."""

    def __init__(self, name: str = "") -> None:
        self._name = name
        self._designators = Designators()
        self._count = 0

    def place(self, text: str) -> str:
        self._count += 1
        found = _SECTION.match(text)
        if found and not self._name:
            self._name = found[1]
        designators = self._designators.of(text) if self._name else ""
        return self._name + (designators or f" ¶ {self._count}") if self._name else f"¶ {self._count}"


def _walk(element: _Element, section: _Section) -> Iterator[Paragraph]:
    """Paragraphs below an element, in reading order; libxml2 bounds the depth."""
    name = element.tag if isinstance(element.tag, str) else ""
    if not name or name in APPARATUS:
        return
    if _DIVISIONS.fullmatch(name) and element.get("TYPE") in ("SECTION", "APPENDIX"):
        number = element.get("N") or ""
        section = _Section(f"§ {number}" if number[:1].isdigit() else number)
    if _has_words(element):
        text = " ".join("".join(_texts(element)).split())
        if text:
            yield text, section.place(text)
        return
    for child in element:
        yield from _walk(child, section)


def _has_words(element: _Element) -> bool:
    pieces = (element.text, *(child.tail for child in element))
    return any(piece and not piece.isspace() for piece in pieces)


def _texts(element: _Element) -> Iterator[str]:
    """The words of an element. Table cells and other blocks inside it are kept apart by a blank."""
    yield element.text or ""
    for child in element:
        if isinstance(child.tag, str):
            yield from _texts(child)
            if len(child.tag) > 2:
                yield " "
        yield child.tail or ""


def html_paragraphs(text: str) -> list[Paragraph]:
    """The readable paragraphs of an HTML page, without scripts, navigation and forms.

    Where one `main` or `article` holds at least half of the words, only it is read."""
    from selectolax.lexbor import LexborHTMLParser

    tree = LexborHTMLParser(text)
    body = tree.body
    if body is None:
        return []
    everything = list(_blocks(body))
    for selector in ("main", "article", "[role=main]"):
        nodes = tree.css(selector)
        if len(nodes) == 1:
            inner = list(_blocks(nodes[0]))
            if 2 * sum(map(len, inner)) >= sum(map(len, everything)):
                everything = inner
                break
    return [(block, f"¶ {at}") for at, block in enumerate(everything, 1)]


def _blocks(top: LexborNode) -> Iterator[str]:
    """The text between the borders of block elements, in reading order, without recursion: pages nest as they like."""
    words: list[str] = []
    stack: list[tuple[LexborNode | None, bool]] = [(top.child, False)]
    while stack:
        node, closes = stack.pop()
        if closes:
            yield from _flushed(words)
        while node is not None:
            tag = node.tag or ""
            if tag == "-text":
                words.append(node.text_content or "")
            elif tag and tag[0] not in "-!_" and tag not in UNREAD:
                inline = tag in INLINE
                if not inline:
                    yield from _flushed(words)
                stack.append((node.next, not inline))
                node = node.child
                continue
            node = node.next
    yield from _flushed(words)


def _flushed(words: list[str]) -> Iterator[str]:
    text = " ".join("".join(words).split())
    words.clear()
    if text:
        yield text
