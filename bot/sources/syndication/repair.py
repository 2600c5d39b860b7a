"""Malformed feeds mended as far as it is sure what was meant; what is not sure is left to the lenient reader.

Everything here is linear in the length of the text.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from html.entities import html5

from bot.errors import SourceError
from bot.sources.syndication.prolog import Root, refuse_entities

DEEPEST = 256

_XML_NAMES = frozenset(("amp", "lt", "gt", "quot", "apos"))
_AMPERSAND = re.compile(r"&(?:#([0-9]{1,9});|#[xX]([0-9A-Fa-f]{1,8});|([A-Za-z][A-Za-z0-9]{0,31});)?")
_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_TAG = re.compile(r"<(/?)([A-Za-z_][\w:.-]*+)([^<>]*+)>")
_PREFIXED = re.compile(r"<([A-Za-z_][\w.-]*):[A-Za-z_]|\s([A-Za-z_][\w.-]*):[A-Za-z_][\w.-]*\s*=\s*[\"']")
_DECLARED = re.compile(r"\sxmlns:([A-Za-z_][\w.-]*)\s*=")
_CDATA = re.compile(r"<!\[CDATA\[(?:[^\]]++|\](?!\]>))*+(?:\]\]>)?+")
_SECTION = re.compile(r"<!\[CDATA\[|<!--")
_ENTRY_END = re.compile(r"</(?:[A-Za-z_][\w.-]*:)?(?:item|entry)\s*>", re.IGNORECASE)
_CLOSING_ONLY = re.compile(r"(?:\s*+</[A-Za-z_][\w:.-]*+\s*+>)*+\s*+(?:</?[A-Za-z_:]*+)?+\s*+")
# Elements that HTML leaves open: where a feed holds HTML that nobody escaped, they nest nothing.
_OPEN = "br hr img p li input meta link td tr th dt dd option area base col embed param source wbr"
_OPEN_ENDED = frozenset(_OPEN.split())

NAMESPACES = {
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "feedburner": "http://rssnamespace.org/feedburner/ext/1.0",
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "media": "http://search.yahoo.com/mrss/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rss": "http://purl.org/rss/1.0/",
    "sy": "http://purl.org/rss/1.0/modules/syndication/",
    "xhtml": "http://www.w3.org/1999/xhtml",
}


@dataclass(frozen=True, slots=True)
class Mended:
    """A text that is more likely well-formed, beginning with its root; `cut` says that whole entries may be missing."""

    text: str
    cut: bool = False


def mended(text: str, root: Root) -> Mended:
    """A feed's text from its root to its root's end, with legal characters, references and prefixes.

    A text that ends too early is closed after its last whole entry. Raises SourceError `cut_short` where there is none,
    `entity_declaration` where entities are declared inside.
    """
    body, cut = _to_the_end(text[root.start :], root)
    body = _ILLEGAL.sub("", body)
    refused = outside_cdata(body, _checked_entities)
    return Mended(_with_prefixes(outside_cdata(refused, _with_legal_references), root), cut)


def outside_cdata(text: str, change: Callable[[str], str]) -> str:
    """The text with all outside CDATA sections changed, and comments dropped. A section without end is closed."""
    parts: list[str] = []
    place = 0
    while (found := _SECTION.search(text, place)) is not None:
        parts.append(change(text[place : found.start()]))
        section = found[0] == "<![CDATA["
        mark = "]]>" if section else "-->"
        end = text.find(mark, found.end())
        place = len(text) if end < 0 else end + 3
        if section:
            parts.append(text[found.start() : place] + (mark if end < 0 else ""))
    parts.append(change(text[place:]))
    return "".join(parts)


def nests_too_deep(text: str) -> bool:
    """Whether the tags of a text nest beyond 256, in HTML's way of counting: some elements need no end."""
    depth = 0
    for found in _TAG.finditer(_CDATA.sub("", text)):
        if found[1]:
            depth = max(depth - 1, 0)
        elif not found[3].endswith("/") and found[2].lower() not in _OPEN_ENDED:
            depth += 1
            if depth > DEEPEST:
                return True
    return False


def _to_the_end(body: str, root: Root) -> tuple[str, bool]:
    """The text up to the root's end, and whether entries are missing because there was none."""
    section = body.rfind("<![CDATA[")
    if section >= 0 and body.find("]]>", section) < 0:
        body = body[:section]  # whatever ends inside a section that never ends is text
    end = body.rfind(f"</{root.tag}")
    if end >= 0:
        return body[:end] + f"</{root.tag}>", False
    last = None
    for found in _ENTRY_END.finditer(body):
        last = found
    if last is None:
        if _CLOSING_ONLY.fullmatch(body[_first_tag_end(body) :]):
            return body[: _first_tag_end(body)] + f"</{root.tag}>", False
        raise SourceError("cut_short", "the answer ends before its first whole entry")
    rest = body[last.end() :]
    whole = bool(rest.strip()) and _CLOSING_ONLY.fullmatch(rest) is not None
    kept = body[: last.end()]
    inside = "" if root.local == "channel" else _open_channel(kept)
    return f"{kept}{inside}</{root.tag}>", not whole


def _first_tag_end(body: str) -> int:
    end = body.find(">")
    return len(body) if end < 0 else end + 1


def _open_channel(kept: str) -> str:
    """The end tag of the channel, where it was begun and not ended before the cut."""
    tag = re.search(r"<((?:[A-Za-z_][\w.-]*:)?channel)\b[^<>]*>", kept)
    return f"</{tag[1]}>" if tag is not None and f"</{tag[1]}" not in kept else ""


def _checked_entities(part: str) -> str:
    refuse_entities(part)
    return part


def _with_legal_references(part: str) -> str:
    return _AMPERSAND.sub(_reference, part) if "&" in part else part


def _reference(found: re.Match[str]) -> str:
    """A reference that XML knows; HTML's names become their characters, a bare ampersand is escaped."""
    decimal, hexadecimal, name = found.groups()
    if name is not None:
        if name in _XML_NAMES:
            return found[0]
        character = html5.get(name + ";")
        return _escaped(character) if character is not None else "&amp;" + found[0][1:]
    if decimal is None and hexadecimal is None:
        return "&amp;"
    code = int(decimal) if decimal is not None else int(hexadecimal, 16)
    legal = code in (9, 10, 13) or 0x20 <= code <= 0xD7FF or 0xE000 <= code <= 0xFFFD or 0x10000 <= code <= 0x10FFFF
    return found[0] if legal else ""


def _escaped(character: str) -> str:
    return character.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _with_prefixes(body: str, root: Root) -> str:
    """The text with its undeclared namespace prefixes declared on the root."""
    declared = {found[1] for found in _DECLARED.finditer(body)} | {"xml", "xmlns"}
    used = {found[1] or found[2] for found in _PREFIXED.finditer(body)} - declared
    if not used:
        return body
    at = len(root.tag) + 1
    added = "".join(
        f' xmlns:{prefix}="{NAMESPACES.get(prefix, f"urn:undeclared:{prefix}")}"' for prefix in sorted(used)
    )
    return body[:at] + added + body[at:]
