"""Cards that are tables or lists: the health of sources, promises with their days, the ledger's events, dates ahead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from bot.cards.card import Card, Table, Tone
from bot.cards.cutting import clean, cut_rich
from bot.cards.names import event_title
from bot.cards.quotation import safe_url
from bot.locale.catalogue import Catalogue, catalogue
from bot.locale.rich import Rich, Span
from bot.model import Health

ROWS = 20
CELL = 80
LINE_LIMIT = 440


@dataclass(frozen=True, slots=True)
class SourceHealth:
    """A source as operators see it; `checked_at` is the last good poll (UTC)."""

    name: str
    health: Health
    checked_at: datetime | None
    detail: str = ""


def sources_card(sources: Sequence[SourceHealth], language: str = "en") -> Card:
    """The health of the sources, the troubled first."""
    say = catalogue(language)
    order = list(Health)
    ranked = sorted(sources, key=lambda source: (order.index(source.health), source.name))
    rows = tuple(
        (
            clean(source.name, CELL),
            say.text(f"sources.health.{source.health}"),
            say.form.write_moment(source.checked_at) if source.checked_at else "",
            clean(source.detail, CELL),
        )
        for source in ranked[:ROWS]
    )
    healthy = sum(source.health is Health.OK for source in sources)
    header = tuple(say.text(f"sources.column.{name}") for name in ("source", "health", "checked", "detail"))
    return Card(
        title=say.say("sources.title", healthy=healthy, n=len(sources)),
        tone=Tone.NOTICE,
        language=say.language,
        table=Table(header, rows) if rows else None,
        footer=_more(say, len(sources) - ROWS),
    )


def promises_card(promises: Sequence[Mapping[str, Any]], language: str = "en") -> Card:
    """Promises, deadlines and non-enforcement with their days: rows with `made_on`, `by`, `title`, `days`, `outcome`,
    as the command line prints them; the ledger's titles are told in the reader's language."""
    say = catalogue(language)
    header = tuple(say.text(f"promises.column.{name}") for name in ("made", "by", "promise", "days", "outcome"))
    rows = tuple(
        (_day(say, row.get("made_on")), _cell(row.get("by")), _promise(say, row), _number(say, row.get("days")),
         _state(say, row.get("outcome")))
        for row in promises[:ROWS]
    )  # fmt: skip
    return Card(
        title=say.say("promises.title"),
        language=say.language,
        lines=() if rows else (say.say("promises.none"),),
        table=Table(header, rows) if rows else None,
        footer=_more(say, len(promises) - ROWS),
    )


def _promise(say: Catalogue, row: Mapping[str, Any]) -> str:
    """What was said, and which clock runs on it: one statement may start two."""
    clock = row.get("clock")
    words = f"{say.text(f'promises.clock.{clock}')}: " if clock in ("non_enforcement", "deadline") else ""
    return words + _cell(event_title(say, str(row.get("title") or "")))


def upcoming_card(dates: Sequence[Mapping[str, Any]], language: str = "en") -> Card:
    """Dates ahead and open outcomes: rows with `date`, `days`, `title`, `state`, as the command line prints them."""
    say = catalogue(language)
    header = tuple(say.text(f"upcoming.column.{name}") for name in ("date", "days", "what", "state"))
    rows = tuple(
        (_day(say, row.get("date")), _number(say, row.get("days")), due_title(say, row), _state(say, row.get("state")))
        for row in dates[:ROWS]
    )
    return Card(
        title=say.say("upcoming.title"),
        language=say.language,
        lines=() if rows else (say.say("upcoming.none"),),
        table=Table(header, rows) if rows else None,
        footer=_more(say, len(dates) - ROWS),
    )


def timeline_card(events: Sequence[Mapping[str, Any]], language: str = "en", *, rows: int = ROWS) -> Card:
    """Events of the ledger, oldest first, each with its first citation: rows as `chipwatch timeline --json` prints
    them, the newest `rows` of them, the titles in the reader's language."""
    say = catalogue(language)
    lines = tuple(cut_rich(_event(say, event), LINE_LIMIT) for event in events[-rows:])
    return Card(
        title=say.say("timeline.title", n=len(events)),
        language=say.language,
        lines=lines or (say.say("timeline.none"),),
        footer=_more(say, len(events) - rows),
    )


def _event(say: Catalogue, event: Mapping[str, Any]) -> Rich:
    effective = event.get("effective")
    in_force = effective if effective and effective != event.get("announced") else None
    cited: Mapping[str, Any] = next(iter(event.get("citations") or ()), {})
    name = clean(str(cited.get("title", "")), CELL)
    return say.say(
        "timeline.event",
        day=_day(say, event.get("announced")),
        title=clean(event_title(say, str(event.get("title") or "")), 200),
        in_force=_day(say, in_force),
        source=(Span(name, url=safe_url(cited.get("url"))),) if name else "",
    )


def _day(say: Catalogue, value: object) -> str:
    """A day as the language writes it; a month or a year alone stays as it is."""
    if isinstance(value, str) and len(value) >= 10:
        value = date.fromisoformat(value[:10])
    return say.form.write_date(value) if isinstance(value, date) else clean(str(value or ""), CELL)


def _number(say: Catalogue, value: object) -> str:
    return say.form.write_number(value) if isinstance(value, int | float) else clean(str(value or ""), CELL)


def due_title(say: Catalogue, row: Mapping[str, Any], most: int = CELL) -> str:
    """What is due: the event itself, or with `ends` its end; of a document what its day is for. Its own title takes at
    most so many signs."""
    title = str(row.get("title") or "")
    title = clean(event_title(say, title) if row.get("event") else title, most)
    key = f"upcoming.due.{row.get('due')}"
    if row.get("due") and say.has(key):
        return say.text(key, title=title)
    return say.text("upcoming.ends", title=title) if row.get("ends") else title


def _state(say: Catalogue, value: object) -> str:
    """How a promise or a date stands, in the reader's language; a word that is not known here stays as it is."""
    key = f"lists.state.{str(value).replace(' ', '_')}"
    return say.text(key) if say.has(key) else _cell(value)


def _cell(value: object) -> str:
    return clean(str(value or ""), CELL)


def _more(say: Catalogue, left: int) -> tuple[Rich, ...]:
    return (say.say("lists.more", n=left),) if left > 0 else ()
