"""Stories made by hand for the tests of cards: the facts of July 2025, told by outlets that do not exist."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from bot.cards.card import Card, plain
from bot.cards.law import LawLine
from bot.model import (
    Assessment,
    Direction,
    Kind,
    Member,
    Op,
    Revision,
    Severity,
    Stage,
    Story,
    Trust,
)

LETTER = "licence_required_by_letter_approval_expected"
H20_LAW = LawLine("H20", "CN", LETTER, date(2025, 4, 9), basis_date=date(2025, 4, 9), maker="Nvidia")
BOTH_LAW = (H20_LAW, replace(H20_LAW, chip="MI308", maker="AMD"))


def member(outlet: str, title: str, day: int = 15, hour: int = 4, minute: int = 12, **more: Any) -> Member:
    """A document of an outlet, joined at a moment of July 2025."""
    at = datetime(2025, 7, day, hour, minute, tzinfo=UTC)
    key = f"{outlet}-{day}-{hour}-{minute}".lower().replace(" ", "-")
    made = Member(
        source=outlet.lower().replace(" ", "-"),
        source_name=outlet,
        key=key,
        title=title,
        url=f"https://{outlet.lower().replace(' ', '-')}.example/{day}",
        published=at,
        language="en",
        trust=Trust.PRESS,
        joined_at=at,
    )
    return replace(made, **more)


def facts(kind: Kind = Kind.LICENCE_GRANTED, stage: Stage | None = Stage.PROMISED, **more: Any) -> Assessment:
    """What a story is about: unless said otherwise, the promise of July 2025."""
    made = Assessment(
        relevant=True,
        score=0.9,
        chips=("H20",),
        companies=("Nvidia",),
        origin=("US",),
        destinations=("CN",),
        kind=kind,
        direction=Direction.RELAXES,
        trust=Trust.COMPANY,
        severity=Severity.HIGH,
        stage=stage,
    )
    return replace(made, **more)


def story(about: Assessment, *members: Member) -> Story:
    """A story of these documents; the first is its head."""
    return Story("s-1", members[0].joined_at, members[-1].joined_at, about, members[0], members)


def revision(told: Story, op: Op = Op.POST, rise: tuple[str, ...] = ()) -> Revision:
    """What channels are told of a story."""
    return Revision(told, {Op.POST: 1, Op.EDIT: 2, Op.REPLY: 3}[op], op, told.grew_at, rise)


FACTS = (
    "op",
    "story",
    "revision",
    "at",
    "platform",
    "channel",
    "documents",
    "chips",
    "companies",
    "origin",
    "destinations",
    "kind",
    "direction",
    "trust",
    "severity",
)
"""The keys of a message for machines, beside its card, in their order."""

FIRST_DAY = (
    member("Nvidia", "Applications to sell the H20 in China are on file again", trust=Trust.COMPANY),
    member("Chip Courier", "Nvidia says that H20 licences were promised", hour=5),
    member("Demo Wire", "Nvidia expects to sell the H20 in China again", hour=5, minute=40),
    member("Demo-Nachrichten", "Nvidia rechnet mit Genehmigungen für den H20", hour=6, language="de"),
)

DAY_THREE = (
    *FIRST_DAY,
    member("AMD", "MI308 applications move to review", hour=14, trust=Trust.COMPANY),
    *(member(f"Paper {n}", f"A Washington voice on the H20, part {n}", day=16, hour=n + 1) for n in range(4)),
    member("演示通讯", "英伟达将恢复对华销售H20", day=16, hour=9, language="zh"),
    member("Handelskurier", "H20: Washington nennt seltene Erden", day=16, hour=10, language="de"),
)

FIRST = story(facts(), *FIRST_DAY)
THIRD = story(facts(chips=("H20", "MI308")), *DAY_THREE)


def words(card: Card) -> str:
    """A card as the lines of plain text that a reader sees."""
    table = [card.table.header, *card.table.rows] if card.table else []
    return "\n".join(
        [
            *([plain(card.marks)] if card.marks else []),
            plain(card.title),
            *(plain(line) for line in card.lines),
            *(" | ".join(row) for row in table),
            *(plain(line) for line in card.footer),
            " ".join(f"[{button.label}]" for button in card.buttons),
            "",
        ]
    )
