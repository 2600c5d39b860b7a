"""What counts as a change, and what looks too absurd to be one."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.model import Change, ChangeKind, Document, State
from bot.pipeline.diff import difference, rolled_over, with_detail
from bot.sources.base import Reading
from bot.store.documents import Known, digest


def item(key: str, title: str = "", *, alias: str = "", state: State = State.CURRENT, day: int = 1) -> Document:
    return Document(
        source="s",
        key=key,
        title=title or f"Title {key}",
        aliases=(alias,) if alias else (),
        state=state,
        published=datetime(2026, 6, day, tzinfo=UTC),
    )


def known(*documents: Document) -> dict[str, Known]:
    return {d.key: Known(d.key, 1, digest(d), d.state) for d in documents}


def kinds(found):
    return [(entry.kind, entry.document.key) for entry in found.found]


def test_a_document_with_an_unknown_key_is_new():
    assert kinds(difference(Reading((item("a"),)), {}, {}, [])) == [(ChangeKind.NEW, "a")]


def test_the_same_words_again_are_no_change():
    assert not difference(Reading((item("a"),)), known(item("a")), {}, ["a"]).found


def test_other_words_under_the_same_key_amend():
    assert kinds(difference(Reading((item("a", "Now this"),)), known(item("a")), {}, ["a"])) == [
        (ChangeKind.AMENDED, "a")
    ]


@pytest.mark.parametrize(
    ("state", "kind"),
    [(State.WITHDRAWN, ChangeKind.WITHDRAWN), (State.CORRECTED, ChangeKind.CORRECTED)],
)
def test_a_change_of_state_is_named_after_it(state, kind):
    found = difference(Reading((item("a", state=state),)), known(item("a")), {}, ["a"])
    assert kinds(found) == [(kind, "a")]


def test_a_correction_under_a_number_of_its_own_is_a_correction():
    found = difference(Reading((item("C1-2026-1", state=State.CORRECTED),)), {}, {}, [])
    assert kinds(found) == [(ChangeKind.CORRECTED, "C1-2026-1")]


def test_an_absent_document_is_withdrawn_only_where_the_list_is_complete():
    reading = Reading((item("a"),))
    assert difference(reading, known(item("a"), item("b")), {}, ["a", "b"]).gone == ()
    whole = Reading((item("a"),), complete=True)
    assert difference(whole, known(item("a"), item("b")), {}, ["a", "b"]).gone == ("b",)
    cut = Reading((item("a"),), complete=True, partial=True)
    assert difference(cut, known(item("a"), item("b")), {}, ["a", "b"]).gone == ()


def test_a_new_key_with_a_known_alias_is_the_same_document():
    new = item("new", "Title old", alias="link:x")
    found = difference(Reading((new,)), known(item("old")), {"link:x": "old"}, ["old"])
    assert found.renamed == (("old", new),)
    assert not found.found


def test_an_alias_whose_owner_stands_beside_it_belongs_to_somebody_else():
    beside = (item("old"), item("new", alias="link:x"))
    found = difference(Reading(beside), known(item("old")), {"link:x": "old"}, ["old"])
    assert kinds(found) == [(ChangeKind.NEW, "new")]


def test_twenty_keys_that_change_at_once_are_no_news_when_their_aliases_are_known():
    old = [item(f"old{n}", f"T{n}") for n in range(20)]
    new = tuple(item(f"new{n}", f"T{n}", alias=f"link:{n}") for n in range(20))
    owners = {f"link:{n}": f"old{n}" for n in range(20)}
    found = difference(Reading(new), known(*old), owners, [d.key for d in old])
    assert not found.found
    assert found.absurd is None
    assert len(found.renamed) == 20


@pytest.mark.parametrize(
    ("in_window", "replaced", "absurd"),
    [
        (20, 20, True),
        (20, 11, True),
        (20, 10, False),  # not more than half
        (19, 10, True),
        (9, 9, False),  # a short feed may be replaced
        (100, 50, False),
        (100, 51, True),
    ],
)
def test_a_reading_is_absurd_when_strangers_take_the_place_of_more_than_half_and_at_least_ten(
    in_window, replaced, absurd
):
    old = [item(f"k{n}") for n in range(in_window)]
    now = tuple(old[replaced:]) + tuple(item(f"stranger{n}") for n in range(replaced))
    found = difference(Reading(now), known(*old), {}, [d.key for d in old])
    assert bool(found.absurd) is absurd


def change(key: str = "part-744") -> Change:
    return Change(ChangeKind.AMENDED, item(key), datetime(2026, 6, 1, tzinfo=UTC))


def test_a_redline_gives_a_change_its_counts_and_a_seat_of_its_own():
    detail = {"seat": "2026-06-01", "added": 3, "removed": 2, "changed": 1}
    found = with_detail(change(), detail)
    assert (found.added, found.removed, found.changed) == (3, 2, 1)
    assert (found.seat, found.happening) == ("part-744@2026-06-01", "2026-06-01")
    assert found.detail == detail
    assert with_detail(change(), None) == with_detail(change(), {}) == change()


def test_sections_that_were_only_edited_are_another_happening_than_those_that_a_rule_amends():
    amended = with_detail(change("a"), {"seat": "2026-06-01", "substantive": True})
    beside = with_detail(change("b"), {"seat": "2026-06-01"})
    edited = with_detail(change("c"), {"seat": "2026-06-01", "substantive": False})
    assert amended.happening == beside.happening != edited.happening
    assert (amended.added, amended.removed, amended.changed) == (0, 0, 0)
    assert with_detail(change(), {"added": "many"}).added == 0


def test_growth_alone_is_never_absurd():
    old = [item(f"k{n}") for n in range(12)]
    now = tuple(old) + tuple(item(f"stranger{n}") for n in range(500))
    assert difference(Reading(now), known(*old), {}, [d.key for d in old]).absurd is None
    assert difference(Reading(now), {}, {}, []).absurd is None


def test_a_feed_that_shrinks_without_strangers_is_not_absurd():
    old = [item(f"k{n}") for n in range(40)]
    assert difference(Reading(tuple(old[:2])), known(*old), {}, [d.key for d in old]).absurd is None


def test_a_busy_feed_after_a_pause_as_long_as_its_memory_is_just_busy():
    window = [datetime(2026, 6, day, tzinfo=UTC) for day in (1, 2, 3)]
    later = Reading(tuple(item(f"n{d}", day=d) for d in (10, 11, 12)))
    earlier = Reading(tuple(item(f"n{d}", day=d) for d in (2, 11, 12)))
    assert rolled_over(later, window, timedelta(days=8))
    assert not rolled_over(later, window, timedelta(days=1))
    assert not rolled_over(earlier, window, timedelta(days=8))
    assert not rolled_over(later, [], timedelta(days=8))
    assert not rolled_over(later, window, None)
    assert not rolled_over(later, [window[0]] * 3, timedelta(days=8)), "a memory of one moment spans nothing"
    assert not rolled_over(Reading((*later.documents, replace(item("n"), published=None))), window, timedelta(days=8))


def test_days_without_an_hour_are_compared_with_moments():
    window = [date(2026, 6, 1), datetime(2026, 6, 3, 12, tzinfo=UTC)]
    assert rolled_over(Reading((replace(item("n"), published=date(2026, 6, 4)),)), window, timedelta(days=8))
    assert not rolled_over(Reading((replace(item("n"), published=date(2026, 6, 3)),)), window, timedelta(days=8))
