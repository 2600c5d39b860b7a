"""What recording an event changes in the answers, and the alert that says so: computed, never written."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.knowledge.consequences import Consequences, answers_of, days_of, flips
from bot.knowledge.event import Event
from bot.knowledge.library import Knowledge
from bot.model import LEDGER, Assessment, Direction, Kind, Member, Op, Revision, Severity, Stage, Story, Trust
from bot.pipeline.match import op_in
from bot.pipeline.stories import story_id
from bot.store import deliveries, revisions, stories, subscriptions
from bot.store.engine import Connection

_DIRECTIONS = {"restricts": Direction.RESTRICTS, "relaxes": Direction.RELAXES}


def consequences_of(before: Knowledge, after: Knowledge, event: Event) -> tuple[Consequences, ...]:
    """Which answers flip through an event, for each day on which it begins or ends to change something."""
    chips = [chip.name for chip in after.chips.values()]
    return tuple(flips(answers_of(before), answers_of(after), chips, after.classes(), day) for day in days_of(event))


def post_consequences(conn: Connection, event: Event, found: Sequence[Consequences], at: datetime) -> Revision | None:
    """Put the alert of an event's consequences into the outbox; None when no answer flips."""
    groups = [group for consequences in found for group in consequences.groups]
    id_ = story_id(LEDGER, event.id)
    if not groups or stories.row(conn, id_) is not None:
        return None
    citation = event.citations[0]
    member = Member(LEDGER, LEDGER, event.id, event.title, citation.url, event.announced, "en", Trust.OFFICIAL, at)
    facts = Assessment(
        relevant=True,
        score=1.0,
        chips=tuple(dict.fromkeys(chip for group in groups for chip in group.chips)),
        origin=event.origin,
        destinations=tuple(dict.fromkeys(place for group in groups for place in group.destinations)),
        kind=Kind.RULE,
        direction=_DIRECTIONS.get(event.direction, Direction.NONE),
        trust=Trust.OFFICIAL,
        severity=Severity.CRITICAL,
        stage=Stage.IN_FORCE,
    )
    revision = Revision(Story(id_, at, at, facts, member, (member,)), 1, Op.POST, at)
    stories.begin(conn, id_, facts, at)
    stories.seat(conn, id_, member, facts, {})
    stories.grow(conn, id_, facts, at, 1)
    revisions.issue(conn, revision, [], flips=[group.json() for group in groups])
    wanted = [
        id_
        for same in subscriptions.addressed(conn)
        if op_in(same.order, revision, told=False) is Op.POST
        for id_ in same.ids
    ]
    deliveries.add(conn, [deliveries.Born(id_, 1, Op.POST, facts.severity.rank, sorted(wanted))], at)
    return revision
