"""Documents: what a file holds (plain text, XML, HTML, or a list), made ready for a redline."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.errors import SourceError
from bot.redline.markup import xml_paragraphs
from bot.redline.pages import html_paragraphs
from bot.redline.redline import Redline, redline, redline_of_lists, redline_of_paragraphs
from bot.redline.rows import Row, keyed
from bot.redline.tables import Paragraph

LARGEST = 64 * 1024 * 1024
"""Bytes of a file; a larger one is refused with `too_large`."""

_DECLARED = re.compile(rb"""(?:encoding|charset)\s*=\s*["']?\s*([\w.:-]{2,40})""", re.IGNORECASE)
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_HTML = re.compile(
    r"\s*+(?:<!--(?:(?!-->).)*+-->\s*+)*+<(?:!doctype\s+html\b|html\b|head\b|body\b|div\b|p\b|h1\b|table\b)",
    re.I | re.S,
)
_SNIFFED_ROWS = 20
OWN_NUMBERS = ("document_number", "_id", "id", "guid", "uuid", "entity_number", "accession_number")
"""What an entry of a list says of itself, and the page around a list does not."""


@dataclass(frozen=True, slots=True)
class Document:
    """What a file holds. Always the plain `text`; `paragraphs` where it is markup, `rows` where it is a list."""

    text: str
    paragraphs: Sequence[Paragraph] | None = None
    rows: Sequence[Row] | None = None


def redline_of_files(old: Path, new: Path) -> Redline:
    """What changed between two files. Raises SourceError: `unreadable`, `too_large`, `entity_declaration`,
    `malformed_xml`."""
    return redline_of_documents(document_of_file(old), document_of_file(new))


def redline_of_documents(old: Document, new: Document) -> Redline:
    """What changed between two documents; two of different make are compared as plain texts."""
    if old.rows is not None and new.rows is not None:
        return redline_of_lists(*keyed(old.rows, new.rows))
    if old.paragraphs is not None and new.paragraphs is not None:
        (old_texts, old_places), (new_texts, new_places) = (
            ([text for text, _ in paragraphs], [place for _, place in paragraphs])
            for paragraphs in (old.paragraphs, new.paragraphs)
        )
        return redline_of_paragraphs(old_texts, new_texts, old_places, new_places)
    return redline(_readable(old), _readable(new))


def document_of_file(path: Path) -> Document:
    """What a file holds; its name only helps where its bytes leave a doubt."""
    try:
        if path.stat().st_size > LARGEST:
            raise SourceError("too_large", f"{path} is larger than {LARGEST // 2**20} MiB")
        return document_of(path.read_bytes(), name=path.name)
    except OSError as error:
        raise SourceError("unreadable", f"{path}: {error.strerror or error}") from error


def document_of(body: bytes, *, name: str = "") -> Document:
    """What bytes hold: JSON with a list of objects, CSV or TSV, XML, HTML, or plain text."""
    text = decoded(body)
    start = text[:200].lstrip()
    suffix = Path(name).suffix.lower()
    if start[:1] in ("{", "["):
        rows = _json_rows(text)
        if rows is not None:
            return Document(text, rows=rows)
    elif start.startswith("<") and suffix not in (".txt", ".md", ".csv", ".tsv"):
        if _HTML.match(text[:4096]) or suffix in (".html", ".htm"):
            return Document(text, paragraphs=html_paragraphs(text))
        if start.startswith(("<?xml", "<!")) or re.match(r"<[A-Za-z_][\w.:-]*[\s/>]", start):
            return Document(text, paragraphs=xml_paragraphs(text))
    rows = _table_rows(text, certain=suffix in (".csv", ".tsv"))
    return Document(text, rows=rows)


def decoded(body: bytes) -> str:
    """Bytes as text: by their mark, their own declaration, as UTF-8, else as Windows-1252. Never fails."""
    for mark, encoding in _BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(encoding, errors="replace")
    declared = _DECLARED.search(body[:1024]) if body.lstrip()[:1] == b"<" else None
    for encoding in (declared[1].decode() if declared else "utf-8", "utf-8"):
        try:
            return body.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
    return body.decode("cp1252", errors="replace")


def _readable(document: Document) -> str:
    if document.paragraphs is None:
        return document.text
    return "\n\n".join(text for text, _ in document.paragraphs)


def _json_rows(text: str) -> list[Row] | None:
    """The rows of the longest list of objects at the top of a JSON document or one step inside, or of JSON Lines; an
    object that states its own number is one row, whatever lists it holds."""
    import orjson

    try:
        page = orjson.loads(text)
    except orjson.JSONDecodeError:
        try:
            page = [orjson.loads(line) for line in text.splitlines() if line.strip()]
        except orjson.JSONDecodeError:
            return None
    if isinstance(page, dict) and any(isinstance(page.get(column), str | int) for column in OWN_NUMBERS):
        return [page]
    lists = [page] if isinstance(page, list) else list(page.values()) if isinstance(page, dict) else []
    lists = [entry for entry in lists if isinstance(entry, list) and all(isinstance(row, dict) for row in entry)]
    if not lists:
        return None
    return list(max(lists, key=len))


def _table_rows(text: str, *, certain: bool) -> list[Row] | None:
    """The rows of a CSV or TSV. Without a name that says so, its first rows must have three cells or more, alike."""
    first = text[: text.find("\n")] if "\n" in text else text
    delimiter = max("\t", ",", ";", key=first.count)
    if first.count(delimiter) < (1 if certain else 2):
        return None
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        table = [row for row in reader if row]
    except csv.Error:
        return None
    if not certain and (len(table) < 2 or len({len(row) for row in table[:_SNIFFED_ROWS]}) != 1):
        return None
    header = _header(table[0]) if table else []
    return [_row(header, cells) for cells in table[1:]]


def _header(names: Sequence[str]) -> list[str]:
    """A name for each column, no two alike: "Name", "Name (2)"."""
    seen: Counter[str] = Counter()
    header = []
    for at, name in enumerate(names, 1):
        column = name.strip() or f"column {at}"
        seen[column] += 1
        header.append(f"{column} ({seen[column]})" if seen[column] > 1 else column)
    return header


def _row(header: Sequence[str], cells: Sequence[str]) -> Row:
    row: dict[str, object] = {column: cell.strip() for column, cell in zip(header, cells, strict=False)}
    row |= {f"column {at + 1}": cells[at].strip() for at in range(len(header), len(cells))}
    return row
