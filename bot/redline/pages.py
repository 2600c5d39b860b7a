"""Pages: the readable paragraphs of an HTML document, and the rows of its tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.redline.tables import Cell, Paragraph, TableRow, heads_of, number_in, table_rows

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

MOST_BLOCKS_OF_A_CELL = 4
"""Blocks of one cell from which on a page's table is a way to lay out the page."""

UNREAD = frozenset({"script", "style", "noscript", "template", "nav", "svg", "iframe", "form", "button", "select"})
INLINE = frozenset({"a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em",
                    "font", "i", "img", "ins", "kbd", "label", "mark", "q", "s", "samp", "small", "span", "strike",
                    "strong", "sub", "sup", "time", "tt", "u", "var", "wbr"})  # fmt: skip


def html_paragraphs(text: str, *, by_row: bool = True) -> list[Paragraph]:
    """The readable paragraphs of an HTML page, without scripts, navigation and forms.

    Where one `main` or `article` holds at least half of the words, only it is read. A table gives its rows, or each
    block of its cells where `by_row` is false; one that only lays out a page always gives blocks.
    """
    from selectolax.lexbor import LexborHTMLParser

    tree = LexborHTMLParser(text)
    body = tree.body
    if body is None:
        return []
    everything = list(_blocks(body, by_row=by_row))
    for selector in ("main", "article", "[role=main]"):
        nodes = tree.css(selector)
        if len(nodes) == 1:
            inner = list(_blocks(nodes[0], by_row=by_row))
            if 2 * _letters(inner) >= _letters(everything):
                everything = inner
                break
    return [
        (block.text, block) if isinstance(block, TableRow) else (block, f"¶ {at}")
        for at, block in enumerate(everything, 1)
    ]


def _letters(blocks: Sequence[str | TableRow]) -> int:
    return sum(len(block.text if isinstance(block, TableRow) else block) for block in blocks)


def _blocks(top: LexborNode, *, by_row: bool) -> Iterator[str | TableRow]:
    """The text between the borders of block elements, in reading order, without recursion: pages nest as they like."""
    words: list[str] = []
    tables: list[_PageTable] = []
    stack: list[tuple[LexborNode | None, str]] = [(top.child, "")]

    def flushed() -> Iterator[str]:
        text = " ".join("".join(words).split())
        words.clear()
        if text and tables:
            tables[-1].add(text)
        elif text:
            yield text

    while stack:
        node, closes = stack.pop()
        if closes:
            yield from flushed()
            if tables and closes == "table":
                read = tables.pop().read()
                if tables:
                    tables[-1].hold(read)
                else:
                    yield from read
            elif tables:
                tables[-1].close(closes)
        while node is not None:
            tag = node.tag or ""
            if tag == "-text":
                words.append(node.text_content or "")
            elif tag and tag[0] not in "-!_" and tag not in UNREAD:
                block = tag not in INLINE
                if block:
                    yield from flushed()
                    if by_row and tag == "table":
                        tables.append(_PageTable())
                    elif tables:
                        tables[-1].open(tag, node)
                stack.append((node.next, tag if block else ""))
                node = node.child
                continue
            node = node.next
    yield from flushed()


class _PageTable:
    """A table of a page while it is read: rows where it tells figures, blocks where it lays out the page."""

    def __init__(self) -> None:
        self._blocks: list[str | TableRow] = []
        self._heads: list[list[_PageCell]] = []
        self._rows: list[list[_PageCell]] = []
        self._row: list[_PageCell] | None = None
        self._cell: _PageCell | None = None
        self._in_head = self._lays_out = False
        self._before: list[str] = []
        self._behind: list[str] = []

    def open(self, tag: str, node: LexborNode) -> None:
        """An element begins inside the table."""
        if tag == "thead":
            self._in_head = True
        elif tag == "tr":
            self._row = []
        elif tag in ("td", "th") and self._row is not None:
            self._cell = _PageCell(tag, _span(node, "colspan"), _span(node, "rowspan"))
            self._row.append(self._cell)

    def close(self, tag: str) -> None:
        """An element inside the table ends."""
        if tag == "thead":
            self._in_head = False
        elif tag in ("td", "th"):
            self._cell = None
        elif tag == "tr" and self._row is not None:
            heads = self._in_head or (not self._rows and all(cell.tag == "th" for cell in self._row))
            (self._heads if heads else self._rows).append(self._row)
            self._row = None

    def add(self, text: str) -> None:
        """A block of the table."""
        self._blocks.append(text)
        if self._cell is not None:
            self._cell.blocks.append(text)
            self._lays_out = self._lays_out or len(self._cell.blocks) > MOST_BLOCKS_OF_A_CELL
        else:
            (self._behind if self._rows else self._before).append(text)

    def hold(self, read: Sequence[str | TableRow]) -> None:
        """What a table inside this one says: this one is there for the looks."""
        self._blocks.extend(read)
        self._lays_out = True

    def read(self) -> list[str | TableRow]:
        """What the table says, in order."""
        if self._lays_out:
            return self._blocks
        above, below = (self._heads, self._rows) if self._rows else ([], self._heads)  # heads alone are rows
        heads = heads_of([[cell.cell() for cell in row] for row in above])
        rows = table_rows(heads, [[cell.cell() for cell in row] for row in below], "")
        head = [" · ".join(filter(None, heads))] if any(heads) else []
        return [*self._before, *head, *rows, *self._behind]


@dataclass(slots=True)
class _PageCell:
    tag: str
    across: int
    down: int
    blocks: list[str] = field(default_factory=list)

    def cell(self) -> Cell:
        return Cell(" ".join(self.blocks), self.across, self.down)


def _span(node: LexborNode, name: str) -> int:
    return number_in(node.attributes.get(name), 1)
