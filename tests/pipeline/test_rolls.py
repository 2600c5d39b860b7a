"""Lists: parties that came, went and changed; what is absurd waits; what is no change is none."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.model import ChangeKind, Document, Party, Severity
from bot.pipeline.outcome import Outcome
from bot.store import documents, held, parties, schema
from tests.pipeline.desk import Desk


def entity_list(roll: str = "EL") -> Document:
    return Document("wire", roll, "Entity List", "https://wire.example/list", language="en", kind="list",
                    details={"list": roll})  # fmt: skip


def firm(number: int, **more: Any) -> Party:
    return replace(Party("EL", f"Firm {number}", countries=("CN",), policy="Presumption of denial"), **more)


FIRMS = tuple(firm(number) for number in range(100))
CHIP_FIRM = Party("EL", "Example Computing", ("ExCo",), ("CN",), "See 734.9(e)4", "Denial", ("4",), "90 FR 1", "2025")


async def poll(desk: Desk, *rolls: tuple[Party, ...], **reading: Any) -> Outcome:
    lists = {found[0].roll: found for found in rolls}
    return await desk.poll(*(entity_list(roll) for roll in lists), parties=lists, **reading)


def changes(outcome: Outcome) -> list[tuple[str, int, int, int]]:
    return [(c.change.kind, c.change.added, c.change.removed, c.change.changed) for c in outcome.changes]


async def test_the_first_download_is_known_and_announces_nobody(desk: Desk) -> None:
    assert (await poll(desk, FIRMS)).changes == ()
    assert await desk.count(schema.parties) == 100
    assert (await poll(desk, FIRMS[::-1])).changes == ()


async def test_what_came_went_and_changed_is_one_change_with_its_rows(desk: Desk) -> None:
    await poll(desk, FIRMS)
    now = (*FIRMS[2:], replace(FIRMS[0], policy="Case by case"), CHIP_FIRM, firm(200))
    outcome = await poll(desk, now)
    assert changes(outcome) == [(ChangeKind.ROWS, 2, 1, 1)]
    rows = outcome.changes[0].change.detail["rows"]
    assert isinstance(rows, dict)
    by_op = {op: [row["name"] for row in rows["rows"] if row["op"] == op] for op in ("added", "removed", "changed")}
    assert by_op == {"added": ["Example Computing", "Firm 200"], "removed": ["Firm 1"], "changed": ["Firm 0"]}
    (changed,) = (row for row in rows["rows"] if row["op"] == "changed")
    assert (changed["fields"], changed["was"]) == (["policy"], {"policy": "Presumption of denial"})
    assert rows["rows"][0]["chips"] == "footnote:4"
    assert (await poll(desk, now)).changes == ()


async def test_what_a_changed_row_was_is_told_but_for_its_addresses(one_desk: Desk) -> None:
    await poll(one_desk, FIRMS)
    moved = replace(FIRMS[0], places="Shenzhen", policy="Case by case", aliases=("F0",))
    (taken,) = (await poll(one_desk, (moved, *FIRMS[1:]))).changes
    rows = taken.change.detail["rows"]
    assert isinstance(rows, dict)
    (row,) = rows["rows"]
    assert sorted(row["fields"]) == ["aliases", "places", "policy"]
    assert row["was"] == {"aliases": [], "policy": "Presumption of denial"}
    assert "places" not in row


async def test_a_change_of_addresses_alone_is_a_changed_row(desk: Desk) -> None:
    await poll(desk, FIRMS)
    outcome = await poll(desk, (*FIRMS[1:], replace(FIRMS[0], places="0f")))
    assert changes(outcome) == [(ChangeKind.ROWS, 0, 0, 1)]


async def test_two_changes_of_one_list_are_two_stories(desk: Desk) -> None:
    await poll(desk, FIRMS)
    first = await poll(desk, (*FIRMS, CHIP_FIRM))
    second = await poll(desk, (*FIRMS, CHIP_FIRM, replace(CHIP_FIRM, name="Second Computing")))
    told = [first.changes[0].story, second.changes[0].story]
    assert None not in told
    assert len(set(told)) == 2
    assert [revision.op for revision in (*first.revisions, *second.revisions)] == ["post", "post"]


async def test_the_savings_clause_is_taken_from_the_stored_notice(desk: Desk) -> None:
    clause = "Savings clause: items en route aboard a carrier on March 28, 2025, may proceed before April 28, 2025."
    notice = Document("wire", "2025-1", "Additions", details={"citation": "90 FR 1", "dates": clause})
    await desk.store.write(lambda conn: documents.add(conn, [notice], desk.now, baseline=True))
    await poll(desk, FIRMS)
    rows = (await poll(desk, (*FIRMS, CHIP_FIRM))).changes[0].change.detail["rows"]
    assert isinstance(rows, dict)
    assert rows["savings"] == "April 28, 2025"


async def test_a_list_without_a_party_on_chips_changes_silently(desk: Desk) -> None:
    await poll(desk, FIRMS)
    outcome = await poll(desk, (*FIRMS, firm(300)))
    assert changes(outcome) == [(ChangeKind.ROWS, 1, 0, 0)]
    assert (outcome.changes[0].story, outcome.revisions) == (None, ())
    assert not outcome.changes[0].assessment.relevant


async def test_an_entry_on_chips_is_severe_and_binding(desk: Desk) -> None:
    await poll(desk, FIRMS)
    facts = (await poll(desk, (*FIRMS, CHIP_FIRM))).changes[0].assessment
    assert (facts.relevant, facts.kind, facts.direction, facts.destinations) == (
        True, "entity_list", "restricts", ("CN",),
    )  # fmt: skip
    assert facts.severity.rank >= Severity.HIGH.rank
    assert facts.stage == "in_force"


@pytest.mark.parametrize(
    ("lost", "is_held"), [(19, False), (20, True), (60, True)], ids=["fewer than 20", "20 of 100", "60 of 100"]
)
async def test_a_list_that_loses_more_than_a_tenth_and_at_least_twenty_is_held(
    desk: Desk, lost: int, is_held: bool
) -> None:
    await poll(desk, FIRMS)
    outcome = await poll(desk, FIRMS[lost:])
    words = f"Entity List: {lost} of 100 parties would be removed at once"
    assert [(notice.notice, notice.detail) for notice in outcome.notices] == ([("held", words)] if is_held else [])
    assert changes(outcome) == ([] if is_held else [(ChangeKind.ROWS, 0, lost, 0)])
    assert await desk.count(schema.parties) == (100 if is_held else 100 - lost)


async def test_a_tenth_of_a_long_list_may_go(desk: Desk) -> None:
    many = tuple(firm(number) for number in range(400))
    await poll(desk, many)
    assert changes(await poll(desk, many[40:])) == [(ChangeKind.ROWS, 0, 40, 0)]


async def test_what_is_held_is_said_once_and_passes_when_the_list_is_whole_again(desk: Desk) -> None:
    await poll(desk, FIRMS)
    assert (await poll(desk, FIRMS[50:])).notices
    assert (await poll(desk, FIRMS[50:])).notices == ()
    outcome = await poll(desk, FIRMS)
    assert (outcome.changes, [notice.notice for notice in outcome.notices]) == ((), ["recovered"])
    assert await desk.store.read(held.waiting) == []


@pytest.mark.parametrize(("word", "told"), [("released", [(ChangeKind.ROWS, 0, 50, 0)]), ("dropped", [])])
async def test_an_operator_may_let_it_pass(desk: Desk, word: str, told: list[Any]) -> None:
    await poll(desk, FIRMS)
    await poll(desk, FIRMS[50:])
    now = desk.now
    assert await desk.store.write(lambda conn: held.resolve(conn, "wire", word, now))
    assert changes(await poll(desk, FIRMS[50:])) == told
    assert await desk.count(schema.parties) == 50


async def test_a_download_that_broke_off_is_held_and_makes_no_baseline(desk: Desk) -> None:
    await poll(desk, FIRMS[:40], partial=True)
    assert await desk.count(schema.parties) == 0
    assert (await poll(desk, FIRMS)).changes == ()
    outcome = await poll(desk, FIRMS[:99], partial=True)
    assert [notice.notice for notice in outcome.notices] == ["held"]
    assert await desk.count(schema.parties) == 100


async def test_a_whole_list_that_is_missing_is_held(desk: Desk) -> None:
    others = tuple(replace(firm(number), roll="UVL") for number in range(30))
    await poll(desk, FIRMS, others)
    outcome = await poll(desk, FIRMS)
    assert [notice.notice for notice in outcome.notices] == ["held"]
    assert "UVL" in outcome.notices[0].detail


async def test_a_list_that_appears_later_begins_silently(desk: Desk) -> None:
    await poll(desk, FIRMS)
    others = tuple(replace(firm(number), roll="MEU") for number in range(30))
    outcome = await poll(desk, FIRMS, others)
    assert [change.change.kind for change in outcome.changes] == [ChangeKind.NEW]
    assert await desk.count(schema.parties) == 130
    assert (await poll(desk, FIRMS, others)).changes == ()


async def test_a_change_rolled_back_leaves_nothing_behind(desk: Desk) -> None:
    await poll(desk, FIRMS)

    def breaks(name: str) -> None:
        if name == "source":
            raise RuntimeError("the process dies here")

    desk.intake.step = breaks
    with pytest.raises(RuntimeError):
        await poll(desk, (*FIRMS, CHIP_FIRM))
    desk.intake.editor.forget()
    desk.intake.step = lambda name: None
    assert await desk.store.read(lambda conn: parties.find(conn, "Example Computing")) == []
    assert changes(await poll(desk, (*FIRMS, CHIP_FIRM))) == [(ChangeKind.ROWS, 1, 0, 0)]
    (found,) = await desk.store.read(lambda conn: parties.find(conn, "Example Computing"))
    assert found.party == CHIP_FIRM
