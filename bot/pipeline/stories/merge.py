"""A story from its members: its head, its facts, and what rose since it was last told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Protocol, TypeVar

from bot.clock import as_utc
from bot.model import Assessment, Direction, Member, Severity, Trust
from bot.pipeline.assess.severity import severity_of


class Seated(Protocol):
    """A document in a story with what it was assessed to be."""

    @property
    def member(self) -> Member: ...

    @property
    def assessment(self) -> Assessment: ...


Someone = TypeVar("Someone", bound=Seated)


def head_of(members: Sequence[Someone]) -> Someone:
    """The member that speaks for the story: the most trusted, then the earliest, then by source and key."""
    return min(members, key=_precedence)


def _precedence(seated: Seated) -> tuple[int, datetime, str, str]:
    member = seated.member
    published = member.published or member.joined_at
    if not isinstance(published, datetime) and isinstance(published, date):
        published = datetime(published.year, published.month, published.day)  # noqa: DTZ001  as_utc adds the zone
    return -member.trust.rank, as_utc(published), member.source, member.key


def merge_facts(members: Sequence[Seated]) -> Assessment:
    """The story's own assessment: kind and direction of its head, the furthest stage its side tells, what many name.

    A chip, company or place counts when the head or at least a third of the members name it.
    """
    head = head_of(members).assessment
    same = [seated.assessment for seated in members if seated.assessment.direction is head.direction]
    stages = [
        facts.stage for facts in same if facts.stage and facts.trust.rank >= min(head.trust.rank, Trust.PRESS.rank)
    ]
    stage = max(stages, key=lambda stage: stage.rank, default=head.stage)
    trust = max((seated.assessment.trust for seated in members), key=lambda trust: trust.rank)
    everyone = [seated.assessment for seated in members]
    chips = _shared(head.chips, [facts.chips for facts in everyone])
    destinations = _shared(head.destinations, [facts.destinations for facts in everyone])
    severity = severity_of(head.kind, stage, trust, chips, destinations)
    if all(facts.severity is Severity.LOW for facts in everyone):
        severity = Severity.LOW  # what a publisher calls editorial gains no weight by its kind
    return Assessment(
        relevant=any(facts.relevant for facts in everyone),
        score=max(facts.score for facts in everyone),
        chips=chips,
        companies=_shared(head.companies, [facts.companies for facts in everyone]),
        origin=_shared(head.origin, [facts.origin for facts in everyone]),
        destinations=destinations,
        kind=head.kind,
        direction=head.direction,
        trust=trust,
        severity=severity,
        stage=stage,
        reasons=head.reasons,
    )


def _shared(of_head: Iterable[str], of_all: Sequence[Iterable[str]]) -> tuple[str, ...]:
    counts = Counter(name for names in of_all for name in set(names))
    kept = list(dict.fromkeys(of_head))
    kept += sorted(
        name for name, count in counts.items() if name not in kept and count * 3 >= len(of_all) and count > 1
    )
    return tuple(kept)


def rises(before: Assessment, after: Assessment) -> tuple[str, ...]:
    """What is worth a reply: a rise of trust, stage or severity, a turn of direction, another chip or destination."""
    found = []
    if after.trust.rank > before.trust.rank:
        found.append("trust")
    if after.stage and (before.stage is None or after.stage.rank > before.stage.rank):
        found.append("stage")
    if after.severity.rank > before.severity.rank:
        found.append("severity")
    if after.direction is not before.direction and Direction.NONE not in (before.direction, after.direction):
        found.append("direction")
    binding = ((before.chips, after.chips), (before.destinations, after.destinations))
    if any(old and set(new) != set(old) for old, new in binding):
        found.append("fact")
    return tuple(found)
