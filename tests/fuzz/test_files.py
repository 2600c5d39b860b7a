"""Files that people hand in and that are kept: the ledger, releases, snapshots, recordings, settings, lists, orders,
evidence. A damaged one is refused by name, and what is written is read back as it was."""

from __future__ import annotations

import csv
import io
import json
import tempfile
import tomllib
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path

import orjson
import pytest
from hypothesis import strategies as st

from bot.cards.spreadsheet import FORMULA_STARTS, csv_text, names_csv, read_names
from bot.clock import SetClock
from bot.commands.chipwatch.list import FORMAT as ORDER_FORMAT
from bot.commands.chipwatch.list import imported
from bot.delivery.hours import next_digest, quiet_until
from bot.delivery.order import Order
from bot.delivery.restating import order_words
from bot.errors import ConfigError, SourceError, UserError
from bot.fetch.exchange import Request
from bot.fetch.recording import INDEX, RecordedTransport, Recording
from bot.knowledge.entry import to_toml
from bot.knowledge.ledger import load_ledger
from bot.knowledge.recorded import examine as examine_events
from bot.knowledge.recorded import read_events
from bot.knowledge.release import ReleaseError, new_key, sign, verify
from bot.knowledge.snapshot import FORMAT as SNAPSHOT_FORMAT
from bot.knowledge.snapshot import snapshot_from
from bot.locale.catalogue import catalogue
from bot.pipeline.match import refusal
from bot.pipeline.reading.evidence_file import FORMAT as EVIDENCE_FORMAT
from bot.pipeline.reading.evidence_file import verify as verify_evidence
from bot.settings.loading import FILE_NAME, load
from bot.settings.places import places
from bot.sources.curated import as_toml, sources_of_text
from tests.conftest import ROOT
from tests.fuzz.mutation import mutated_json
from tests.fuzz.target import Target, bodies, examine, texts
from tools.gallery.stories import SAID

LEDGER = load_ledger()
SOME = LEDGER.events[:2] + LEDGER.events[-2:]
PRIVATE, PUBLIC = new_key()
RELEASE = sign(SOME[:1], "2026.10.09", date(2026, 10, 9), PRIVATE)
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
FOLDER = Path(tempfile.gettempdir())
SYNTAX = (
    b"[[event]]",
    b"=",
    b'"',
    b"'''",
    b"\n",
    b"[",
    b"]",
    b"{",
    b"#",
    b"1979-05-27",
    b"inf",
    b"0x1",
    b"\\u0000",
    b".a" * 40,
    b"\xff",
    b"true",
    b"[" * 200,
)


def refused(work: Callable[[], object]) -> bool:
    """Whether a work is refused as the files of an operator are: by one line that names a place."""
    try:
        work()
    except ConfigError as error:
        assert error.message.strip()
        return True
    return False


def ledger(text: str) -> None:
    """Events are read and written back the same, or refused; so is what may be laid over the ledger."""
    if refused(lambda: read_events(text)):
        return
    events = read_events(text)
    assert read_events(to_toml(events), limited=False) == events
    refused(lambda: examine_events(text, LEDGER, lambda name: name))


def release(body: bytes) -> None:
    """Nothing that was not signed is taken, and what is taken is what was signed."""
    try:
        found = verify(body, [PUBLIC], "2026.10.08")
    except ReleaseError as error:
        assert error.name in {
            "too_large",
            "not_a_release",
            "unknown_key",
            "bad_signature",
            "old_version",
            "bad_content",
        }
        return
    assert found.events == SOME[:1]


def signed(text: str) -> None:
    """What somebody who is trusted signed is taken or refused by name, whatever it is."""
    blob = json.loads(RELEASE)
    from bot.knowledge import release as releases

    blob |= {"content": text, "version": text[:12] or "1", "as_of": text[-10:]}
    message = releases._signed(blob["version"], blob["as_of"], text)
    import base64

    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    blob["signature"] = base64.b64encode(Ed25519PrivateKey.from_private_bytes(PRIVATE).sign(message)).decode()
    try:
        verify(json.dumps(blob).encode(), [PUBLIC], "2025.1.1")
    except ReleaseError as error:
        assert error.name in ("old_version", "bad_content")


def snapshot(body: bytes) -> None:
    """The bot's knowledge file is read or refused; nothing is guessed."""
    refused(lambda: snapshot_from(body))


def recording(body: bytes) -> None:
    """An index leads to bodies of its own folder or is refused; a request that it has is answered."""
    with tempfile.TemporaryDirectory(prefix="chipwatch-fuzz-") as name:
        folder = Path(name)
        (folder / "bodies").mkdir()
        (folder / "bodies" / "a").write_bytes(b"<rss/>")
        (folder / INDEX).write_bytes(body)
        if refused(lambda: Recording.open(folder)):
            return
        made = Recording.open(folder)
        clock = SetClock(made.instants[-1])
        import asyncio

        with pytest.MonkeyPatch.context():
            try:
                answer = asyncio.run(RecordedTransport(made, clock).get(Request("https://a.example/feed")))
            except SourceError as error:
                assert error.name
            else:
                assert answer.body in (b"<rss/>", b"")


