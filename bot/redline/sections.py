"""Sections of the Code of Federal Regulations in the eCFR's XML: one by its number, or all in a text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.redline.markup import paragraphs_of, xml_root
from bot.redline.tables import Paragraph

if TYPE_CHECKING:
    from lxml.etree import _Element

_CITATION = re.compile(r"\b\d{1,3} FR \d{1,6}\b")
KINDS = {"SECTION": "section", "APPENDIX": "appendix"}


@dataclass(frozen=True, slots=True)
class Section:
    """A section or appendix: its number or label, its heading, and the words of its paragraphs."""

    identifier: str
    kind: str
    heading: str
    body: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Dated:
    """A section at one date: its paragraphs with their places, the links to amendments that are pending, and the notes
    of the rules that it comes from ("85 FR 51603, Aug. 20, 2020")."""

    paragraphs: tuple[Paragraph, ...] = ()
    pending: tuple[str, ...] = ()
    cites: tuple[str, ...] = ()


def sections(text: str) -> list[Section]:
    """Every section and appendix in a text, in reading order. Raises SourceError as `xml_paragraphs` does."""
    found = []
    for element in _divisions(xml_root(text)):
        words = [words for words, _ in paragraphs_of(element)]
        head = element.find("HEAD")
        heading = " ".join("".join(head.itertext()).split()) if head is not None else ""
        kind = KINDS[str(element.get("TYPE"))]
        body = tuple(words[1:] if words and words[0] == heading else words)
        found.append(Section(element.get("N") or heading[:80] or "?", kind, heading, body))
    return found


def section_at(text: str, identifier: str) -> Dated:
    """One section of a text, which may hold its whole part; the whole text where it stands alone under another number.

    Raises SourceError as `xml_paragraphs` does.
    """
    root = xml_root(text)
    wanted = [element for element in _divisions(root) if _same(element.get("N"), identifier)]
    if not wanted and root.get("TYPE") not in KINDS:
        return Dated()
    element = wanted[0] if wanted else root
    links, notes = _words(element, "XREF"), _words(element, "CITA")
    cites = tuple(dict.fromkeys(cite for note in notes for cite in _CITATION.findall(note)))
    return Dated(tuple(paragraphs_of(element)), links, cites)


def _words(element: _Element, tag: str) -> tuple[str, ...]:
    found = (" ".join("".join(each.itertext()).split()) for each in element.iter(tag))
    return tuple(words for words in found if words)


def _divisions(root: _Element) -> Iterator[_Element]:
    return (element for element in root.iter() if isinstance(element.tag, str) and element.get("TYPE") in KINDS)


def _same(label: str | None, identifier: str) -> bool:
    return " ".join((label or "").split()).casefold() == " ".join(identifier.split()).casefold()
