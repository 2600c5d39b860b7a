"""Decides which story a document tells, what the story says now, and who is to be told: documents in, outbox rows out.

The editor keeps the stories of the last months in memory (`StoryIndex`); the store has the truth. Before each unit of
work it reads what other workers have placed since; when a unit of work fails, `forget` makes it start anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.model import Assessment, Change, ChangeKind, Member, Revision, Story
from bot.pipeline.alerts import LawOf, publish, revisions, standing_orders
from bot.pipeline.rulings import Rulings
from bot.pipeline.stories import Fingerprint, StoryIndex, fingerprint, story_id
from bot.pipeline.stories.standing import story_from
from bot.pipeline.wordlist import note
from bot.sources.base import Source
from bot.store import decisions, deliveries, stories
from bot.store.engine import Connection

REMEMBERED = timedelta(days=120)
ECHO = timedelta(days=14)
"""How long after a correction its story's like is taken for its echo."""


@dataclass(slots=True)
class Editor:
    """The desk between documents and channels."""

    law_of: LawOf = lambda facts, at: []
    _index: StoryIndex | None = None
    _rulings: Rulings = field(default_factory=Rulings)
    _read_up_to: int = 0
    _touched: dict[str, Story | None] = field(default_factory=dict)
    _withdrawn: set[str] = field(default_factory=set)

    def forget(self) -> None:
        """A unit of work was rolled back: what the memory learnt in it never happened."""
        self._index = None
        self._read_up_to = 0
        self._touched.clear()
        self._withdrawn.clear()

    def place(
        self, conn: Connection, source: Source, judged: Sequence[tuple[Change, Assessment]], at: datetime
    ) -> list[str | None]:
        """Put each change's document into its story, or into a new one; the story's id for each, None for none."""
        index = self._remember(conn, at)
        self._touched.clear()
        self._withdrawn.clear()
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
        document = change.document
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
            if there not in self._rulings.retracted:
                self._touch(conn, there)
                if change.kind is ChangeKind.WITHDRAWN:
                    self._withdrawn.add(there)
            stories.reseat(conn, member, assessment, print_.record())
            return there
        if not assessment.relevant or change.kind is ChangeKind.WITHDRAWN:
            return None
        cluster = self._cluster(conn, index, print_, at) or story_id(document.source, document.key)
        id_ = self._rulings.survivor(cluster)
        row = stories.row(conn, id_)
        if row is None:
            stories.begin(conn, id_, assessment, at)
        note(conn, id_, row.began_at if row is not None else at, document.title, assessment)
        if id_ not in self._rulings.retracted:
            self._touch(conn, id_)
        kept = cluster if cluster != id_ else None
        self._read_up_to = stories.seat(conn, id_, member, assessment, print_.record(), kept)
        index.add(cluster, print_, at)
        return id_

    def _cluster(self, conn: Connection, index: StoryIndex, print_: Fingerprint, at: datetime) -> str | None:
        """The cluster that a document belongs to, None for a new one.

        What we took back is no story to join while another is as alike. Else its echo is let in, without a word to
        anybody, for `ECHO`, unless somebody more trusted tells it: then it may be true after all and is told anew.
        """
        rulings = self._rulings
        found = index.place(print_, at, rulings.apart, rulings.closed).story_id
        if found is not None or not rulings.closed:
            return found
        echo = index.place(print_, at, rulings.apart).story_id
        if echo is None:
            return None
        row = stories.row(conn, rulings.survivor(echo))
        if row is None or row.retracted_at is None or at - row.retracted_at > ECHO:
            return None
        return echo if print_.trust <= row.facts.trust.rank else None

    def tell(self, conn: Connection, at: datetime) -> list[Revision]:
        """The revisions of the stories that were just touched, stored and put into the outbox."""
        orders = standing_orders(conn)
        told: list[Revision] = []
        for id_, before in self._touched.items():
            row = stories.row(conn, id_)
            assert row is not None
            after = replace(story_from(row, stories.seats(conn, id_)), grew_at=at)
            found = revisions(before, after, row.revision, at, withdrawn=id_ in self._withdrawn)
            stories.grow(conn, id_, after.facts, at, found[-1].number if found else row.revision)
            posted = deliveries.told(conn, id_) if before is not None else set()
            publish(conn, found, self.law_of, orders, posted)
            told += found
        return told

    def _touch(self, conn: Connection, id_: str) -> None:
        """Remember what a story said before this unit of work changed it."""
        if id_ in self._touched:
            return
        row = stories.row(conn, id_)
        seats = stories.seats(conn, id_)
        self._touched[id_] = story_from(row, seats) if row and row.revision > 0 and seats else None

    def _remember(self, conn: Connection, at: datetime) -> StoryIndex:
        newest = decisions.newest(conn)
        if self._index is None or newest != self._rulings.newest:
            self._index, self._rulings = None, Rulings.of(decisions.every(conn))
        if self._index is None:
            self._index, self._read_up_to = StoryIndex(), 0
        oldest = at - REMEMBERED
        self._index.forget(oldest)
        for seat in stories.seats_since(conn, self._read_up_to, oldest):
            if seat.fingerprint:  # the ledger's own alerts are no documents that others could tell
                self._index.add(seat.cluster, Fingerprint.of_record(seat.fingerprint), seat.member.joined_at)
            self._read_up_to = seat.id
        return self._index