def source_list(text: str) -> None:
    """A list of sources is read, and written back the same, or refused with a place."""
    if refused(lambda: sources_of_text(text)):
        return
    found = sources_of_text(text)
    again = sources_of_text(as_toml(found))
    assert [each.model_dump() for each in again] == [each.model_dump() for each in found]


def settings_file(body: bytes) -> None:
    """A file of settings is in effect or refused; so is the same as the text of a variable."""
    with tempfile.TemporaryDirectory(prefix="chipwatch-fuzz-") as name:
        (Path(name) / FILE_NAME).write_bytes(body)
        refused(lambda: load(Path(name), {}))
    text = body.decode("utf-8", "replace").replace("\0", "")
    for variable in ("CHIPWATCH_FETCH", "CHIPWATCH_FETCH__PACE", "CHIPWATCH_WEB__HOSTS", f"CHIPWATCH_{text[:20]}"):
        refused(partial(load, FOLDER, {variable: text}))
    try:
        tomllib.loads(text)
    except (ValueError, RecursionError):
        return
    places(text)


def names(text: str) -> None:
    """A watch list is read or refused; what was read comes back from the CSV, where no cell is a formula."""
    try:
        found = read_names(text)
    except UserError as error:
        assert error.key in ("errors.list_too_long", "errors.list_unreadable")
        return
    written = names_csv(found)
    rows = list(csv.reader(io.StringIO(written, newline="")))
    assert len(rows) == len(found) + 1
    assert not any(cell.startswith(FORMULA_STARTS) for row in rows for cell in row)
    assert read_names(written) == found


def table(cells: list[list[str]]) -> None:
    """Any table is one row a line, and no cell of it is a formula in a spreadsheet."""
    rows = list(csv.reader(io.StringIO(csv_text(cells[0], cells[1:]), newline="")))
    assert len(rows) == len(cells)
    for row, given in zip(rows, cells, strict=True):
        assert len(row) == len(given)
        assert not any(cell.startswith(FORMULA_STARTS) or "\n" in cell or "\0" in cell for cell in row)


def order(body: bytes) -> None:
    """An exported order is refused by its name, or can be followed: put in words, compared with a story, waited for."""
    try:
        found = Order.of(imported(body)["order"])
    except UserError as error:
        assert error.key == "errors.no_order_file"
        return
    for language in ("en", "de", "zh"):
        assert order_words(catalogue(language), found, language, "Europe/Berlin", {}).strip()
    refusal(found, SAID.story)
    for pace in ("daily", "weekly"):
        due = next_digest(replace(found, pace=pace), "Europe/Berlin", NOW)
        assert NOW < due <= NOW + timedelta(days=8)
    quiet_until(found.quiet, "Europe/Berlin", NOW)


def evidence(body: bytes) -> None:
    """A damaged file never raises, and never passes for the whole one."""
    verdict, whole = verify_evidence(body), verify_evidence(EVIDENCE)
    assert not verdict.sound or (verdict.rows, verdict.head) == (whole.rows, whole.head)


