"""The operators' desk as a user runs it: a story is joined, split, taken back, and each refusal is one clear line."""

from __future__ import annotations

import pytest

from bot.demo import RECORDING


@pytest.fixture
def told(chipwatch, tmp_path):
    """A store with the demonstration in it; the stories that were posted, and the address of a document of each."""
    lines = chipwatch("replay", RECORDING, "--json", "--store", f"sqlite:///{tmp_path}/store.db").lines
    return {line["story"]: line["documents"][-1]["url"] for line in lines}


def test_a_story_is_taken_back_and_stands_on_the_public_list(chipwatch, told):
    story = next(iter(told))
    assert chipwatch("story", "corrections").out == "Nothing was taken back.\n"
    done = chipwatch("story", "retract", story, "--cause", "redated")
    assert (done.status, "correction 1 of" in done.out) == (0, True), done.err
    (row,) = chipwatch("story", "corrections", "--json").lines
    assert (row["story"], row["cause"], row["channels"], row["reported_by_member"]) == (story, "redated", 1, False)
    again = chipwatch("story", "retract", story, "--cause", "redated")
    assert (again.status, again.err.count("\n")) == (2, 1)


def test_two_stories_become_one_and_a_document_is_split_off_again(chipwatch, told):
    (first, second), url = list(told)[:2], list(told.values())[1]
    assert chipwatch("story", "merge", first, second).status == 0
    done = chipwatch("story", "split", second, url)  # the one that went into the other is followed there
    assert done.status == 0, done.err
    assert "is the story s-" in done.out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("retract", "s-none", "--cause", "misread"), "There is no story s-none here."),
        (("merge", "s-none", "s-none"), "There is no story s-none here."),
        (("dismiss", "7"), "No report 7 waits."),
        (("release", "7", "--drop"), "No held document 7 waits."),
    ],
)
def test_what_does_not_exist_is_said_in_one_line(chipwatch, told, words, said):
    ended = chipwatch("story", *words)
    assert (ended.status, ended.err) == (2, f"chipwatch: {said}\n")


@pytest.mark.parametrize("name", ["reports", "held"])
def test_lists_are_empty_at_first(chipwatch, told, name):
    assert chipwatch("story", name, "--json").lines == []
    assert chipwatch("story", name).out.startswith("No ")
