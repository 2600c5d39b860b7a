"""The rows of a screening list's download, whatever its format, each as a mapping of plain column names."""

from __future__ import annotations

import codecs
import csv
import io
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from bot.errors import SourceError

Row = Mapping[str, Any]
"""One record: columns in lower case with underscores; values as the publisher gives them."""

WINDOW = 1 << 20
"""Bytes of JSON that are decoded at a time: a list of 25,000 parties never stands in memory as a tree."""
LONGEST_RECORD = 8 << 20
_RESULTS = re.compile(rb'"results"\s*:\s*\[')
_GAP = re.compile(r"[\s,]*")
_NOT_A_NAME = re.compile(r"[^a-z0-9]+")


def json_rows(body: bytes, on_cut: list[str]) -> Iterator[Row]:
    """The records of a JSON array, or of the `results` of a JSON object, one after another.

    A body that ends inside a record gives what is whole; `on_cut` then gets a word. Raises SourceError `not_json`,
    `not_a_list`.
    """
    start = body[:64].lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    if start == b"[":
        begin = body.index(b"[") + 1
    elif start == b"{":
        found = _RESULTS.search(body)
        if found is None:
            _refuse_json(body)
            raise SourceError("not_a_list", "the answer holds no list of parties (`results`)")
        begin = found.end()
    else:
        raise SourceError("not_json", "the answer is no JSON")
    decode = codecs.getincrementaldecoder("utf-8")("replace").decode
    scan = json.JSONDecoder().raw_decode
    text, at, position = "", 0, begin
    while True:
        at = _GAP.match(text, at).end()  # type: ignore[union-attr]  # it matches nothing at all as well
        if text[at : at + 1] == "]":
            return
        try:
            record, at = scan(text, at)
        except (ValueError, RecursionError) as error:
            if position >= len(body) or isinstance(error, RecursionError) or len(text) - at > LONGEST_RECORD:
                on_cut.append("cut_short" if position >= len(body) else "malformed_json")
                return
            window = body[position : position + max(WINDOW, len(text) - at)]
            position += len(window)
            text, at = text[at:] + decode(window, position >= len(body)), 0
            continue
        if isinstance(record, dict):
            yield record


def _refuse_json(body: bytes) -> None:
    try:
        json.loads(body[:WINDOW] if len(body) > WINDOW else body)
    except (ValueError, RecursionError) as error:
        if len(body) <= WINDOW:
            raise SourceError("not_json", str(error)) from error


def table_rows(text: str) -> tuple[tuple[str, ...], Iterator[Row]]:
    """The columns and rows of a CSV (or a file with tabs), nameless columns left out.

    Raises SourceError `not_a_list` when no column names a party; the rows raise `malformed_csv`.
    """
    text = text.removeprefix("\ufeff").replace("\0", "")
    first = text[: text.find("\n")] if "\n" in text else text
    reader = csv.reader(io.StringIO(text, newline=""), delimiter="\t" if first.count("\t") > first.count(",") else ",")
    try:
        header = tuple(_NOT_A_NAME.sub("_", name.strip().lower()).strip("_") for name in next(reader, ()))
    except csv.Error as error:
        raise SourceError("malformed_csv", str(error)) from error
    if "name" not in header or len(header) < 4:
        raise SourceError("not_a_list", f"no column names a party; columns: {', '.join(header)[:120]}")
    return header, _rows(reader, header)


def _rows(reader: Iterator[list[str]], header: tuple[str, ...]) -> Iterator[Row]:
    try:
        for cells in reader:
            if cells:
                yield {column: cell for column, cell in zip(header, cells, strict=False) if column}
    except csv.Error as error:
        raise SourceError("malformed_csv", str(error)) from error
