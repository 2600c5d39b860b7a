"""Months of stories are kept in memory: each must be small, and come back as it was."""

from __future__ import annotations

import gc
import tracemalloc
from datetime import UTC, datetime, timedelta

from bot.model import Document, Trust
from bot.pipeline.assess import assess
from bot.pipeline.stories import Fingerprint, StoryIndex, fingerprint
from bot.pipeline.stories.index import MEMBERS, POSTINGS

START = datetime(2026, 1, 1, tzinfo=UTC)
MOST_BYTES = 8_000
"""Of memory a document; 3,200 were measured of real ones without a lead, 12,400 before they were packed."""


def print_of(n: int) -> Fingerprint:
    """Of a document that shares a few words with all others, and has a dozen of its own."""
    title = f"US tightens licence rules for Nvidia H20 chip exports to China, case {n}"
    lead = " ".join(f"{word}{''.join(chr(97 + int(digit)) for digit in str(n))}" for word in WORDS)
    document = Document("wire", str(n), title, None, START + timedelta(days=n), summary=lead)
    return fingerprint(document, assess(document, Trust.PRESS))


WORDS = ("harbour", "minister", "cabinet", "parcel", "witness", "invoice", "subsidy", "warehouse", "hearing", "letter")


def test_a_document_in_the_memory_takes_few_kilobytes():
    prints = [print_of(n) for n in range(400)]
    index = StoryIndex()
    gc.collect()
    tracemalloc.start()
    try:
        for n, print_ in enumerate(prints):
            index.add(f"s-{n:012x}", print_, START)
        del prints, print_
        gc.collect()
        assert tracemalloc.get_traced_memory()[0] / 400 < MOST_BYTES
    finally:
        tracemalloc.stop()


def test_what_was_packed_comes_back_as_it_was():
    for n in range(20):
        print_ = print_of(n)
        assert Fingerprint.unpacked(print_.packed()) == print_


def test_a_story_that_was_removed_leaves_nothing_behind():
    index = StoryIndex()
    prints = [print_of(n) for n in range(POSTINGS + 8)]
    for n, print_ in enumerate(prints):
        index.add(f"s-{n}", print_, START)
        index.add("s-all", print_, START)
    assert len(index) == len(prints) + 1
    for n in range(len(prints)):
        index.remove(f"s-{n}")
    found = index.place(prints[-1], START)
    assert found.story_id == "s-all"
    index.remove("s-all")
    index.remove("s-all")
    assert len(index) == 0
    assert index._postings == {}
    assert index.place(prints[-1], START).story_id is None


def test_a_story_is_compared_by_its_first_and_its_latest():
    index = StoryIndex()
    for n in range(3 * MEMBERS):
        index.add("s-1", print_of(n), START)
    (entry,) = index._stories.values()
    keys = [int(member.key) for member, _ in entry.members]
    half = MEMBERS // 2
    assert keys == [*range(half), *range(3 * MEMBERS - half, 3 * MEMBERS)]