def _zip(**files: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as folder:
        for name, text in files.items():
            folder.writestr(zipfile.ZipInfo(name.replace("__", "."), (2026, 11, 25, 0, 0, 0)), text)
    return made.getvalue()


def _evidence() -> bytes:
    import hashlib

    from bot.store.evidence import hash_of

    fields = (1, "2026-11-25T12:00:00+00:00", "answer", "H20 CN", "{}", "")
    line = dict(zip(("number", "at", "kind", "subject", "record", "previous"), fields, strict=True))
    line["hash"] = hash_of(*fields)
    log = json.dumps(line) + "\n"
    manifest = {
        "format": EVIDENCE_FORMAT,
        "previous": "",
        "first": 1,
        "rows": 1,
        "head": line["hash"],
        "files": {"log.jsonl": hashlib.sha256(log.encode()).hexdigest()},
    }
    return _zip(log__jsonl=log, manifest__json=json.dumps(manifest))


EVIDENCE = _evidence()
ORDER = {
    "format": ORDER_FORMAT,
    "language": "de",
    "order": {
        "chips": ["H20"],
        "words": ["HBM"],
        "severity": "high",
        "quiet": ["22:00", "07:00"],
        "at": "09:00",
        "pace": "daily",
        "weekday": 3,
        "mention": "1",
        "place": "post",
        "tags": ["9"],
    },
}
ENTRY = {
    "at": "2026-07-01T12:00:00Z",
    "url": "https://a.example/feed",
    "status": 200,
    "body": "bodies/a",
    "headers": {"etag": '"1"', "location": "https://a.example/feed"},
}
SNAPSHOT = {
    "format": SNAPSHOT_FORMAT,
    "events": to_toml(SOME[:1]),
    "dated": [],
    "reports": [
        {
            "title": "t",
            "url": "u",
            "source": "s",
            "trust": "press",
            "story": "s-1",
            "at": "2026-11-01",
            "chips": ["H20"],
            "destinations": ["CN"],
        }
    ],
    "release": {"events": to_toml(SOME[:1]), "as_of": "2026-10-09", "version": "2026.10.09"},
}
STARTS = ["=1+1", "+1", "-1", "@x", "'=a", "＝1", "\t=1", "\r=1", "\u200b=1", "a,b;c", '"q"', "", "\0=1", " =1", "''=1"]
CELL = st.text(max_size=20) | st.sampled_from(STARTS)
TARGETS: dict[str, Target] = {
    "ledger": bodies(
        lambda body: ledger(body.decode("utf-8", "replace")), [to_toml([event]).encode() for event in SOME], SYNTAX, 30
    ),
    "release": bodies(release, [RELEASE], examples=60),
    "signed release": texts(signed, [to_toml([SOME[0]]), to_toml([SOME[-1]]), "2026.1.1"], 20),
    "snapshot": Target(snapshot, mutated_json([SNAPSHOT]), (orjson.dumps(SNAPSHOT),), 30),
    "recording": Target(
        recording, mutated_json([ENTRY, ENTRY | {"status": 302, "body": None}]), (orjson.dumps(ENTRY),), 30
    ),
    "source list": texts(
        source_list,
        [(ROOT / "config/sources" / name).read_text()[:1500] for name in ("asia.toml", "us-official.toml")]
        + [
            '[[source]]\nid = "p"\nkind = "page"\nurl = "https://a.example/"\nselect = "main"\nignore = ["dates"]\n',
            '[[source]]\nid = "j"\nkind = "json_api"\nurl = "https://a.b/"\nitems = "h"\nkey = "id"\ntitle = "t"\n',
        ],
        20,
    ),
    "settings": bodies(
        settings_file, [(ROOT / "config" / FILE_NAME).read_bytes()[:3000], b"[fetch]\npace = 1.5\n"], SYNTAX, 15
    ),
    "watch list": texts(
        names, ["name,note\r\nAcme Co.; Ltd,x\r\n", "'=1+1;b\n", *STARTS, '"a\nb",c\n"d",e', "公司\tx\n浪潮\ty"]
    ),
    "table": Target(table, st.lists(st.lists(CELL, min_size=1, max_size=4), min_size=1, max_size=5)),
    "order": Target(order, mutated_json([ORDER]), (orjson.dumps(ORDER),)),
    "evidence": bodies(evidence, [EVIDENCE], examples=60),
}


@pytest.mark.parametrize("name", TARGETS)
def test_the_promise_holds_for_whatever_comes(name: str) -> None:
    examine(TARGETS[name])


def test_the_undamaged_are_taken() -> None:
    """A promise about files that are all refused would be worth nothing."""
    assert verify(RELEASE, [PUBLIC], "2026.10.08").events == SOME[:1]
    assert snapshot_from(orjson.dumps(SNAPSHOT)).events == SOME[:1]
    assert verify_evidence(EVIDENCE).sound
    assert imported(orjson.dumps(ORDER))["order"] == ORDER["order"]
    assert datetime(2026, 7, 1, 12, tzinfo=UTC) == _only(ENTRY)


def _only(entry: dict[str, object]) -> datetime:
    with tempfile.TemporaryDirectory(prefix="chipwatch-fuzz-") as name:
        (Path(name) / "bodies").mkdir()
        (Path(name) / "bodies" / "a").write_bytes(b"<rss/>")
        (Path(name) / INDEX).write_bytes(orjson.dumps(entry))
        return Recording.open(name).instants[0]


@pytest.mark.parametrize(
    ("at", "put"),
    [
        (8, b"\x63"),  # a packing that there is not
        (8, b"\x0c"),  # bzip2, which it is not
        (6, b"\x01"),  # locked with a password
        (40, b"\xff" * 8),  # damaged inside
        (18, b"\x05\x00\x00\x00"),  # cut short
    ],
)
def test_evidence_that_cannot_be_unpacked_is_no_evidence(at, put):
    damaged = bytearray(EVIDENCE)
    for start in (0, EVIDENCE.index(b"PK\x01\x02") + (2 if at != 40 else 0)):
        damaged[start + at : start + at + len(put)] = put
    verdict = verify_evidence(bytes(damaged))
    assert not verdict.sound
    assert "no evidence file" in verdict.troubles[0]
