"""A story from its members: its head, its facts, and what rose since it was last told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Protocol, TypeVar

from bot.clock import as_utc
from bot.model import INFERRED, OWN_NAME, Assessment, Binding, Direction, FactChange, Kind, Member, Severity, Trust
from bot.pipeline.assess.severity import severity_of
from bot.pipeline.assess.trust import unbinding

HEADED = 2
"""How many texts of the press must be headed by a chip before it counts."""


class Seated(Protocol):
    """A document in a story with what it was assessed to be."""

    @property
    def member(self) -> Member: ...

    @property
    def assessment(self) -> Assessment: ...


Someone = TypeVar("Someone", bound=Seated)


def head_of(members: Sequence[Someone]) -> Someone:
    """The member that speaks for the story: the most trusted, then the earliest, then by source and key. An analysis
    speaks for it only where nobody as trusted tells the thing itself."""
    return min(members, key=_precedence)


def _precedence(seated: Seated) -> tuple[int, bool, datetime, str, str]:
    member = seated.member
    published = member.published or member.joined_at
    if not isinstance(published, datetime) and isinstance(published, date):
        published = datetime(published.year, published.month, published.day)  # noqa: DTZ001  as_utc adds the zone
    return -member.trust.rank, seated.assessment.kind is Kind.ANALYSIS, as_utc(published), member.source, member.key


def merge_facts(members: Sequence[Seated]) -> Assessment:
    """The story's own assessment: kind and direction of its head, the furthest stage its side tells, what many name.

    A chip, company or place counts when the head or at least a third of the members name it; a chip also when a text of
    a company or authority is headed by it, or two of others. A place that texts only imply gives way to those named.
    """
    head = head_of(members).assessment
    same = [seated.assessment for seated in members if seated.assessment.direction is head.direction]
    stages = [
        facts.stage for facts in same if facts.stage and facts.trust.rank >= min(head.trust.rank, Trust.PRESS.rank)
    ]
    stage = max(stages, key=lambda stage: stage.rank, default=head.stage)
    trust = max((seated.assessment.trust for seated in members), key=lambda trust: trust.rank)
    everyone = [seated.assessment for seated in members]
    if trust is Trust.OFFICIAL and all(OWN_NAME in f.reasons for f in everyone if f.trust is Trust.OFFICIAL):
        stage = unbinding(stage)  # nobody but a person has said officially what others tell as done
    chips = _shared(head.chips, [facts.chips for facts in everyone], _headed_by(everyone, head))
    destinations = _named(head, everyone) or _shared(head.destinations, [facts.destinations for facts in everyone])
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
        binding=Binding(
            chips=head.binding.chips,
            effective=_settled(members, "effective"),
            thresholds=_settled(members, "thresholds"),
            amounts=_settled(members, "amounts"),
            conditions=_settled(members, "conditions"),
        ),
    )


def _named(head: Assessment, everyone: Sequence[Assessment]) -> tuple[str, ...]:
    """The destinations of a story by the texts that name them; none where none does. Only China is implied."""

    def told(facts: Assessment) -> list[str]:
        return [code for code in facts.destinations if code != "CN" or INFERRED not in facts.reasons]

    return _shared(told(head), [told(facts) for facts in everyone])


def _headed_by(everyone: Sequence[Assessment], head: Assessment) -> frozenset[str]:
    """Chips that a company's or authority's own text is headed by, or the texts of two members. What tells the other
    way, or analyses, is left out: it names chips to compare with."""
    counts: Counter[str] = Counter()
    for facts in everyone:
        if facts.kind is not Kind.ANALYSIS and facts.direction is head.direction:
            weight = HEADED if facts.trust.rank >= Trust.COMPANY.rank else 1
            counts.update(dict.fromkeys(facts.binding.chips, weight))
    return frozenset(chip for chip, weight in counts.items() if weight >= HEADED)


def _settled(members: Sequence[Seated], name: str) -> tuple[str, ...]:
    """A binding fact of a story: what most of the most trusted members say that say anything of it. Of equals, among
    official texts and companies the latest counts, since they amend; among the press the earliest."""
    said = [(seated.member.trust.rank, getattr(seated.assessment.binding, name)) for seated in members]
    said = [(rank, value) for rank, value in said if value]
    if not said:
        return ()
    top = max(rank for rank, _ in said)
    values: list[tuple[str, ...]] = [value for rank, value in said if rank == top]
    counts = Counter(values)
    if top >= Trust.COMPANY.rank:
        values.reverse()
    return max(values, key=lambda value: counts[value])


def _shared(
    of_head: Iterable[str], of_all: Sequence[Iterable[str]], besides: frozenset[str] = frozenset()
) -> tuple[str, ...]:
    counts = Counter(name for names in of_all for name in set(names))
    kept = list(dict.fromkeys(of_head))
    kept += sorted(
        name
        for name, count in counts.items()
        if name not in kept and ((count * 3 >= len(of_all) and count > 1) or name in besides)
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
    if changed_facts(before, after):
        found.append("fact")
    return tuple(found)


def changed_facts(before: Assessment, after: Assessment) -> tuple[FactChange, ...]:
    """The binding facts that are new or otherwise: chips and destinations that came in, and another effective date,
    threshold, amount or condition than was told. What was not told before is no change."""
    found = []
    for fact in ("chips", "destinations"):
        old, new = getattr(before, fact), getattr(after, fact)
        if old and (came := tuple(name for name in new if name not in old)):
            found.append(FactChange(fact, (), came))
    for fact in ("effective", "thresholds", "amounts", "conditions"):
        old, new = getattr(before.binding, fact), getattr(after.binding, fact)
        if old and new and old != new:
            found.append(FactChange(fact, old, new))
    return tuple(found)
