"""Proofreading a ledger: what must hold before its events may stand behind an answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import pairwise
from urllib.parse import urlsplit

from bot.knowledge.event import Effect, Event, Layer
from bot.knowledge.ledger import MARKER_3A090, WORLD, Pair, in_order
from bot.knowledge.statuses import StatusName

COPIES = frozenset(
    {
        "federalstatelaw.com", "frtracker.app", "open-gov.usebase.io", "regulations.justia.com", "regulations.vlex.com",
        "thefederalregister.org", "vuink.com", "web.archive.org", "archive.ph",
    }
)  # fmt: skip
"""Hosts that show other publishers' texts: they are no citation."""

MAX_LINK_CHAIN = 200
"""Events that one effect may stand on, one linked to the other; a longer chain is a mistake."""

_DESTINATION_SIDE = frozenset(
    {
        StatusName.BARS_IMPORT,
        StatusName.DISCOURAGES,
        StatusName.CONDITIONAL,
        StatusName.ONWARD_PERMIT,
        StatusName.HALT_UNCONFIRMED,
    }
)


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with an event: its id, the field, and one sentence for the maintainer."""

    event: str
    field: str
    message: str

    def __str__(self) -> str:
        return f"{self.event}: {self.field}: {self.message}"


def check(
    events: Iterable[Event],
    known_chip: Callable[[str], bool] | None = None,
    standing: Iterable[Event] = (),
) -> list[Problem]:
    """Everything that is wrong with `events`, laid over the events that stand already; empty when they may go in.

    `known_chip` says whether a name is a canonical chip or family; without it names are not looked up. An event with
    the id of a standing one replaces it. An effect may follow another on the same layer, chip and destination only
    where its event is linked to the event before, directly or through others.
    """
    new = list(events)
    everything = {event.id: event for event in standing} | {event.id: event for event in new}
    times = Counter(event.id for event in new)
    problems = [Problem(identity, "id", "given twice") for identity, count in times.items() if count > 1]
    for event in new:
        problems += _dates(event)
        problems += _citations(event)
        problems += _names(event, known_chip)
        problems += _links(event, everything)
        problems += _effects(event)
    return problems + _overlaps({event.id for event in new}, everything)


def _dates(event: Event) -> list[Problem]:
    found = []
    if event.public_from < event.announced:
        found.append(("public_from", "before the day it was announced"))
    if event.until and event.until <= (event.effective or event.announced):
        found.append(("until", "not after its first day; `until` is the first day that is free again"))
    if event.scheduled and event.effective is None:
        found.append(("effective", "a scheduled event needs the day on which it is due"))
    if event.scheduled and event.effects:
        found.append(("effect", "what is only foreseen makes no status; record what happened when it has happened"))
    for effect in event.effects:
        first = event.effective or event.announced
        if effect.begins < first:
            found.append(("begins", f"{effect.begins} is before the event itself, {first}; state `effective`"))
        if effect.ends and effect.ends <= effect.begins:
            found.append(("ends", "not after its first day; `ends` is the first day that is free again"))
        if effect.ends_public_from and effect.ends is None:
            found.append(("ends_public_from", "the day on which an end became known, of an effect without end"))
        if effect.ends_public_from and effect.ends_public_from < event.public_from:
            found.append(("ends_public_from", "before the event itself was public; leave it out"))
    return [Problem(event.id, field, message) for field, message in found]


def _citations(event: Event) -> list[Problem]:
    if not event.citations:
        return [Problem(event.id, "citation", "missing: what has no citation stays out of the ledger")]
    found = []
    for citation in event.citations:
        try:
            parts = urlsplit(citation.url)
        except ValueError:
            found.append(f"{citation.url!r} is no address")
            continue
        host = (parts.hostname or "").removeprefix("www.")
        if parts.scheme != "https" or "." not in host or any(mark in citation.url for mark in " <>\n\t"):
            found.append(f"{citation.url!r} should be an https address of the publisher")
        elif host in COPIES or host.startswith("stage."):
            found.append(f"{host} shows other publishers' texts; cite the publisher")
    return [Problem(event.id, "citation", message) for message in found]


def _names(event: Event, known_chip: Callable[[str], bool] | None) -> list[Problem]:
    found = [
        ("destinations", f"{place!r} should be an ISO code, WORLD, or a country group such as D:5")
        for place in (*event.origin, *event.destinations)
        if not (_is_country(place) or place in (WORLD, "EU") or _is_group(place))
    ]
    if known_chip:
        names = dict.fromkeys((*event.chips, *(chip for effect in event.effects for chip in effect.chips)))
        unknown = [name for name in names if name != MARKER_3A090 and not known_chip(name)]
        found += [("chips", f"{name!r} is no chip or family in the catalogue") for name in unknown]
    return [Problem(event.id, field, message) for field, message in found]


def _is_country(code: str) -> bool:
    return len(code) == 2 and code.isascii() and code.isalpha() and code.isupper()


def _is_group(name: str) -> bool:
    return len(name) == 3 and name[0] in "ABDE" and name[1] == ":" and name[2].isdigit()


def _links(event: Event, everything: dict[str, Event]) -> list[Problem]:
    found = []
    for link in event.links:
        target = everything.get(link.event)
        if target is None or target is event:
            found.append(f"{link.event!r} is no other event of the ledger")
        elif target.announced > event.announced:
            found.append(f"{link.event!r} was announced later; the later event names the earlier one")
    return [Problem(event.id, "links", message) for message in found]


def _effects(event: Event) -> list[Problem]:
    found = []
    for effect in event.effects:
        if not effect.chips or not effect.destinations:
            found.append(("effect", "names no chip or no destination"))
        strange = [place for place in effect.destinations if not _is_country(place)]
        found += [("destinations", f"{place!r}: an effect names ISO codes only") for place in strange]
        try:
            status = None if effect.status is None else StatusName(effect.status)
        except ValueError:
            found.append(("status", f"{effect.status!r} is no status name"))
            continue
        if status and (status in _DESTINATION_SIDE) is not (effect.layer is Layer.DESTINATION_SIDE):
            found.append(("layer", f"{status} belongs to the other layer"))
        if status is StatusName.HALT_UNCONFIRMED and "unconfirmed" not in effect.reason:
            found.append(("reason", "must say that it is unconfirmed"))
    return [Problem(event.id, field, message) for field, message in found]


Key = tuple[Layer, str, str]


def _overlaps(new: set[str], everything: dict[str, Event]) -> list[Problem]:
    """Effects that take another's place without a link, or stand beside one of the same day with another status."""
    found: dict[Problem, None] = {}
    for (layer, chip, place), pairs in _by_key(everything.values()).items():
        for (before, earlier), (event, effect) in pairwise(pairs):
            if event.id not in new and before.id not in new:
                continue
            where = f"{chip} to {place} on layer {layer}"
            if earlier.begins == effect.begins and before is not event and earlier.status != effect.status:
                say = f"{where}: {before.id} says {earlier.status} from the same day, {effect.begins}"
                found[Problem(event.id, "effect", say)] = None
            elif _in_force(earlier, effect) and not _stands_on(event, before, everything):
                say = f"{where}: {before.id} still holds on {effect.begins}; link to it (extends, corrects, ...)"
                found[Problem(event.id, "effect", say)] = None
    return list(found)


def _by_key(events: Iterable[Event]) -> dict[Key, tuple[Pair, ...]]:
    """The effects by layer, chip and destination. China's stand in Hong Kong's row too, where that has its own."""
    rows: dict[Key, list[Pair]] = {}
    for event in events:
        for effect in event.effects:
            for chip in effect.chips:
                for place in effect.destinations:
                    rows.setdefault((effect.layer, chip, place), []).append((event, effect))
    for layer, chip, place in list(rows):
        if place == "HK":
            rows[layer, chip, "HK"] += rows.get((layer, chip, "CN"), [])
    return {key: in_order(pairs) for key, pairs in rows.items()}


def _in_force(effect: Effect, later: Effect) -> bool:
    return effect.status is not None and (effect.ends is None or effect.ends > later.begins)


def _stands_on(event: Event, earlier: Event, everything: dict[str, Event]) -> bool:
    """Whether the event is linked to the earlier one, directly or through events between; or is the same."""
    reached: set[str] = {event.id}
    waiting = [event]
    while waiting and len(reached) <= MAX_LINK_CHAIN:
        for link in waiting.pop().links:
            if link.event not in reached and link.event in everything:
                reached.add(link.event)
                waiting.append(everything[link.event])
    return earlier.id in reached
