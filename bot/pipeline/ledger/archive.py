"""Day one: the ledger's events stand in the store as archived stories, to be shown and searched, and never posted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time

from bot.knowledge.event import Event
from bot.knowledge.finding import words_of
from bot.knowledge.ledger import WORLD, Ledger
from bot.model import ARCHIVE, Assessment, Direction, Kind, Member, Severity, Stage, Story, Trust
from bot.pipeline.assess.severity import severity_of
from bot.pipeline.stories import head_of, story_id
from bot.pipeline.stories.stored import story_from
from bot.pipeline.wordlist import enter
from bot.sources.canonical import canonical_link
from bot.store import archive
from bot.store.engine import Connection

_KINDS = {
    "rule": Kind.RULE,
    "draft_rule": Kind.RULE,
    "foreign_measure": Kind.FOREIGN_MEASURE,
    "statement": Kind.STATEMENT,
    "agreement": Kind.STATEMENT,
    "licence_letter": Kind.LICENCE_REQUIREMENT,
    "entity_list_addition": Kind.ENTITY_LIST,
    "entity_list_removal": Kind.ENTITY_LIST,
    "licence_granted": Kind.LICENCE_GRANTED,
    "investigation": Kind.ENFORCEMENT,
    "enforcement": Kind.ENFORCEMENT,
    "bill": Kind.BILL,
    "suspension": Kind.RESCISSION,
    "rescission": Kind.RESCISSION,
    "guidance": Kind.GUIDANCE,
    "company_filing": Kind.FILING,
    "revenue_share": Kind.TARIFF_OR_REVENUE_SHARE,
    "tariff": Kind.TARIFF_OR_REVENUE_SHARE,
}
_OF_COMPANIES = frozenset(("company_filing", "product_announcement"))
_ACCOUNTS = frozenset((Kind.REPORT, Kind.RUMOUR, Kind.FILING, Kind.STATEMENT, Kind.ENFORCEMENT))


def keep_archive(conn: Connection, ledger: Ledger, now: datetime) -> int:
    """Bring the archived stories in step with the ledger: how many were stored, changed or removed.

    What nobody outside could know by `now`, and what is only foreseen, is not in it. Ids come from the events' ids.
    """
    wanted = {story.id: story for story in _stories(ledger.events, now)}
    there = {row.id: story_from(row, seats) for row, seats in archive.stored(conn) if seats}
    changed = [id_ for id_ in there if wanted.get(id_) != there[id_]]
    for id_ in changed:
        archive.remove(conn, id_)
    fresh = [story for id_, story in wanted.items() if there.get(id_) != story]
    for story in fresh:
        archive.store(conn, story)
        enter(conn, story)
    return len({*changed, *(story.id for story in fresh)})


def _stories(events: Iterable[Event], now: datetime) -> Iterator[Story]:
    for event in events:
        if not event.scheduled and event.public_from <= now.date():
            yield archived(event)


def archived(event: Event) -> Story:
    """An event as a story: its citations are the documents."""
    at = datetime.combine(event.public_from, time(), UTC)
    facts = _facts(event)
    members: dict[str, Member] = {}
    for number, cited in enumerate(event.citations):
        published = cited.date or event.announced
        key = f"{event.id}#{number}"
        member = Member(ARCHIVE, cited.title, key, event.title, cited.url, published, "en", facts.trust, at)
        members.setdefault(canonical_link(cited.url), member)
    everyone = tuple(members.values())
    head = head_of([_Cited(member, facts) for member in everyone]).member
    return Story(story_id(ARCHIVE, event.id), at, at, facts, head, everyone, archive=True)


@dataclass(frozen=True, slots=True)
class _Cited:
    member: Member
    assessment: Assessment


def _facts(event: Event) -> Assessment:
    rumour = event.direction == "rumour"
    kind = Kind.RUMOUR if rumour else _KINDS.get(event.kind, Kind.REPORT)
    if kind is Kind.ENFORCEMENT and event.origin and "US" not in event.origin:
        kind = Kind.FOREIGN_MEASURE
    chips = _named("chips.", event.chips)
    destinations = tuple(place for place in event.destinations if place != WORLD)
    trust, stage = _trust(event, kind), _stage(event, kind)
    direction = {"restricts": Direction.RESTRICTS, "relaxes": Direction.RELAXES}.get(event.direction, Direction.NONE)
    severity = Severity.LOW if rumour else severity_of(kind, stage, trust, chips, destinations)
    return Assessment(
        relevant=True,
        score=1.0,
        chips=chips,
        companies=_named("companies.", event.actors, only=True),
        origin=tuple(place for place in event.origin if place != WORLD),
        destinations=destinations,
        kind=kind,
        direction=direction,
        trust=trust,
        severity=severity,
        stage=stage,
    )


def _named(section: str, names: Iterable[str], *, only: bool = False) -> tuple[str, ...]:
    """Names of the ledger as documents are labelled with them (MI308 for MI308X), without its markers; with `only`
    just those that stand in the section."""
    found = []
    for name in names:
        known = sorted(word.removeprefix(section) for word in words_of(name) if word.startswith(section))
        if known:
            found.append(known[0])
        elif not only and not name.startswith("@"):
            found.append(name)
    return tuple(dict.fromkeys(found))


def _trust(event: Event, kind: Kind) -> Trust:
    if kind is Kind.RUMOUR:
        return Trust.RUMOUR
    if event.kind in _OF_COMPANIES:
        return Trust.COMPANY
    return Trust.PRESS if event.kind == "press_report" or event.confidence != "confirmed" else Trust.OFFICIAL


def _stage(event: Event, kind: Kind) -> Stage | None:
    if kind is Kind.BILL or event.kind == "draft_rule" or event.direction == "announces_intent":
        return Stage.PROPOSED
    if kind in _ACCOUNTS:
        return None
    if kind is Kind.LICENCE_GRANTED:
        return Stage.ISSUED
    return Stage.IN_FORCE if event.effective is not None else Stage.ANNOUNCED
