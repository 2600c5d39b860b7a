"""What one document costs among 10,000 and 1,000,000 stored: python -m benchmarks.placing [--stored N,N] [--items N].

The store holds documents of five years; one in ten is about the subject and stands in a story. The editor keeps the
stories of the last 120 days in memory. Measured are assessing a document and finding its place, and all a poll does
for it. Times are of the processor, so that waiting for other work on the machine does not count.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import orjson

from bot.delivery.order import EVERYTHING
from bot.model import Change, ChangeKind, Document, Member, Trust
from bot.pipeline.assess import assess
from bot.pipeline.editor import Editor
from bot.pipeline.stories import fingerprint
from bot.sources.base import Reading, Source
from bot.store import stories, subscriptions
from bot.store.engine import Connection, Store
from bot.store.records import assessment_record, member_record

NOW = datetime(2026, 6, 1, tzinfo=UTC)
YEARS = 5
OF_THE_SUBJECT = 10
"""One in so many documents is about the export of AI chips."""
STORY = 4
"""Documents a story."""
BATCH = 20_000

_ACTORS = ("US", "Commerce Department", "White House", "BIS", "Beijing", "China's customs", "Malaysia", "Nvidia", "AMD")
_ACTS = (
    "tightens licence rules for", "allows exports of", "considers a ban on", "issues licences for", "blocks imports of",
    "rescinds its rule on", "charges two men with smuggling", "plans a tariff on", "clarifies guidance on",
)  # fmt: skip
_CHIPS = ("H20", "H200", "H100", "A100", "A800", "B200", "B300", "MI308", "MI325X", "RTX Pro 6000D", "RTX 4090", "L40S")
_PLACES = ("China", "Malaysia", "Singapore", "the UAE", "Saudi Arabia", "Russia", "India", "Hong Kong")
_MAKERS = ("Nvidia", "AMD", "Intel")


def title(n: int) -> tuple[str, str]:
    """A title and a lead, unlike their neighbours' and the same in every run."""
    actor, act = _ACTORS[n % 9], _ACTS[n // 9 % 9]
    chip, place, maker = _CHIPS[n // 81 % 12], _PLACES[n // 972 % 8], _MAKERS[n // 7776 % 3]
    number = 1000 + n * 7919 % 900_000
    lead = f"The decision of week {n % 52} covers {number:,} chips worth ${n % 97 + 3} million, officials said."
    return f"{actor} {act} {maker} {chip} chips to {place}, case {n * 31 % 9973}", lead


class Wire(Source, kind="benchmark_wire"):
    """A source that is never asked."""

    def requests(self) -> Iterator[Any]:
        return iter(())

    def read(self, answer: Any) -> Reading:
        return Reading()


_OLD = assess(Document("wire", "old", "US bans Nvidia H20 chip exports to China"), Trust.PRESS, "Wire")
WIRE = Wire(id="wire", name="Wire")


def document(n: int, at: datetime) -> Document:
    words, lead = title(n)
    return Document("wire", f"k{n}", words, f"https://wire.example/{n}", at, summary=lead, language="en")


def stock(conn: Connection, stored: int) -> int:
    """Fill a store; how many of its documents are of the last 120 days and stand in stories."""
    span = timedelta(days=365 * YEARS)
    recent = 0
    for first in range(0, stored, BATCH):
        documents, seats, told, words = [], [], [], []
        for n in range(first, min(first + BATCH, stored)):
            at = NOW - span + span * (n / stored)
            subject = n % OF_THE_SUBJECT == 0
            doc = document(n, at)
            documents.append((doc.source, doc.key, "0" * 24, doc.title, doc.url, at.isoformat(), doc.summary, _sql(at)))
            if not subject:
                continue
            recent += NOW - at < timedelta(days=120)
            group = n // (OF_THE_SUBJECT * STORY)
            seats.append((f"s-{group}", doc, at))
            if n % (OF_THE_SUBJECT * STORY) == 0:
                told.append((f"s-{group}", at))
                words += [(word, _sql(at), f"s-{group}") for word in (f"w{group % 5000}", "chips.H20", "to.CN")]
        _insert(conn, documents, seats, told, words)
    return recent


def _sql(at: datetime) -> str:
    return at.replace(tzinfo=None).isoformat(" ", "microseconds")


def _json(value: Any) -> str:
    return orjson.dumps(value).decode()


def _insert(conn: Connection, documents: list[Any], seats: list[Any], told: list[Any], words: list[Any]) -> None:
    raw: Any = conn.connection.dbapi_connection
    raw.executemany(
        "INSERT INTO documents (source, key, version, digest, title, url, published, summary, state, details, baseline,"
        " first_seen_at, changed_at, language) VALUES (?, ?, 1, ?, ?, ?, ?, ?, 'current', '{}', 0, ?8, ?8, 'en')",
        documents,
    )
    rows = []
    for story, doc, at in seats:
        fresh = NOW - at < timedelta(days=121)
        judged = assess(doc, Trust.PRESS, "Wire") if fresh else _OLD
        member = Member("wire", "Wire", doc.key, doc.title, doc.url, at, "en", judged.trust, at)
        print_ = _json(fingerprint(doc, judged).record()) if fresh else "{}"
        record = _json(assessment_record(judged, reasons=False))
        rows.append((story, "wire", doc.key, _sql(at), _json(member_record(member)), record, print_))
    facts = {row[0]: row[5] for row in reversed(rows)}
    raw.executemany(
        "INSERT INTO stories (id, began_at, grew_at, facts, revision, archive) VALUES (?1, ?2, ?2, ?3, 1, 0)",
        [(story, _sql(at), facts[story]) for story, at in told],
    )
    raw.executemany(
        "INSERT INTO members (story, source, key, joined_at, member, assessment, fingerprint)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        rows,
    )
    raw.executemany("INSERT INTO story_words (word, began_at, story) VALUES (?, ?, ?)", words)


async def measured(stored: int, items: int) -> dict[str, float]:
    """The cost of one document among so many, in milliseconds."""
    with tempfile.TemporaryDirectory(prefix="chipwatch-placing-") as folder:
        store = await Store.open(f"sqlite:///{folder}/store.db", scratch=True)
        try:
            await store.write(lambda conn: subscriptions.add(conn, "console", "console", EVERYTHING, NOW, "benchmark"))
            recent = await store.write(lambda conn: stock(conn, stored))
            editor = Editor()
            began = time.process_time()
            await store.write(lambda conn: editor.place(conn, WIRE, [], NOW))
            loading = time.process_time() - began
            times = []
            for n in range(items):
                doc = document(stored * OF_THE_SUBJECT + n * 13, NOW + timedelta(minutes=n))
                times.append(await store.write(partial(_one, editor=editor, doc=doc)))
            assert await store.read(lambda conn: stories.story_of(conn, "wire", doc.key)) is not None
        finally:
            await store.close()
    placing, whole = (sorted(kind) for kind in zip(*times, strict=True))
    return {
        "stored": stored,
        "in_memory": recent,
        "loading_s": round(loading, 2),
        "placing_ms": round(statistics.median(placing) * 1000, 3),
        "placing_p95_ms": round(placing[int(items * 0.95)] * 1000, 3),
        "whole_ms": round(statistics.median(whole) * 1000, 3),
    }


def _one(conn: Connection, editor: Editor, doc: Document) -> tuple[float, float]:
    """Seconds for assessing a document and finding its place, and for all that a poll does for it: with storing its
    seat, its words, the story's next revision and the deliveries."""
    at = doc.published
    assert isinstance(at, datetime)
    index = editor.remember(conn, at)
    began = time.thread_time()
    judged = assess(doc, Trust.PRESS, "Wire")
    index.place(fingerprint(doc, judged), at)
    placed = time.thread_time()
    editor.place(conn, WIRE, [(Change(ChangeKind.NEW, doc, at), assess(doc, Trust.PRESS, "Wire"))], at)
    editor.tell(conn, at)
    return placed - began, time.thread_time() - placed


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stored", default="10000,1000000")
    parser.add_argument("--items", type=int, default=300)
    parser.add_argument("--json", action="store_true")
    wanted = parser.parse_args()
    found = [asyncio.run(measured(int(stored), wanted.items)) for stored in wanted.stored.split(",")]
    if wanted.json:
        print(json.dumps(found))
        return
    for row in found:
        print("  ".join(f"{name} {value:,}" for name, value in row.items()))
    for name in ("placing_ms", "whole_ms"):
        print(f"{name}: {found[-1][name] / found[0][name]:.2f} times as long (at most 2)")


if __name__ == "__main__":
    main()
