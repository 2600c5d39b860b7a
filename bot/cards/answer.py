"""A status answer as cards read it: from the knowledge itself, or from the JSON that the command line prints."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bot.knowledge.status import LayerStatus, Status
    from bot.knowledge.wording import Said


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of an answer: its English text and, where it comes from the knowledge itself, its catalogue key with
    values, so that other languages can say it. Countries among the values are codes, marked by `places`."""

    text: str
    key: str = ""
    values: Mapping[str, object] = field(default_factory=dict)
    places: frozenset[str] = frozenset()

    @classmethod
    def of(cls, said: Said) -> Sentence:
        """From a sentence of the knowledge."""
        from bot.knowledge.countries import Country

        places = frozenset(name for name, value in said.values.items() if isinstance(value, Country))
        values = {name: v.code if isinstance(v, Country) else v for name, v in said.values.items()}
        return cls(said.text, said.key, values, places)


@dataclass(frozen=True, slots=True)
class Cited:
    """Where a fact can be read; the day of the source is None where it is not known."""

    title: str
    url: str | None
    day: date | None


@dataclass(frozen=True, slots=True)
class Layer:
    """The status of one layer. `until` is exclusive, None while it is open."""

    status: str
    since: date | None
    until: date | None
    reason: Sentence
    citations: tuple[Cited, ...]
    confidence: str


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer; places are ISO codes, what was not asked is None."""

    chip: str
    destination: str
    on: date
    export: Layer | None
    side: Layer | None
    tpp: float | None
    pd: float | None
    paragraph: str | None
    conditions: tuple[Sentence, ...]
    notes: tuple[Sentence, ...]
    branches: tuple[tuple[Sentence, str], ...]
    reported_since: tuple[Mapping[str, Any], ...]
    ledger_as_of: date
    known_on: date | None = None
    buyer_hq: str | None = None
    shipped_from: str | None = None
    end_user: str | None = None


def answer_of(answer: Mapping[str, Any] | Status, reported_since: Sequence[Mapping[str, Any]] = ()) -> Answer:
    """An answer from the command line's JSON (its sentences are English), or from the knowledge (every language).

    `reported_since` is what the store adds; the JSON brings its own.
    """
    if isinstance(answer, Mapping):
        return _of_json(answer)
    classification = answer.classification.json()
    return Answer(
        chip=answer.chip.name,
        destination=answer.destination.code,
        on=answer.on,
        export=_layer(answer.us_export),
        side=_layer(answer.destination_side),
        tpp=classification["tpp"],
        pd=classification["pd"],
        paragraph=classification["paragraph"],
        conditions=tuple(Sentence.of(said) for said in answer.conditions),
        notes=tuple(Sentence.of(said) for said in answer.notes),
        branches=tuple((Sentence.of(branch.condition), str(branch.status)) for branch in answer.branches),
        reported_since=tuple(reported_since),
        ledger_as_of=answer.ledger_as_of,
        known_on=answer.known_on,
        buyer_hq=answer.buyer_hq,
        shipped_from=answer.shipped_from,
        end_user=answer.end_user,
    )


def _layer(layer: LayerStatus | None) -> Layer | None:
    if layer is None:
        return None
    cited = tuple(Cited(c.title, c.url, c.date) for c in layer.citations)
    return Layer(str(layer.name), layer.since, layer.until, Sentence.of(layer.reason), cited, layer.confidence)


def _of_json(found: Mapping[str, Any]) -> Answer:
    layers, numbers = found["layers"], found.get("classification") or {}
    return Answer(
        chip=found["chip"],
        destination=found["destination"],
        on=date.fromisoformat(found["on"]),
        export=_layer_of_json(layers.get("us_export")),
        side=_layer_of_json(layers.get("destination_side")),
        tpp=numbers.get("tpp"),
        pd=numbers.get("pd"),
        paragraph=numbers.get("paragraph"),
        conditions=tuple(Sentence(text) for text in found.get("conditions", ())),
        notes=tuple(Sentence(text) for text in found.get("notes", ())),
        branches=tuple((Sentence(branch["if"]), branch["status"]) for branch in found.get("branches", ())),
        reported_since=tuple(found.get("reported_since", ())),
        ledger_as_of=date.fromisoformat(found["ledger_as_of"]),
        known_on=_day(found.get("known_on")),
        buyer_hq=found.get("buyer_hq"),
        shipped_from=found.get("from"),
        end_user=found.get("end_user"),
    )


def _layer_of_json(found: Mapping[str, Any] | None) -> Layer | None:
    if found is None:
        return None
    cited = tuple(Cited(c["title"], c.get("url"), _day(c.get("date"))) for c in found.get("citations", ()))
    reason = Sentence(found.get("reason", ""))
    confidence = found.get("confidence", "confirmed")
    return Layer(found["status"], _day(found.get("since")), _day(found.get("until")), reason, cited, confidence)


def _day(text: str | None) -> date | None:
    """A day of the JSON; one that is only a month or a year has no day."""
    return date.fromisoformat(text[:10]) if text and len(text) >= 10 else None
