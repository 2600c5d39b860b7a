"""One entry of the ledger as text: an event read from its TOML table, and written back."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from bot.clock import iso
from bot.knowledge.event import Citation, Effect, Event, Layer, Link

KINDS = frozenset(
    {
        "agreement", "bill", "company_filing", "draft_rule", "enforcement", "entity_list_addition",
        "entity_list_removal", "foreign_measure", "guidance", "investigation", "licence_granted", "licence_letter",
        "press_report", "product_announcement", "report", "rescission", "revenue_share", "rule", "statement",
        "suspension", "tariff",
    }
)  # fmt: skip
"""What an event can be. `rule`, `rescission` and `suspension` are published law; the others are acts on single firms,
acts of other governments, or words."""

DIRECTIONS = frozenset({"restricts", "relaxes", "clarifies", "announces_intent", "rumour"})
CONFIDENCES = frozenset({"confirmed", "single_source", "uncertain"})
RELATIONS = frozenset({"promises", "fulfils", "suspends", "extends", "corrects", "rescinds", "narrows", "ends"})
"""How an event stands to an earlier one: `promises` an act about it, `fulfils` a promise, `ends` it on a foreseen day.
The others say what they are: `suspends`, `extends`, `corrects`, `rescinds`, `narrows`."""

_DAYS = ("announced", "effective", "public_from", "until")
_WORDS = ("id", "title", "kind", "summary", "direction", "confidence", "note")
_LISTS = ("actors", "chips", "origin", "destinations")
_FIELDS = frozenset((*_DAYS, *_WORDS, *_LISTS, "scheduled", "citation", "effect", "links"))
_EFFECT_FIELDS = frozenset({"layer", "status", "chips", "destinations", "begins", "ends", "ends_public_from", "reason"})
_ID = re.compile(r"[a-z0-9][a-z0-9.-]{2,79}")


class EntryError(ValueError):
    """An event's table cannot be read: `field` says where, the message what would be right."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(f"{field}: {message}")
        self.field = field
        self.message = message


def event_from(table: Mapping[str, Any]) -> Event:
    """The event that a TOML table `[[event]]` says. `public_from` is the day it was announced unless stated.

    Raises EntryError for a missing or unknown field, a day that is no day, and a word outside its list.
    """
    _known(table, _FIELDS, "event")
    announced = _day(table, "announced")
    if announced is None:
        raise EntryError("announced", "the day it was said or signed is missing, as YYYY-MM-DD")
    identity = _word(table, "id")
    if not _ID.fullmatch(identity):
        raise EntryError(
            "id", f"{identity!r} should be small letters, digits and hyphens, such as 2025-04-15-h20-letter"
        )
    return Event(
        id=identity,
        title=_word(table, "title"),
        announced=announced,
        public_from=_day(table, "public_from") or announced,
        kind=_one_of(table, "kind", KINDS),
        summary=_word(table, "summary"),
        citations=tuple(_citation(row) for row in _rows(table, "citation")),
        effective=_day(table, "effective"),
        until=_day(table, "until"),
        actors=_words(table, "actors"),
        chips=_words(table, "chips"),
        origin=_words(table, "origin"),
        destinations=_words(table, "destinations"),
        direction=_one_of(table, "direction", DIRECTIONS, "clarifies"),
        effects=tuple(_effect(row) for row in _rows(table, "effect")),
        links=tuple(_link(row) for row in _rows(table, "links")),
        scheduled=_flag(table, "scheduled"),
        confidence=_one_of(table, "confidence", CONFIDENCES, "confirmed"),
        note=_word(table, "note", ""),
    )


def citation_json(citation: Citation) -> dict[str, str | None]:
    """A citation for machines: title, url, and its day or null."""
    return {"title": citation.title, "url": citation.url, "date": iso(citation.date)}


def event_json(event: Event) -> dict[str, Any]:
    """An event for machines, as the command line and the board give it."""
    return {
        "id": event.id,
        "announced": iso(event.announced),
        "effective": iso(event.effective),
        "public_from": iso(event.public_from),
        "until": iso(event.until),
        "title": event.title,
        "actors": list(event.actors),
        "kind": event.kind,
        "chips": list(event.chips),
        "destinations": list(event.destinations),
        "effect": event.direction,
        "citations": [citation_json(citation) for citation in event.citations],
        "confidence": event.confidence,
    }


def to_toml(events: Iterable[Event]) -> str:
    """The events as TOML tables, in the form of the shipped ledger; `event_from` reads the same events back."""
    return "\n".join("\n".join(_lines(event)) + "\n" for event in events)


