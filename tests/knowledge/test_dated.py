"""The days that documents name, beside the dates that the ledger foresees."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bot.knowledge.dated import Dated, calendar
from bot.knowledge.deadlines import Due
from bot.knowledge.ledger import load_ledger

ON = date(2026, 6, 1)
ENTRY = Dated(
    document="fr:2026-19537",
    due=Due.COMMENTS,
    day=date(2026, 7, 1),
    source="fr",
    title="A notice",
    url="https://www.federalregister.gov/d/2026-19537",
    story="s-1",
    words="Comments are due by July 1, 2026.",
    contradicts=date(2026, 6, 20),
    chips=("H20",),
    destinations=("CN", "MO"),
    kind="rule",
)


@pytest.mark.parametrize("entry", [ENTRY, Dated("fr:1", Due.EFFECTIVE, ON, "fr", "A rule")])
def test_a_day_is_stored_and_read_back_as_it_was(entry: Dated) -> None:
    assert Dated.of(entry.record()) == entry


def test_a_stored_day_has_these_names_and_values() -> None:
    assert ENTRY.record() == {
        "document": "fr:2026-19537",
        "due": "comments",
        "day": "2026-07-01",
        "source": "fr",
        "title": "A notice",
        "url": "https://www.federalregister.gov/d/2026-19537",
        "story": "s-1",
        "words": "Comments are due by July 1, 2026.",
        "contradicts": "2026-06-20",
        "chips": ["H20"],
        "destinations": ["CN", "MO"],
        "kind": "rule",
    }
    assert Dated.of(ENTRY.record() | {"words": None, "contradicts": None}) == replace(ENTRY, words="", contradicts=None)


def test_a_day_is_printed_like_a_date_of_the_ledger() -> None:
    printed = ENTRY.json(ON)
    assert printed == {
        "date": "2026-07-01",
        "days": 30,
        "state": "ahead",
        "title": "A notice",
        "ends": False,
        "event": None,
        "acts": [],
        "summary": "Comments are due by July 1, 2026.",
        "actors": [],
        "citations": [{"title": "2026-19537", "url": ENTRY.url, "date": None}],
        "confidence": "uncertain",
        "due": "comments",
        "document": "fr:2026-19537",
        "contradicts": "2026-06-20",
    }
    ledger = calendar(load_ledger(), [], ON)
    assert printed.keys() - ledger[0].keys() == {"due", "document", "contradicts"}
    plain = replace(ENTRY, due=Due.EXPIRES, url="", contradicts=None).json(ON)
    assert (plain["ends"], plain["citations"], plain["confidence"]) == (True, [], "single_source")


def test_ledger_and_documents_stand_in_one_order_each_with_its_name() -> None:
    alone = calendar(load_ledger(), [], ON)
    assert {row["name"].partition(":")[0] for row in alone} == {"ledger"}
    assert all(row["name"] == f"ledger:{row['event']}/{'expires' if row['ends'] else 'due'}" for row in alone)
    assert {row["ends"] for row in alone} == {True, False}
    rows = calendar(load_ledger(), [ENTRY, replace(ENTRY, due=Due.EFFECTIVE)], ON)
    assert [row["date"] for row in rows] == sorted(row["date"] for row in rows)
    ours = [row["name"] for row in rows if row["document" if "document" in row else "event"] == ENTRY.document]
    assert ours == ["fr:2026-19537/comments", "fr:2026-19537/effective"]
    assert len(rows) == len(alone) + 2
    assert len(calendar(load_ledger(), [ENTRY, replace(ENTRY, title="B")], ON)) == len(alone) + 2, (
        "two sources may carry one document"
    )


def test_days_behind_are_left_out_and_today_is_not() -> None:
    names = {row["name"] for row in calendar(load_ledger(), [ENTRY], ENTRY.day)}
    assert ENTRY.name in names
    assert ENTRY.name not in {row["name"] for row in calendar(load_ledger(), [ENTRY], date(2026, 7, 2))}
    ahead = calendar(load_ledger(), [], date(2026, 11, 24), past=False)
    assert {row["state"] for row in ahead} == {"ahead"}
    assert len(calendar(load_ledger(), [], date(2026, 11, 24))) > len(ahead)


def test_what_the_ledger_cites_is_left_to_it_but_for_its_comments() -> None:
    cited = next(citation.url for event in load_ledger().events for citation in event.citations)
    recorded = replace(ENTRY, url=cited)
    names = {row["name"] for row in calendar(load_ledger(), [recorded, replace(recorded, due=Due.EFFECTIVE)], ON)}
    assert recorded.name in names
    assert "fr:2026-19537/effective" not in names
