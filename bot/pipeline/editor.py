"""Decides which story a document tells, what the story says now, and who is to be told: documents in, outbox rows out.

The editor keeps the stories of the last months in memory (`StoryIndex`); the store has the truth. Before each unit of
work it reads what other workers have placed since; when a unit of work fails, `forget` makes it start anew.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import orjson

from bot.model import Assessment, Change, ChangeKind, Document, Member, Op, Revision, Story
from bot.pipeline.alerts import LawOf, publish, revisions, standing_orders
from bot.pipeline.codified import rule_of
from bot.pipeline.follow import as_read, title_told
from bot.pipeline.identity import continues, identity
from bot.pipeline.operators.rulings import Rulings
from bot.pipeline.stories import Fingerprint, StoryIndex, fingerprint, story_id
from bot.pipeline.stories.stored import story_from
from bot.pipeline.wordlist import note
from bot.sources.base import Source
from bot.store import decisions, documents, heads, stories
from bot.store.engine import Connection
from bot.store.records import Record

REMEMBERED = timedelta(days=120)
ECHO = timedelta(days=14)
"""How long after a correction its story's like is taken for its echo."""

_STANDING = {ChangeKind.WITHDRAWN: "withdrawn", ChangeKind.CORRECTED: "correction"}
"""What a reply is about when a publisher takes back or corrects a document that was told."""


