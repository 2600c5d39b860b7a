"""The evidence as a file: everything that was said, the documents behind it, the ledger; and checking it offline.

A zip with `log.jsonl` (the chained rows), `documents.jsonl`, `ledger.toml`, `manifest.json` (hashes of all of them, the
chain's ends) and a README. `verify` needs nothing but the file.
"""

from __future__ import annotations

import hashlib
import io
import json
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.clock import iso
from bot.knowledge.entry import to_toml
from bot.knowledge.ledger import Ledger
from bot.store import documents
from bot.store.engine import Connection
from bot.store.evidence import FIRST, Row, contents, hash_of, rows
from bot.store.records import document_of

FORMAT = "chipwatch-evidence-1"
MAX_MEMBER = 1024 * 1024 * 1024
"""Bytes of one file inside that are believed."""

README = """Evidence of what Chipwatch said

log.jsonl        one row a line: every revision of an alert and every status answer, in order. Not who asked.
                 hash = SHA-256 of previous, number, at, kind, subject, record, joined by line feeds.
documents.jsonl  the documents that revisions stand on, every stored version, with the digest of their content.
ledger.toml      the ledger that answers came from when this file was made.
manifest.json    SHA-256 of each file; the first and the last hash of the chain.

Check it without network or store: chipwatch verify FILE
"""


def build(conn: Connection, ledger: Ledger, now: datetime, since: datetime | None = None) -> bytes:
    """The file, with the rows from `since` on."""
    kept = list(rows(conn, since))
    stands_on = [d for row in kept if row.kind == "revision" for d in json.loads(row.record)["documents"]]
    files = {
        "log.jsonl": "".join(_line(_public(row)) for row in kept),
        "documents.jsonl": "".join(_line(each) for each in contents(conn, _keys(stands_on))),
        "ledger.toml": to_toml(ledger.events),
        "README.txt": README,
    }
    manifest = {
        "format": FORMAT,
        "made_at": iso(now),
        "rows": len(kept),
        "first": kept[0].number if kept else None,
        "last": kept[-1].number if kept else None,
        "previous": kept[0].previous if kept else FIRST,
        "head": kept[-1].hash if kept else FIRST,
        "ledger": {"version": ledger.version, "as_of": ledger.as_of.isoformat(), "digest": ledger.digest},
        "files": {name: hashlib.sha256(text.encode()).hexdigest() for name, text in files.items()},
    }
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as folder:
        for name, text in {**files, "manifest.json": json.dumps(manifest, indent=1)}.items():
            folder.writestr(zipfile.ZipInfo(name, (now.year, now.month, now.day, 0, 0, 0)), text, zipfile.ZIP_DEFLATED)
    return made.getvalue()


def _keys(stands_on: Iterable[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    return ((each["source"], each["key"]) for each in stands_on)


def _public(row: Row) -> dict[str, Any]:
    return {name: iso(row.at) if name == "at" else getattr(row, name) for name in Row.__slots__}


def _line(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True) + "\n"


_UNREADABLE = (
    zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, struct.error,  # what zipfile raises
    KeyError, ValueError, TypeError, AttributeError, OSError,
)  # fmt: skip
"""What reading rubbish ends with: a file cut short, packed or locked in another way, JSON of another shape."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What checking a file found: how many rows and documents, and everything that is wrong, in plain words."""

    rows: int
    documents: int
    troubles: tuple[str, ...]
    remarks: tuple[str, ...] = ()
    """What is no damage: a document that its publisher has renamed since."""
    head: str = ""

    @property
    def sound(self) -> bool:
        return not self.troubles


def verify(content: bytes) -> Verdict:
    """Check a file: its hashes, the chain row by row, and the documents. It never raises for what is inside."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as folder:
            files = {each.filename: _read(folder, each) for each in folder.infolist()}
        manifest = json.loads(files["manifest.json"])
        if manifest.get("format") != FORMAT:
            return Verdict(0, 0, (f"the format is {str(manifest.get('format'))[:40]!r}, not {FORMAT}",))
        return _verdict(files, manifest)
    except _UNREADABLE as error:
        return Verdict(0, 0, (f"this is no evidence file: {type(error).__name__} {str(error)[:80]}",))


def _read(folder: zipfile.ZipFile, each: zipfile.ZipInfo) -> bytes:
    if each.file_size > MAX_MEMBER:
        raise ValueError(f"{each.filename} is too large")
    return folder.read(each)


def _verdict(files: Mapping[str, bytes], manifest: Mapping[str, Any]) -> Verdict:
    troubles = [
        f"{name} was changed" if name in files else f"{name} is missing"
        for name, digest in manifest["files"].items()
        if name not in files or hashlib.sha256(files[name]).hexdigest() != digest
    ]
    lines = [json.loads(line) for line in files.get("log.jsonl", b"").decode().splitlines()]
    troubles += _broken_links(lines, manifest)
    stored = [json.loads(line) for line in files.get("documents.jsonl", b"").decode().splitlines()]
    troubles += _changed_documents(stored)
    remarks = tuple(_missing_documents(lines, stored))
    return Verdict(len(lines), len(stored), tuple(troubles), remarks, str(manifest["head"]))


def _broken_links(lines: list[dict[str, Any]], manifest: Mapping[str, Any]) -> Iterator[str]:
    previous, number = manifest["previous"], manifest["first"]
    for line in lines:
        if line["number"] != number:
            yield f"row {number} is missing"
            number = line["number"]
        elif line["previous"] != previous:
            yield f"row {number} does not follow the row before"
        fields = (line["number"], line["at"], line["kind"], line["subject"], line["record"], line["previous"])
        if hash_of(*fields) != line["hash"]:
            yield f"row {line['number']} was changed"
        previous, number = line["hash"], number + 1
    if len(lines) != manifest["rows"]:
        yield f"{manifest['rows']} rows are promised, {len(lines)} are there"
    elif previous != manifest["head"]:
        yield "the chain ends elsewhere than the manifest says"


def _changed_documents(stored: list[dict[str, Any]]) -> Iterator[str]:
    for each in stored:
        if documents.digest(document_of({**each["document"]})) != each["digest"]:
            yield f"document {each['source']} {each['key']}, version {each['version']}, was changed"


def _missing_documents(lines: list[dict[str, Any]], stored: list[dict[str, Any]]) -> Iterator[str]:
    there = {(each["source"], each["key"], each["digest"]) for each in stored}
    for line in lines:
        if line["kind"] == "revision":
            for each in json.loads(line["record"])["documents"]:
                if (each["source"], each["key"], each["digest"]) not in there:
                    yield f"row {line['number']} stands on {each['source']} {each['key']}, which is not in the file"
