"""Markup: the paragraphs of an XML document, each with its place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from bot.errors import SourceError
from bot.redline.places import Designators
from bot.redline.tables import Cell, Paragraph, heads_by_level, heads_of, number_in, table_rows

if TYPE_CHECKING:
    from lxml.etree import _Element

APPARATUS = frozenset({"CITA", "XREF", "FTREF"})
"""Elements of the eCFR that are no text of the law: the note where a text was published, links to pending amendments
and footnotes. Attributes (`hierarchy_metadata` among them) are never read."""

_DECLARATION = re.compile(r"\A\s*+<\?xml[^>]*>")
_SECTION = re.compile(r"\s*(§+\s*[\w.\-]+)")
_DIVISIONS = re.compile(r"DIV\d")

# The eCFR and pages have TABLE/TR/TD/TH, the Federal Register GPOTABLE/BOXHD/CHED/ROW/ENT, others what CALS has.
_TABLE_TAGS = ("{*}TABLE", "{*}table", "{*}GPOTABLE")
_ROW_TAGS = ("{*}TR", "{*}tr", "{*}ROW", "{*}row")
_PART_TAGS = ("{*}TBODY", "{*}tbody", "{*}THEAD", "{*}thead", "{*}TFOOT", "{*}tfoot", "{*}tgroup")
_ROWS = frozenset({"TR", "ROW"})
_HEADS = frozenset({"THEAD", "BOXHD"})
_PARTED = frozenset({"BR", "P", "LI", "FP", "TD", "TH", "TR"})
"""Elements of one or two letters that part words; the others (I, E, SU) stand within them."""


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

    @property
    def name(self) -> str:
        """What the section is called; empty before its heading."""
        return self._name

    def place(self, text: str) -> str:
        self._count += 1
        found = _SECTION.match(text)
        if found and not self._name:
            self._name = found[1]
        designators = self._designators.of(text) if self._name else ""
        return self._name + (designators or f" ¶ {self._count}") if self._name else f"¶ {self._count}"

    def next_place(self) -> str:
        """The place of a paragraph that can have no designator of the section."""
        self._count += 1
        return f"{self._name} ¶ {self._count}".strip()


def _walk(element: _Element, section: _Section) -> Iterator[Paragraph]:
    """Paragraphs below an element, in reading order; libxml2 bounds the depth."""
    name = element.tag if isinstance(element.tag, str) else ""
    if not name or name in APPARATUS:
        return
    if _DIVISIONS.fullmatch(name) and element.get("TYPE") in ("SECTION", "APPENDIX"):
        number = element.get("N") or ""
        section = _Section(f"§ {number}" if number[:1].isdigit() else number)
    if _is_table(element):
        yield from _table(element, section)
    elif not _has_words(element):
        for child in element:
            yield from _walk(child, section)
    elif _holds_table(element):
        yield from _around_tables(element, section)
    else:
        yield from _paragraph("".join(_texts(element)), section)


def _paragraph(words: str, section: _Section) -> Iterator[Paragraph]:
    text = " ".join(words.split())
    if text:
        yield text, section.place(text)


def _around_tables(element: _Element, section: _Section) -> Iterator[Paragraph]:
    """An element whose own words stand before, between and behind tables."""
    words = [element.text or ""]
    for child in element:
        if _holds_table(child):
            yield from _paragraph("".join(words), section)
            words.clear()
            yield from _walk(child, section)
        else:
            words.extend(_with_blanks(child))
        words.append(child.tail or "")
    yield from _paragraph("".join(words), section)


def _name(element: _Element) -> str:
    """The name of an element without its namespace, in capitals; empty for comments and the like."""
    return element.tag.rpartition("}")[2].upper() if isinstance(element.tag, str) else ""


def _is_table(element: _Element) -> bool:
    """Whether an element is a table of rows and cells. One that holds another is there for the looks of a page, one
    with words beside its rows is no table."""
    if _name(element) not in ("TABLE", "GPOTABLE"):
        return False
    if next(element.iterdescendants(*_TABLE_TAGS), None) is not None or next(element.iter(*_ROW_TAGS), None) is None:
        return False
    return not any(_has_words(part) for part in (element, *element.iterchildren(*_PART_TAGS)))


def _holds_table(element: _Element) -> bool:
    return any(_is_table(table) for table in element.iter(*_TABLE_TAGS))


def _table(table: _Element, section: _Section) -> Iterator[Paragraph]:
    """The caption, the heads as one paragraph, each row as one, and the notes below."""
    head_rows: list[list[Cell]] = []
    levels: list[tuple[int, str]] = []
    rows: list[list[Cell]] = []
    before: list[Paragraph] = []
    notes: list[_Element] = []
    for part, in_head in _parts(table):
        name = _name(part)
        if name == "CHED":
            levels.append((number_in(part.get("H"), 1), _words(part)))
        elif name in _ROWS:
            cells = [part] if _has_words(part) else [child for child in part if _name(child) not in ("", *APPARATUS)]
            heads = in_head or (not rows and cells and all(_name(cell) == "TH" for cell in cells))
            (head_rows if heads else rows).append([_cell(cell, part if cell is cells[0] else None) for cell in cells])
        elif rows:
            notes.append(part)
        else:
            before.extend(_walk(part, section))
    if not rows:
        head_rows, rows = [], head_rows  # heads alone are rows
    yield from before
    columns = heads_by_level(levels) if levels else heads_of(head_rows)
    if any(columns):
        yield " · ".join(filter(None, columns)), section.next_place()
    for row in table_rows(columns, rows, section.name):
        yield row.text, row
    for note in notes:
        yield from _walk(note, section)


def _parts(table: _Element) -> Iterator[tuple[_Element, bool]]:
    """Rows, single heads and what is neither, each with whether it stands among the heads."""
    ahead = [(child, False) for child in reversed(table)]
    while ahead:
        element, in_head = ahead.pop()
        name = _name(element)
        if name in _ROWS or name == "CHED" or next(element.iter(*_ROW_TAGS, "{*}CHED"), None) is None:
            yield element, in_head
        else:
            ahead.extend((child, in_head or name in _HEADS) for child in reversed(element))


def _cell(cell: _Element, row: _Element | None) -> Cell:
    """A cell; `row` is its row where it is the first. The Federal Register counts the columns beyond the first, of a
    straddle (A="02") and of a first column that a row expands (EXPSTB="02")."""
    beyond = number_in(cell.get("A"), 0) + (number_in(row.get("EXPSTB"), 0) if row is not None else 0)
    return Cell(_words(cell), number_in(cell.get("colspan"), 1) + beyond, number_in(cell.get("rowspan"), 1))


def _words(element: _Element) -> str:
    return " ".join("".join(_texts(element)).split())


def _has_words(element: _Element) -> bool:
    pieces = (element.text, *(child.tail for child in element))
    return any(piece and not piece.isspace() for piece in pieces)


def _texts(element: _Element) -> Iterator[str]:
    """The words of an element. Table cells and other blocks inside it are kept apart by blanks."""
    yield element.text or ""
    for child in element:
        yield from _with_blanks(child)
        yield child.tail or ""


def _with_blanks(element: _Element) -> Iterator[str]:
    if not isinstance(element.tag, str):
        return
    parted = element.tag.upper() in _PARTED
    yield " " if parted else ""
    yield from _texts(element)
    yield " " if parted or len(element.tag) > 2 else ""