@dataclass(slots=True)
class Editor:
    """The desk between documents and channels."""

    law_of: LawOf = lambda facts, at: []
    _index: StoryIndex | None = None
    _rulings: Rulings = field(default_factory=Rulings)
    _read_up_to: int = 0
    _touched: dict[str, Story | None] = field(default_factory=dict)
    _stood: dict[str, set[str]] = field(default_factory=dict)
    """What publishers did to documents of a story besides amending them: the names of `_STANDING`."""
    _news: set[str] = field(default_factory=set)
    _details: dict[str, list[Record]] = field(default_factory=dict)
    _codified: set[str] = field(default_factory=set)

    def forget(self) -> None:
        """A unit of work was rolled back: what the memory learnt in it never happened."""
        self._index = None
        self._read_up_to = 0
        self._touched.clear()
        self._stood.clear()
        self._news.clear()
        self._details.clear()
        self._codified.clear()

    def place(
        self,
        conn: Connection,
        source: Source,
        judged: Sequence[tuple[Change, Assessment]],
        at: datetime,
        filed: Collection[int] = (),
    ) -> list[str | None]:
        """Put each change's document into its story, or into a new one; the story's id for each, None for none.

        `filed` are the places in `judged` of what is too old to be told: it joins its story without a word.
        """
        index = self.remember(conn, at)
        self._touched.clear()
        self._stood.clear()
        self._news.clear()
        self._details.clear()
        self._codified.clear()
        placed: list[str | None] = []
        for n, (change, assessment) in enumerate(judged):
            story = self._place_one(conn, index, source, change, assessment, at)
            placed.append(story)
            if story is None:
                continue
            if n not in filed and not self._is_past(change, story):
                self._news.add(story)
            if change.detail:
                self._details.setdefault(story, []).append(dict(change.detail))
        return placed

    def _place_one(
        self,
        conn: Connection,
        index: StoryIndex,
        source: Source,
        change: Change,
        assessment: Assessment,
        at: datetime,
    ) -> str | None:
        document, seat = change.document, change.seat or change.document.key
        member = Member(
            source=document.source,
            source_name=source.label,
            key=seat,
            title=title_told(document),
            url=document.url,
            published=document.published,
            language=document.language or source.language,
            trust=assessment.trust,
            joined_at=at,
        )
        print_ = fingerprint(as_read(document), assessment)
        if change.seat:
            print_ = replace(print_, link="")  # the same address each time makes no happening the same
        record = {**print_.record(), stories.IDENTITY: list(identity(document))}
        there = stories.story_of(conn, document.source, seat) if change.before is not None else None
        if there is not None:
            if there not in self._rulings.retracted:
                self._touch(conn, there)
                if change.kind in _STANDING:
                    self._stood.setdefault(there, set()).add(_STANDING[change.kind])
            stories.reseat(conn, member, assessment, record)
            return there
        if change.kind is ChangeKind.WITHDRAWN or _only_stands_otherwise(change):
            return None
        known = self._story_that_goes_on(conn, document)
        if known is None and not assessment.relevant:
            return None
        if known is None and (known := rule_of(conn, change)) is not None:
            self._codified.add(self._rulings.survivor(known))
        alike = known or (None if change.happening else self._cluster(conn, index, print_, at))
        cluster = alike or story_id(document.source, change.happening or seat)
        id_ = self._rulings.survivor(cluster)
        row = stories.row(conn, id_)
        if row is None:
            stories.begin(conn, id_, assessment, at)
        note(conn, id_, row.began_at if row is not None else at, document.title, assessment)
        if id_ not in self._rulings.retracted:
            self._touch(conn, id_)
        kept = cluster if cluster != id_ else None
        self._read_up_to = stories.seat(conn, id_, member, assessment, record, kept)
        index.add(cluster, print_, at)
        return id_

    def _is_past(self, change: Change, story: str) -> bool:
        """Whether a document was taken back or corrected in a story that nobody was told: that makes no news of it."""
        return change.before is not None and story in self._stood and self._touched.get(story) is None

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

    def _story_that_goes_on(self, conn: Connection, document: Document) -> str | None:
        """The story of the document itself at another source, or of one that it corrects: no likeness is asked for."""
        for source, key in documents.elsewhere(conn, document.source, document.key, continues(document)):
            story = stories.story_of(conn, source, key)
            if story is not None:
                return story
        return None

    def tell(self, conn: Connection, at: datetime) -> list[Revision]:
        """The revisions of the stories that were just touched, stored and put into the outbox."""
        orders = standing_orders(conn)
        told: list[Revision] = []
        for id_, before in self._touched.items():
            row = stories.row(conn, id_)
            assert row is not None
            after = replace(story_from(row, stories.seats(conn, id_)), grew_at=at)
            found: list[Revision] = []
            if id_ in self._news:
                found = revisions(before, after, row.revision, at, sorted(self._stood.get(id_, ())))
            if id_ in self._codified and before is not None:
                found = found[:1]  # what a told rule does to the Code stands in its message, and disturbs nobody
            stories.grow(conn, id_, after.facts, at, found[-1].number if found else row.revision)
            posted = heads.told(conn, id_) if before is not None else set()
            details = self._details.get(id_, [])
            publish(conn, found, self.law_of, orders, posted, details=details)
            told += found
        return told

    def tell_again(self, conn: Connection, id_: str, at: datetime) -> Revision | None:
        """Edit a story's message although nothing was said anew: a day that it names has come. None where it was never
        told, or is told no more."""
        row, seats = stories.row(conn, id_), stories.seats(conn, id_)
        if row is None or row.revision == 0 or not seats or row.retracted_at is not None or row.merged_into is not None:
            return None
        story = story_from(row, seats)
        revision = Revision(story, row.revision + 1, Op.EDIT, at)
        stories.grow(conn, id_, story.facts, row.grew_at, revision.number)
        publish(conn, [revision], self.law_of, standing_orders(conn), heads.told(conn, id_))
        return revision

    def _touch(self, conn: Connection, id_: str) -> None:
        """Remember what a story said before this unit of work changed it."""
        if id_ in self._touched:
            return
        row = stories.row(conn, id_)
        seats = stories.seats(conn, id_)
        self._touched[id_] = story_from(row, seats) if row and row.revision > 0 and seats else None

    def remember(self, conn: Connection, at: datetime) -> StoryIndex:
        """The stories of the last months, with all that has been placed and decided by now."""
        newest = decisions.newest(conn)
        if self._index is None or newest != self._rulings.newest:
            self._index, self._rulings = None, Rulings.of(decisions.every(conn))
        if self._index is None:
            self._index, self._read_up_to = StoryIndex(), 0
        oldest = at - REMEMBERED
        self._index.forget(oldest)
        for seat in stories.seats_since(conn, self._read_up_to, oldest):
            seen = orjson.loads(seat.fingerprint)
            if seen:
                self._index.add(seat.cluster, Fingerprint.of_record(seen), seat.member.joined_at)
            self._read_up_to = seat.id
        return self._index


def _only_stands_otherwise(change: Change) -> bool:
    """Whether a publisher only marked a document as corrected, with all its words as they were."""
    before, now = change.before, change.document
    if change.kind is not ChangeKind.CORRECTED or before is None:
        return False
    return (before.title, before.summary) == (now.title, now.summary)
