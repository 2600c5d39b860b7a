"""A section that was amended goes on with the story of the rule that amended it, where one rule alone can be meant."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.model import Change, ChangeKind, Document, Trust
from bot.pipeline.codified import rule_of
from tests.pipeline.desk import Desk, news

DAY = "2026-07-01"
REDLINE: dict[str, Any] = {"section": "744.23", "title": 15, "new_date": DAY}
TITLES = ("BIS requires a licence for exports of Nvidia H20 chips to China", "BIS requires a permit for ASML machines")


def rule(n: int, citation: str = "", parts: Any = ("15 CFR 744",), day: str | None = DAY) -> Document:
    details = {"citation": citation, "cfr_references": parts, "effective_on": day}
    given = {name: value for name, value in details.items() if value}
    document = news(f"2026-{n}", TITLES[n - 1], aliases=(f"fr:2026-{n}",))
    return replace(document, url=f"https://www.federalregister.gov/documents/{n}", kind="Rule", details=given)


async def told(desk: Desk, *rules: Document) -> list[str | None]:
    """The stories of rules that are told."""
    desk.source = desk.source.model_copy(update={"trust": Trust.OFFICIAL})
    await desk.poll()
    return [taken.story for taken in (await desk.poll(*rules)).changes]


async def found(desk: Desk, happening: str = DAY, **redline: Any) -> str | None:
    """The story that the amendment of section 744.23 goes on with."""
    section = Document("ecfr", "744.23", "15 CFR 744.23", "https://www.ecfr.gov/744.23", details={"part": "744"})
    change = Change(ChangeKind.AMENDED, section, desk.now, detail={"redline": REDLINE | redline}, happening=happening)
    return await desk.store.read(lambda conn: rule_of(conn, change))


@pytest.mark.parametrize("where", ["cites", "pending"])
async def test_the_section_s_own_note_names_the_rule(one_desk, where):
    first, second = await told(one_desk, rule(1, "91 FR 4544", day=None), rule(2, "91 FR 99"))
    assert first
    assert first != second
    note: dict[str, Any] = {where: ["[80 FR 1, Jan. 2, 2015, as amended at 91 FR 4544, May 29, 2026]"]}
    assert await found(one_desk, **note) == first


async def test_where_no_note_is_known_it_is_the_one_rule_of_the_part_and_the_day(one_desk):
    first, _ = await told(one_desk, rule(1), rule(2, parts=("15 CFR 742",)))
    assert await found(one_desk, cites=["80 FR 1"]) == first
    assert await found(one_desk) == first
    assert await found(one_desk, new_date="2026-07-02") is None
    assert await found(one_desk, new_date="soon") is None
    assert await found(one_desk, title=22) is None


async def test_where_two_rules_could_be_meant_none_is_taken(one_desk):
    _, second = await told(one_desk, rule(1, "91 FR 4544"), rule(2, "91 FR 99"))
    assert await found(one_desk) is None
    assert await found(one_desk, cites=["91 FR 4544 and 91 FR 99"]) is None
    assert await found(one_desk, cites=["91 FR 99"]) == second


async def test_a_rule_that_was_not_told_and_a_change_that_is_no_happening_lead_nowhere(one_desk):
    await told(one_desk, replace(rule(1, "91 FR 4544"), title="Potato salad marketing order", summary=""))
    assert await found(one_desk, cites=["91 FR 4544"]) is None
    assert await found(one_desk, happening="", cites=["91 FR 4544"]) is None


async def test_a_rule_that_says_nothing_of_parts_is_not_guessed(one_desk):
    await told(one_desk, rule(1, parts="15 CFR 744"), rule(2, parts=None))
    assert await found(one_desk) is None


@pytest.mark.parametrize("known", [True, False])
async def test_the_amendment_joins_the_rule_s_message_and_disturbs_nobody(one_desk, known):
    (first,) = await told(one_desk, rule(1, "91 FR 4544" if known else "", day=None))
    section = Document("wire", "744.23", "Licence requirements for AI chips", "https://wire.example/744.23")
    await one_desk.poll(rule(1, "91 FR 4544" if known else "", day=None), section)
    redline = REDLINE | {"cites": ["91 FR 4544"], "hunks": []}
    amended = replace(section, summary="A licence is required for exports of Nvidia H20 chips to China.")
    outcome = await one_desk.poll(
        amended, details={"744.23": {"redline": redline, "seat": DAY, "added": 1, "substantive": True}}
    )
    (taken,) = outcome.changes
    assert (taken.change.happening, taken.change.seat) == (DAY, f"744.23@{DAY}")
    assert (taken.story == first) is known
    assert [revision.op.value for revision in outcome.revisions] == (["edit"] if known else ["post"])
