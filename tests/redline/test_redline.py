"""The redline of plain texts: what it counts, what it shows, and that the new text can be rebuilt from it."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.redline import HunkKind, rebuild, redline
from tests.liveness import lively


def words(count, seed):
    chance = random.Random(seed)
    return " ".join(
        chance.choice(("the", "of", "item", *(f"w{chance.randrange(60)}" for _ in range(7)))) for _ in range(count)
    )


def long_text(count, length=120):
    return [f"({at}) {words(length, at)}." for at in range(count)]


def test_a_changed_threshold_stands_alone_among_its_words():
    change = redline("Items of 4800 or more to D:5.", "Items of 5200 or more to D:5 or Macau.")
    assert change.json() == {
        "added": 0,
        "removed": 0,
        "changed": 1,
        "moved": 0,
        "hunks": [
            {
                "where": "¶ 1",
                "old": "Items of 4800 or more to D:5.",
                "new": "Items of 5200 or more to D:5 or Macau.",
                "words": [
                    ["=", "Items of "],
                    ["-", "4800"],
                    ["+", "5200"],
                    ["=", " or more to D:5"],
                    ["+", " or Macau"],
                    ["=", "."],
                ],
            }
        ],
    }


@pytest.mark.parametrize("parting", ["\n", "\n\n", "\r\n", "\n \n"])
def test_sixty_edits_and_a_moved_block_are_all_that_it_finds(parting):
    old = long_text(2600)
    new = [text for at, text in enumerate(old) if not 520 <= at < 560]
    new[1900:1900] = old[520:560]
    chosen = random.Random(5).sample([at for at in range(len(new)) if not 1890 <= at < 1950], 60)
    expected: dict[str, set[str]] = {"changed": set(), "added": set(), "removed": set()}
    for number, at in enumerate(sorted(chosen, reverse=True)):
        if number % 3 == 0:
            expected["removed"].add(new.pop(at))
        elif number % 3 == 1:
            new.insert(at, f"Entirely new paragraph {number}: {words(90, -at)} ({number}).")
            expected["added"].add(new[at])
        else:
            parts = new[at].split(" ")
            parts[len(parts) // 2] = "5,200"
            new[at] = " ".join(parts)
            expected["changed"].add(new[at])
    before, after = parting.join(old), parting.join(new)
    with lively(0.2):
        change = redline(before, after)
    assert {kind: {hunk.new or hunk.old for hunk in change.hunks if hunk.kind == kind} for kind in expected} == expected
    assert [hunk.new for hunk in change.hunks if hunk.kind is HunkKind.MOVED] == old[520:560]
    assert rebuild(before, change) == after


def test_white_space_alone_is_no_change_and_is_rebuilt_all_the_same():
    old, new = "  One two.\n\nThree   four.\n\nFive.", "\n\nOne two.\n\n\nThree four.\n\nFive.\n"
    change = redline(old, new)
    assert not change
    assert rebuild(old, change) == new


def test_a_rewrapped_paragraph_is_the_same_paragraph():
    old = "A rule that is\nwrapped here.\n\nAnother one.\n\nA third."
    new = "A rule that\nis wrapped here.\n\nAnother one.\n\nA fourth."
    assert [hunk.old for hunk in redline(old, new).hunks] == ["A third."]


def test_chinese_is_compared_by_character():
    (hunk,) = redline(
        "总处理性能达到4800以上的集成电路需要许可证。", "总处理性能达到5200以上的集成电路不需要许可证。"
    ).hunks
    assert hunk.words == (
        ("=", "总处理性能达到"),
        ("-", "4800"),
        ("+", "5200"),
        ("=", "以上的集成电路"),
        ("+", "不"),
        ("=", "需要许可证。"),
    )


def test_words_pushed_on_at_the_beginning_stay_kept():
    (hunk,) = redline("The exporter must file.", "Before export, The exporter must file.").hunks
    assert hunk.words == (("+", "Before export, "), ("=", "The exporter must file."))


def test_a_paragraph_that_moved_and_was_edited_is_changed_and_not_two():
    old = long_text(40, 30)
    new = [*old[1:30], old[0].replace("item", "object", 1), *old[30:]]
    change = redline("\n\n".join(old), "\n\n".join(new))
    assert [hunk.kind for hunk in change.hunks] == [HunkKind.CHANGED]
    assert (change.hunks[0].old_at, change.hunks[0].new_at) == (0, 29)


def test_unlike_paragraphs_in_one_place_are_removed_and_added():
    change = redline("Same.\n\nCats sleep all day.\n\nEnd.", "Same.\n\nLicences cost nothing here, said one.\n\nEnd.")
    assert [hunk.kind for hunk in change.hunks] == [HunkKind.REMOVED, HunkKind.ADDED]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("", "a"),
        ("a", ""),
        ("", "  \n "),
        (" \n", ""),
        ("a\n\nb", "b\n\na"),
        ("a\x0cb\u2028c", "a\x85b"),
        ("x", "x\n"),
    ],
)
def test_odd_small_texts_are_rebuilt(old, new):
    assert rebuild(old, redline(old, new)) == new


ALPHABET = [
    "a",
    "b",
    "4800",
    "5200",
    "D:5",
    "§",
    "第",
    "条",
    ".",
    "-",
    " ",
    "  ",
    "\n",
    "\n\n",
    "\t",
    "\u2028",
    "\x0b",
    "é",
    "🙂",
]
TEXTS = st.lists(st.sampled_from(ALPHABET), max_size=60).map("".join)


@given(TEXTS, TEXTS)
@settings(max_examples=400, deadline=None)
def test_the_new_text_can_be_rebuilt_from_the_old_one_and_the_redline(old, new):
    change = redline(old, new)
    assert rebuild(old, change) == new
    for hunk in change.hunks:
        assert hunk.old == "".join(text for operation, text in hunk.words if operation != "+")
        assert hunk.new == "".join(text for operation, text in hunk.words if operation != "-")
        assert all(one[0] != other[0] for one, other in zip(hunk.words, hunk.words[1:], strict=False))
    # What the hunks leave to `spacing` is white space alone.
    for piece in change.cut.spacing.values() if change.cut else ():
        assert piece.split() or not piece


@given(st.lists(st.sampled_from(["one two three", "four five six", "seven", "x " * 30]), max_size=25), st.data())
@settings(max_examples=150, deadline=None)
def test_the_hunks_say_what_was_done_to_the_paragraphs(old, data):
    new = data.draw(st.permutations(old))
    change = redline("\n\n".join(old), "\n\n".join(new))
    assert {hunk.kind for hunk in change.hunks} <= {HunkKind.MOVED}
    assert bool(change) == (old != list(new))


def hostile_pairs():
    chance = random.Random(3)
    same = "Same words here."
    yield "equal paragraphs, another number", "\n\n".join([same] * 100_000), "\n\n".join([same] * 99_000)
    yield (
        "equal paragraphs around one",
        "\n".join([same] * 50_000 + ["x"] + [same] * 50_000),
        "\n".join([same] * 99_999),
    )
    yield "two by turns", "\n".join("ab" * 200_000), "\n".join("ba" * 150_000 + "aab" * 50_000)
    yield "three at random", *("\n".join(chance.choices("abc", k=200_000)) for _ in range(2))
    yield "a line without a break", "x" * 2_000_000, "x" * 1_000_000 + "y" + "x" * 1_000_000
    letters = "".join(chance.choices("abcdefghijklmnopqrstuvwxyzABCDEF0123456789", k=2_000_000))
    yield "a line of letters, one put in", letters, letters[:1_000_000] + "Q" + letters[1_000_000:]
    prose = " ".join(chance.choices(["the", "of", "a"], k=500_000))
    yield "a line of three words", prose, " ".join(chance.choices(["the", "of", "a"], k=500_000))
    yield (
        "every paragraph changed",
        *("\n".join(" ".join(chance.choices(["the", "of", "a", "b"], k=40)) for _ in range(20_000)) for _ in range(2)),
    )
    yield "blanks only", " " * 2_000_000, "\n" * 2_000_000
    yield "punctuation", ".;" * 900_000, ";." * 900_000


@pytest.mark.parametrize(("old", "new"), [pytest.param(old, new, id=name) for name, old, new in hostile_pairs()])
def test_hostile_texts_of_two_megabytes_take_bounded_time(old, new):
    with lively(2.5):
        change = redline(old, new)
    assert rebuild(old, change) == new


def test_one_letter_in_a_line_of_two_million_touches_one_stretch_of_it():
    chance = random.Random(4)
    letters = "".join(chance.choices("abcdefghijklmnopqrstuvwxyzABCDEF0123456789", k=2_000_000))
    change = redline(letters, letters[:700_000] + "!" + letters[700_000:])
    assert len(change.hunks) <= 2
