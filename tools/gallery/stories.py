"""The stories of the gallery: the facts of July 2025 and January 2026, told by outlets that do not exist."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from bot.model import Assessment, Direction, Kind, Member, Op, Revision, Severity, Stage, Story, Trust

RULE = "https://www.federalregister.gov/d/2026-00789"


def _member(outlet: str, title: str, at: datetime, trust: Trust = Trust.PRESS, language: str = "en") -> Member:
    slug = outlet.lower().replace(" ", "-")
    url = f"https://{slug}.example/{at:%Y-%m-%d}"
    return Member(slug, outlet, f"{slug}-{at:%d-%H}", title, url, at, language, trust, at)


def _july(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2025, 7, day, hour, minute, tzinfo=UTC)


PROMISE = Assessment(
    relevant=True,
    score=0.9,
    chips=("H20",),
    companies=("Nvidia",),
    origin=("US",),
    destinations=("CN",),
    kind=Kind.LICENCE_GRANTED,
    direction=Direction.RELAXES,
    trust=Trust.COMPANY,
    severity=Severity.HIGH,
    stage=Stage.PROMISED,
)
BOTH = replace(PROMISE, chips=("H20", "MI308X"), companies=("Nvidia", "AMD"))
JANUARY = Assessment(
    relevant=True,
    score=1.0,
    chips=("H200", "H100", "MI325X"),
    companies=(),
    origin=("US",),
    destinations=("CN", "MO"),
    kind=Kind.RULE,
    direction=Direction.RELAXES,
    trust=Trust.OFFICIAL,
    severity=Severity.CRITICAL,
    stage=Stage.IN_FORCE,
)

FIRST_DAY = (
    _member("Nvidia", "Applications to sell the H20 in China are on file again", _july(15, 4, 12), Trust.COMPANY),
    _member("Chip Courier", "Nvidia says that H20 licences were promised", _july(15, 5)),
    _member("Beispielblatt", "Nvidia rechnet mit Genehmigungen für den H20", _july(15, 6), language="de"),
)
SECOND_DAY = (
    *FIRST_DAY,
    _member("AMD", "MI308 applications move to review", _july(15, 14), Trust.COMPANY),
    _member("Demo Wire", "After the H20, the MI308: AMD expects licences too", _july(16, 9)),
)
GAZETTE = Member(
    "federal-register-bis",
    "Federal Register",
    "2026-00789",
    "Revision to License Review Policy for Advanced Computing Commodities",
    RULE,
    datetime(2026, 1, 15, tzinfo=UTC),
    "en",
    Trust.OFFICIAL,
    datetime(2026, 1, 15, 13, 47, tzinfo=UTC),
)


def _revision(about: Assessment, members: tuple[Member, ...], op: Op, rise: tuple[str, ...] = ()) -> Revision:
    began, grew = members[0].joined_at, members[-1].joined_at
    story = Story("s-gallery", began, grew, about, members[0], members)
    return Revision(story, 1 if op is Op.POST else 2, op, grew, rise)


SAID = _revision(PROMISE, FIRST_DAY, Op.POST)
GROWN = _revision(BOTH, SECOND_DAY, Op.EDIT)
RISEN = _revision(BOTH, SECOND_DAY, Op.REPLY, ("fact",))
LAW = _revision(JANUARY, (GAZETTE,), Op.POST)