def _lines(event: Event) -> Iterable[str]:
    yield "[[event]]"
    yield f"id = {_text(event.id)}"
    yield f"title = {_text(event.title)}"
    yield f"announced = {event.announced.isoformat()}"
    if event.effective:
        yield f"effective = {event.effective.isoformat()}"
    if event.public_from != event.announced:
        yield f"public_from = {event.public_from.isoformat()}"
    if event.until:
        yield f"until = {event.until.isoformat()}"
    if event.scheduled:
        yield "scheduled = true"
    yield f"kind = {_text(event.kind)}"
    yield f"direction = {_text(event.direction)}"
    for name in _LISTS:
        if getattr(event, name):
            yield f"{name} = {_list(getattr(event, name))}"
    yield f"summary = {_text(event.summary)}"
    if event.confidence != "confirmed":
        yield f"confidence = {_text(event.confidence)}"
    if event.note:
        yield f"note = {_text(event.note)}"
    if event.links:
        links = ", ".join(f"{{ relation = {_text(k.relation)}, event = {_text(k.event)} }}" for k in event.links)
        yield f"links = [{links}]"
    for citation in event.citations:
        yield from ("", "[[event.citation]]", f"title = {_text(citation.title)}", f"url = {_text(citation.url)}")
        if citation.date:
            yield f"date = {citation.date.isoformat()}"
    for effect in event.effects:
        yield from ("", "[[event.effect]]", f"layer = {_text(str(effect.layer))}")
        if effect.status is not None:
            yield f"status = {_text(effect.status)}"
        yield f"chips = {_list(effect.chips)}"
        yield f"destinations = {_list(effect.destinations)}"
        yield f"begins = {effect.begins.isoformat()}"
        if effect.ends:
            yield f"ends = {effect.ends.isoformat()}"
        if effect.ends_public_from:
            yield f"ends_public_from = {effect.ends_public_from.isoformat()}"
        yield f"reason = {_text(effect.reason)}"


_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r", "\b": "\\b", "\f": "\\f"}
_SPECIAL = re.compile(r'["\\\x00-\x1f\x7f]')


def _text(value: str) -> str:
    """A TOML basic string."""
    escaped = _SPECIAL.sub(lambda m: _ESCAPES.get(m[0], f"\\u{ord(m[0]):04X}"), value)
    return f'"{escaped}"'


def _list(values: Iterable[str]) -> str:
    return f"[{', '.join(_text(value) for value in values)}]"


def _known(table: Mapping[str, Any], fields: frozenset[str], where: str) -> None:
    for name in table:
        if name not in fields:
            raise EntryError(name, f"no such field of an {where}; the fields are {', '.join(sorted(fields))}")


def _word(table: Mapping[str, Any], name: str, default: str | None = None) -> str:
    value = table.get(name, default)
    if not isinstance(value, str) or (default is None and not value.strip()):
        raise EntryError(name, "a text is missing" if value is None else "should be a text in quotation marks")
    return value


def _one_of(table: Mapping[str, Any], name: str, allowed: frozenset[str], default: str | None = None) -> str:
    value = _word(table, name, default)
    if value not in allowed:
        raise EntryError(name, f"{value!r} is none of {', '.join(sorted(allowed))}")
    return value


def _words(table: Mapping[str, Any], name: str) -> tuple[str, ...]:
    value = table.get(name, [])
    if not isinstance(value, list) or not all(isinstance(word, str) and word for word in value):
        raise EntryError(name, "should be a list of texts")
    return tuple(value)


def _rows(table: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    value = table.get(name, [])
    if not isinstance(value, list) or not all(isinstance(row, Mapping) for row in value):
        raise EntryError(name, "should be a list of tables")
    return value


def _day(table: Mapping[str, Any], name: str) -> date | None:
    value = table.get(name)
    if value is None:
        return None
    if isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise EntryError(name, f"{value!r} is no day; write YYYY-MM-DD") from None
    if not isinstance(value, date) or isinstance(value, datetime):
        raise EntryError(name, "should be a day without a time, as YYYY-MM-DD")
    return value


def _flag(table: Mapping[str, Any], name: str) -> bool:
    value = table.get(name, False)
    if not isinstance(value, bool):
        raise EntryError(name, "should be true or false")
    return value


def _citation(row: Mapping[str, Any]) -> Citation:
    _known(row, frozenset({"title", "url", "date"}), "event's citation")
    return Citation(_word(row, "title"), _word(row, "url"), _day(row, "date"))


def _link(row: Mapping[str, Any]) -> Link:
    _known(row, frozenset({"relation", "event"}), "event's link")
    return Link(_one_of(row, "relation", RELATIONS), _word(row, "event"))


def _effect(row: Mapping[str, Any]) -> Effect:
    _known(row, _EFFECT_FIELDS, "event's effect")
    begins = _day(row, "begins")
    if begins is None:
        raise EntryError("begins", "an effect without its first day is a dateless claim")
    layer = _one_of(row, "layer", frozenset(str(layer) for layer in Layer))
    return Effect(
        layer=Layer(layer),
        status=_word(row, "status") if "status" in row else None,
        chips=_words(row, "chips"),
        destinations=_words(row, "destinations"),
        begins=begins,
        reason=_word(row, "reason"),
        ends=_day(row, "ends"),
        ends_public_from=_day(row, "ends_public_from"),
    )
