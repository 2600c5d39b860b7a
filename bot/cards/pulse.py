"""The card of a quiet month: that the bot is awake, what it read, who answers, what is next, what nobody answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from bot.cards.card import Card
from bot.cards.cutting import clean, cut_rich
from bot.cards.tables import SourceHealth, due_title
from bot.locale.catalogue import Catalogue, catalogue
from bot.locale.rich import Rich
from bot.model import Health, Severity

LINE_LIMIT = 440
TROUBLED = 3
TITLE = 90
QUIET_DAYS = 2
"""From so many days without a story on it is called quiet."""


class Counted(Protocol):
    """What was read since the last story; None where there has been none."""

    @property
    def last(self) -> datetime | None: ...
    @property
    def documents(self) -> int: ...
    @property
    def relevant(self) -> int: ...
    @property
    def highest(self) -> Severity | None: ...


@dataclass(frozen=True, slots=True)
class Beat:
    """What the card tells. `dates` and `unanswered` are rows as `upcoming` prints them; `ear` is when a part of the EAR
    was last seen to change, None where nobody reads them."""

    counted: Counted
    sources: tuple[SourceHealth, ...]
    dates: Sequence[Mapping[str, Any]]
    unanswered: Sequence[Mapping[str, Any]]
    ear: datetime | None = None
    ear_title: str = ""


def pulse_card(beat: Beat, language: str = "en", *, now: datetime) -> Card:
    """The card, as of `now` (UTC)."""
    say = catalogue(language)
    last = beat.counted.last
    quiet = last is None or (now - last).days >= QUIET_DAYS
    lines = [
        _read(say, beat.counted, now),
        _sources(say, beat.sources, now),
        say.say("pulse.ear", day=beat.ear, title=clean(beat.ear_title, 100)) if beat.ear else (),
        _dates(say, beat.dates),
        _unanswered(say, beat.unanswered),
    ]
    return Card(
        title=say.say("pulse.quiet" if quiet else "pulse.awake"),
        language=say.language,
        lines=tuple(cut_rich(line, LINE_LIMIT) for line in lines if line),
    )


def _read(say: Catalogue, counted: Counted, now: datetime) -> Rich:
    highest = say.text(f"names.severity.{counted.highest}") if counted.highest else ""
    if counted.last is None:
        return say.say("pulse.never", documents=counted.documents, n=counted.relevant, highest=highest)
    days = (now - counted.last).days
    last = say.text("pulse.last", n=days) if days else say.text("pulse.last_today")
    return say.say("pulse.read", last=last, documents=counted.documents, relevant=counted.relevant, highest=highest)


def _sources(say: Catalogue, sources: Sequence[SourceHealth], now: datetime) -> Rich:
    if not sources:
        return say.say("pulse.no_sources")
    troubled = [source for source in sources if source.health.troubled]
    names = [
        say.text(
            "pulse.troubled",
            name=clean(source.name, 48),
            health=say.text(f"pulse.health.{source.health}"),
            days=(now - source.checked_at).days if source.checked_at else "",
        )
        for source in troubled[:TROUBLED]
    ]
    healthy, rest = (sum(source.health is health for source in sources) for health in (Health.OK, Health.RESTING))
    resting = say.text("pulse.resting", n=rest) if rest else ""
    return say.say("pulse.sources", healthy=healthy, n=len(sources), resting=resting, troubled="; ".join(names))


def _dates(say: Catalogue, dates: Sequence[Mapping[str, Any]]) -> Rich:
    listed = [say.text("pulse.date", day=_day(row), title=due_title(say, row, TITLE)) for row in dates]
    return say.say("pulse.dates", dates=" · ".join(listed)) if listed else ()


def _unanswered(say: Catalogue, dates: Sequence[Mapping[str, Any]]) -> Rich:
    listed = [say.text("pulse.open", day=_day(row), title=due_title(say, row, TITLE), n=-row["days"]) for row in dates]
    return say.say("pulse.unanswered", dates=" · ".join(listed)) if listed else ()


def _day(row: Mapping[str, Any]) -> date:
    return date.fromisoformat(row["date"])
