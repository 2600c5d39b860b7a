"""Decides which story a document tells, what the story says now, and who is to be told: documents in, outbox rows out.

The editor keeps the stories of the last months in memory (`StoryIndex`); the store has the truth. Before each unit of
work it reads what other workers have placed since; when a unit of work fails, `forget` makes it start anew.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.model import Assessment, Change, ChangeKind, Member, Op, Revision, Story
from bot.pipeline import match
from bot.pipeline.alerts import revisions
from bot.pipeline.stories import Fingerprint, StoryIndex, fingerprint, head_of, merge_facts, story_id
from bot.sources.base import Source
from bot.sources.canonical import canonical_link
from bot.store import deliveries, stories, subscriptions
from bot.store.engine import Connection
from bot.store.records import Record

REMEMBERED = timedelta(days=120)

LawOf = Callable[[Assessment, datetime], list[Record]]
"""The law as it stands for what a story is about, from the ledger and the rules only: what a card's Law line says."""


@dataclass(slots=True)
class Editor:
    """The desk between documents and channels."""

    law_of: LawOf = lambda facts, at: []
    _index: StoryIndex | None = None
    _read_up_to: int = 0
    _touched: dict[str, Story | None] = field(default_factory=dict)
    _withdrawn: set[str] = field(default_factory=set)
    _details: dict[str, list[Record]] = field(default_factory=dict)

    def forget(self) -> None:
        """A unit of work was rolled back: what the memory learnt in it never happened."""
        self._index = None
        self._read_up_to = 0
        self._touched.clear()
        self._withdrawn.clear()
        self._details.clear()

    def place(
        self, conn: Connection, source: Source, judged: Sequence[tuple[Change, Assessment]], at: datetime
    ) -> list[str | None]:
        """Put each change's document into its story, or into a new one; the story's id for each, None for none."""
        index = self._remember(conn, at)
        self._touched.clear()
        self._withdrawn.clear()
        self._details.clear()
        return [self._place_one(conn, index, source, change, assessment, at) for change, assessment in judged]

    def _place_one(
        self,
        conn: Connection,
        index: StoryIndex,
        source: Source,
        change: Change,
        assessment: Assessment,
        at: datetime,
    ) -> str | None:
        document = replace(change.document, key=change.seat or change.document.key)
        member = Member(
            source=document.source,
            source_name=source.label,
            key=document.key,
            title=document.title,
            url=document.url,
            published=document.published,
            language=document.language or source.language,
            trust=assessment.trust,
            joined_at=at,
        )
        print_ = fingerprint(document, assessment)
        there = stories.story_of(conn, document.source, document.key) if change.before is not None else None
        if there is not None:
            self._touch(conn, there)
            stories.reseat(conn, member, assessment, print_.record())
            self._keep(there, change)
            if change.kind is ChangeKind.WITHDRAWN:
                self._withdrawn.add(there)
            return there
        if not assessment.relevant or change.kind is ChangeKind.WITHDRAWN:
            return None
        joins = None if change.seat else index.place(print_, at).story_id
        id_ = joins or story_id(document.source, change.happening or document.key)
        if joins is None and stories.row(conn, id_) is None:
            stories.begin(conn, id_, assessment, at)
        self._touch(conn, id_)
        self._read_up_to = stories.seat(conn, id_, member, assessment, print_.record())
        index.add(id_, print_, at)
        self._keep(id_, change)
        return id_

    def _keep(self, story: str, change: Change) -> None:
        """Remember what a change holds besides, for the cards."""
        if change.detail:
            self._details.setdefault(story, []).append(dict(change.detail))

    def tell(self, conn: Connection, at: datetime) -> list[Revision]:
        """The revisions of the stories that were just touched, stored and put into the outbox."""
        standing = [(match.Order.of(row.order), row) for row in subscriptions.active(conn)]
        told: list[Revision] = []
        for id_, before in self._touched.items():
            row = stories.row(conn, id_)
            assert row is not None
            after = _story(row, stories.seats(conn, id_))
            after = replace(after, grew_at=at)
            found = revisions(before, after, row.revision, at, withdrawn=id_ in self._withdrawn)
            stories.grow(conn, id_, after.facts, at, found[-1].number if found else row.revision)
            posted = deliveries.told(conn, id_) if before is not None else set()
            earlier = stories.issued(conn, id_, row.revision).details if found and row.revision else []
            details = [*earlier, *self._details.get(id_, ())]
            for revision in found:
                stories.issue(conn, revision, self.law_of(after.facts, at), details=details)
                self._address(conn, revision, standing, posted)
            told += found
        return told

    def _address(
        self,
        conn: Connection,
        revision: Revision,
        standing: Sequence[tuple[match.Order, subscriptions.SubscriptionRow]],
        told: set[int],
    ) -> None:
        """One outbox row for each channel that is to be told; `told` had the story's head before it grew."""
        urgency = revision.story.facts.severity.rank
        rows: list[tuple[str, int, int, Op, int]] = []
        for order, row in standing:
            op = match.op_for(order, revision, row.id in told)
            if op is not None:
                rows.append((revision.story.id, revision.number, row.id, op, urgency))
        deliveries.add(conn, rows, revision.at)

    def _touch(self, conn: Connection, id_: str) -> None:
        """Remember what a story said before this unit of work changed it."""
        if id_ in self._touched:
            return
        row = stories.row(conn, id_)
        seats = stories.seats(conn, id_)
        self._touched[id_] = _story(row, seats) if row and row.revision > 0 and seats else None

    def _remember(self, conn: Connection, at: datetime) -> StoryIndex:
        if self._index is None:
            self._index, self._read_up_to = StoryIndex(), 0
        oldest = at - REMEMBERED
        self._index.forget(oldest)
        for seat in stories.seats_since(conn, self._read_up_to, oldest):
            if seat.fingerprint:  # the ledger's own alerts are no documents that others could tell
                self._index.add(seat.story, Fingerprint.of_record(seat.fingerprint), seat.member.joined_at)
            self._read_up_to = seat.id
        return self._index


def _story(row: stories.StoryRow, seats: Sequence[stories.Seat]) -> Story:
    """A story as it stands: its facts are merged from its members, its head is the most trusted, then the earliest.

    A document that two sources carry (the same address) stands in it once, as the more trusted of them tells it.
    """
    seen: dict[str, Member] = {}
    for seat in sorted(seats, key=lambda seat: -seat.member.trust.rank):
        seen.setdefault(canonical_link(seat.member.url) if seat.member.url else f"#{seat.id}", seat.member)
    kept = [seat for seat in seats if seat.member in seen.values()]
    members = tuple(seat.member for seat in kept)
    return Story(row.id, row.began_at, row.grew_at, merge_facts(kept), head_of(kept).member, members)
