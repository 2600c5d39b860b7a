"""A recording played to its end: the same bytes each time, what CLI.md promises on every line, and in time."""

from __future__ import annotations

import time

import pytest

from bot.demo import RECORDING
from tests.cards.stories import FACTS

MESSAGE_KEYS = {*FACTS, "card"}
ROOM = 10
"""Ten times the room that was measured: a test bounds liveness, the bench measures speed."""


def test_the_demonstration_tells_each_happening_once_and_promises_are_no_law(chipwatch):
    ended = chipwatch("replay", RECORDING, "--json")
    assert ended.status == 0, ended.err
    posts = [line for line in ended.lines if line["op"] == "post"]
    assert all(line.keys() >= MESSAGE_KEYS for line in ended.lines)
    assert len({line["story"] for line in posts}) == len(posts)
    told = {document["url"] for line in ended.lines for document in line["documents"]}
    assert "https://nvidia-statement.example/2025/h20" in told
    assert "https://yanshi-tongxun.example/2025/h20" in told
    h20 = next(line for line in posts if any("nvidia-statement" in d["url"] for d in line["documents"]))
    assert (h20["direction"], h20["chips"][0], h20["destinations"]) == ("relaxes", "H20", ["CN"])
    assert h20["card"]["tone"] == "said"
    assert "licences promised, none issued" in str(h20["card"]["title"])
    assert not any("licences issued" in str(line["card"]["title"]) for line in ended.lines)


def test_a_chip_that_comes_in_is_told_by_a_reply(chipwatch):
    replies = [line for line in chipwatch("replay", RECORDING, "--json").lines if line["op"] == "reply"]
    assert ["New in this story: AMD's MI308 too." in str(line["card"]) for line in replies].count(True) == 1


def test_changes_and_notices_are_printed_when_asked_for(chipwatch):
    lines = chipwatch("replay", RECORDING, "--json", "--changes").lines
    changes = [line for line in lines if line["op"] == "change"]
    assert len(changes) == 11
    assert {line["change"] for line in changes} == {"new"}
    assert all(
        set(line) >= {"source", "key", "title", "at", "added", "removed", "changed", "story"} for line in changes
    )


def test_until_stops_the_clock(chipwatch):
    whole = chipwatch("replay", RECORDING, "--json").lines
    part = chipwatch("replay", RECORDING, "--json", "--until", "2025-07-10").lines
    assert part == [line for line in whole if line["at"] < "2025-07-10"]
    assert part


def test_a_kept_store_is_not_told_twice(chipwatch, tmp_path):
    url = f"sqlite:///{tmp_path}/kept.db"
    first = chipwatch("replay", RECORDING, "--json", "--store", url)
    again = chipwatch("replay", RECORDING, "--json", "--store", url)
    assert first.lines
    assert again.status == 0
    assert again.lines == []


@pytest.mark.parametrize("name", ["news-2019-2026", "federal-register-2020-2026"])
def test_a_recording_of_years_gives_the_same_bytes_twice(chipwatch, shared, name):
    began = time.monotonic()
    first = chipwatch("replay", shared / "recordings" / name, "--json")
    took = time.monotonic() - began
    assert first.status == 0, first.err
    assert first.out == chipwatch("replay", shared / "recordings" / name, "--json").out
    assert first.lines
    assert all(line.keys() >= MESSAGE_KEYS for line in first.lines)
    assert took < 10 * ROOM
