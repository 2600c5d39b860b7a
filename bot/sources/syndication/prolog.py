"""What stands before a feed's root element: skipped unread, and refused where it declares entities."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.errors import SourceError

_NAME = re.compile(r"<((?:([A-Za-z_][\w.-]*):)?([A-Za-z_][\w.-]*))")
_FEED_ROOT = re.compile(r"<(?:[A-Za-z_][\w.-]*:)?(?:rss|feed|rdf)\b(?=[\s>])", re.IGNORECASE)
_BLANK = re.compile("[\\s\ufeff\x00]*+")
_ENTITY = re.compile(r"<!ENTITY", re.IGNORECASE)
FEED_ROOTS = frozenset(("rss", "feed", "rdf", "channel", "entry"))
PAGE_ROOTS = frozenset(("html", "head", "body", "script", "meta", "title", "link", "style", "div", "p"))
_DOCTYPE_SIGN = re.compile(r"[\"'>\[\]]|<!--|<!ENTITY|<", re.IGNORECASE)
LONGEST_DOCTYPE = 100_000
"""Characters in which a DOCTYPE must end; one that is longer hides what follows."""
SEARCHED = 65_536
"""Characters in which a feed is looked for behind a server's own babble (warnings of PHP and the like)."""


@dataclass(frozen=True, slots=True)
class Root:
    """Where the root element begins and what it is called: `rdf:RDF`, its local name in lower case, junk before it."""

    start: int
    tag: str
    local: str
    after_junk: bool = False


def root_of(text: str) -> Root | None:
    """The root element of a text: declaration, instructions, comments and a DOCTYPE before it are skipped unread.

    None where there is no element at all. Raises SourceError `entity_declaration` for a DOCTYPE that declares entities:
    what they expand to cannot be known without reading it, and feeds need none.
    """
    place = _skipped(text, 0)
    found = _NAME.match(text, place)
    if found is not None and found[3].lower() in FEED_ROOTS | PAGE_ROOTS:
        return Root(place, found[1], found[3].lower())
    hidden = _FEED_ROOT.search(text, place, place + SEARCHED)
    if hidden is not None:
        refuse_entities(text[place : hidden.start()])
        named = _NAME.match(text, hidden.start())
        if named is not None:
            return Root(hidden.start(), named[1], named[3].lower(), after_junk=True)
    return Root(place, found[1], found[3].lower()) if found is not None else None


def refuse_entities(text: str) -> None:
    """Raises SourceError `entity_declaration` where a text declares entities."""
    if _ENTITY.search(text):
        raise SourceError("entity_declaration", "the document declares entities, which no feed needs; it was not read")


def _skipped(text: str, place: int) -> int:
    """The place after blanks, byte order marks, instructions, comments and DOCTYPEs."""
    while True:
        place = _BLANK.match(text, place).end()  # type: ignore[union-attr]  # it matches nothing at least
        if text.startswith("<?", place):
            place = _after(text, "?>", place)
        elif text.startswith("<!--", place):
            place = _after(text, "-->", place)
        elif text[place : place + 9].upper() == "<!DOCTYPE":
            place = _after_doctype(text, place)
        elif text[place : place + 8].upper() == "<!ENTITY":
            refuse_entities(text[place : place + 8])
        else:
            return place


def _after(text: str, end: str, place: int) -> int:
    found = text.find(end, place)
    return len(text) if found < 0 else found + len(end)


def _after_doctype(text: str, start: int) -> int:
    """The place after a DOCTYPE: its end is the first `>` outside quotes, comments and the bracketed subset."""
    place, inside = start + 9, False
    while found := _DOCTYPE_SIGN.search(text, place, start + LONGEST_DOCTYPE):
        sign, place = found[0], found.end()
        if sign in "\"'":
            place = _after(text, sign, place) if text.find(sign, place, start + LONGEST_DOCTYPE) >= 0 else place
        elif sign == "<!--":
            place = _after(text, "-->", place)
        elif sign in "[]":
            inside = sign == "["
        elif sign == ">" and not inside:
            return place
        elif sign == "<" and not inside:
            return place - 1
        elif len(sign) > 4:
            refuse_entities(sign)
    return len(text)
