"""Answers of the Code and of screening lists, damaged: whatever comes, it is a Reading or a named SourceError."""

from __future__ import annotations

import csv
import io
import json
from functools import partial
from typing import Any

import pytest

from bot.errors import SourceError
from bot.sources.recorded import read_body
from tests.fuzz.target import Target, bodies, examine
from tests.sources.test_ecfr import SUPPLEMENT, VERSION, xml
from tests.sources.test_screening_list import BUREAU, EL, RECORD, bureau, bureau_row

NAMES = {"not_json", "not_a_list", "no_parties", "malformed_csv", "challenge", "not_the_code", "refused",
         "malformed_xml", "entity_declaration", "bad_encoding"}  # fmt: skip


def table(*rows: dict[str, str]) -> bytes:
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


BODIES: dict[str, list[bytes]] = {
    "screening_list": [
        json.dumps([RECORD, RECORD | {"name": "浪潮 Institute", "alt_names": None}]).encode(),
        json.dumps({"total": 2, "results": [RECORD, RECORD | {"source": "Unverified List (UVL)"}]}).encode(),
        bureau(bureau_row(), bureau_row(Name="Other; Firm", **{"Source List": "EL "})).encode(),
        table({"_id": "1", "source": EL, "name": "Firm", "addresses": "1, Beijing, CN; 2, HK", "alt_names": "A; B"}),
    ],
    "ecfr": [
        json.dumps({"content_versions": [VERSION, SUPPLEMENT, VERSION | {"removed": True}], "meta": {}}).encode(),
        json.dumps({"titles": [{"number": 35, "reserved": True}], "meta": {"import_in_progress": False}}).encode(),
        xml("(a) One.", "(b) Two of 4800.", extra="<XREF>pending</XREF>").encode(),
        b'{"error":"No matching content found."}',
    ],
}
PIECES = (b"{", b"}", b"[", b"]", b'"', b"\\", b",", b"null", b"1e999", b"<", b"</P>", b"&", b"\x00", b"\xff", b"\r\n",
          b"\xed\xa0\x80", b"[" * 3000, b"-0", b'"results": [', BUREAU.encode()[:40])  # fmt: skip


def outcome(kind: str, body: bytes) -> Any:
    try:
        return read_body(kind, body, "https://a.example/x")
    except SourceError as error:
        return error.name


def holds(kind: str, body: bytes) -> None:
    reading = outcome(kind, body)
    if isinstance(reading, str):
        assert reading in NAMES
        return
    keys = [document.key for document in reading.documents]
    assert all(keys)
    assert len(set(keys)) == len(keys)
    for document in reading.documents:
        (document.key + document.title + document.summary).encode("utf-8", "strict")
        json.dumps(dict(document.details)).encode()
    for parties in reading.parties.values():
        for party in parties:
            assert party.name.strip() == party.name != ""
            "".join((party.name, *party.aliases, *party.countries, party.policy)).encode("utf-8", "strict")


TARGETS: dict[str, Target] = {
    kind: bodies(partial(holds, kind), seeds, PIECES, examples=300) for kind, seeds in BODIES.items()
}


@pytest.mark.parametrize("kind", TARGETS)
def test_a_damaged_body_is_a_reading_or_a_named_error(kind: str) -> None:
    examine(TARGETS[kind])


@pytest.mark.parametrize("kind", sorted(BODIES))
@pytest.mark.parametrize("number", range(4))
def test_the_undamaged_bodies_are_read(kind: str, number: int) -> None:
    assert outcome(kind, BODIES[kind][number]) != "no_parties"
