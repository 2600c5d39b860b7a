"""Decides which story a document tells, what the story says now, and who is to be told: documents in, outbox rows out.

The editor keeps the stories of the last months in memory (`StoryIndex`); the store has the truth. Before each unit of
work it reads what other workers have placed since; when a unit of work fails, `forget` makes it start anew.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.model import Assessment, Change, ChangeKind, Document, Member, Op, Revision, Story
from bot.pipeline import match
from bot.pipeline.alerts import revisions
from bot.pipeline.follow import as_read, title_told
from bot.pipeline.identity import continues, identity
from bot.pipeline.stories import Fingerprint, StoryIndex, fingerprint, head_of, merge_facts, story_id
from bot.sources.base import Source
from bot.sources.canonical import canonical_link
from bot.store import deliveries, documents, stories, subscriptions
from bot.store.engine import Connection
from bot.store.records import Record

REMEMBERED = timedelta(days=120)
IDENTITY = "identity"
"""Beside a seat's fingerprint: the names that its document has everywhere."""

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
    _news: set[str] = field(default_factory=set)

    def forget(self) -> None:
        """A unit of work was rolled back: what the memory learnt in it never happened."""
        self._index = None
        self._read_up_to = 0
        self._touched.clear()
        self._withdrawn.clear()
        self._news.clear()

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
        index = self._remember(conn, at)
        self._touched.clear()
        self._withdrawn.clear()
        self._news.clear()
        placed: list[str | None] = []
        for n, (change, assessment) in enumerate(judged):
            story = self._place_one(conn, index, source, change, assessment, at)
            placed.append(story)
            if story is not None and n not in filed:
                self._news.add(story)
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
            print_ = replace(print_, key=seat, link="")  # the same address each time makes no happening the same
        record = {**print_.record(), IDENTITY: list(identity(document))}
        there = stories.story_of(conn, document.source, seat) if change.before is not None else None
        if there is not None:
            self._touch(conn, there)
            stories.reseat(conn, member, assessment, record)
            if change.kind is ChangeKind.WITHDRAWN:
                self._withdrawn.add(there)
            return there
        if change.kind is ChangeKind.WITHDRAWN:
            return None
        known = self._story_that_goes_on(conn, document)
        if known is None and not assessment.relevant:
            return None
        found = known or index.place(print_, at).story_id
        id_ = found or story_id(document.source, seat)
        if found is None and stories.row(conn, id_) is None:
            stories.begin(conn, id_, assessment, at)
        self._touch(conn, id_)
        self._read_up_to = stories.seat(conn, id_, member, assessment, record)
        index.add(id_, print_, at)
        return id_

    def _story_that_goes_on(self, conn: Connection, document: Document) -> str | None:
        """The story of the document itself at another source, or of one that it corrects: no likeness is asked for."""
        for source, key in documents.elsewhere(conn, document.source, document.key, continues(document)):
            story = stories.story_of(conn, source, key)
            if story is not None:
                return story
        return None

    def tell(self, conn: Connection, at: datetime) -> list[Revision]:
        """The revisions of the stories that were just touched, stored and put into the outbox."""
        standing = [(match.Order.of(row.order), row) for row in subscriptions.active(conn)]
        told: list[Revision] = []
        for id_, before in self._touched.items():
            row = stories.row(conn, id_)
            assert row is not None
            after = _story(row, stories.seats(conn, id_))
            after = replace(after, grew_at=at)
            found: list[Revision] = []
            if id_ in self._news:
                found = revisions(before, after, row.revision, at, withdrawn=id_ in self._withdrawn)
            stories.grow(conn, id_, after.facts, at, found[-1].number if found else row.revision)
            posted = deliveries.told(conn, id_) if before is not None else set()
            for revision in found:
                stories.issue(conn, revision, self.law_of(after.facts, at))
                self._address(conn, revision, standing, posted)
            told += found
        return told

    def tell_again(self, conn: Connection, id_: str, at: datetime) -> Revision | None:
        """Edit a story's message although nothing was said anew: a day that it names has come. None where it was never
        told."""
        row, seats = stories.row(conn, id_), stories.seats(conn, id_)
        if row is None or row.revision == 0 or not seats:
            return None
        story = _story(row, seats)
        revision = Revision(story, row.revision + 1, Op.EDIT, at)
        stories.grow(conn, id_, story.facts, row.grew_at, revision.number)
        stories.issue(conn, revision, self.law_of(story.facts, at))
        standing = [(match.Order.of(row.order), row) for row in subscriptions.active(conn)]
        self._address(conn, revision, standing, deliveries.told(conn, id_))
        return revision

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

    A document that two sources carry (the same address, or the same name in a public register) stands in it once, as
    the more trusted of them tells it; of two stations of one document the later one speaks. The changes of a page,
    whose address says nothing of them, stand in it one by one.
    """
    first: dict[str, stories.Seat] = {}
    standing: dict[int, tuple[stories.Seat, str]] = {}
    for seat in sorted(seats, key=lambda seat: -seat.member.trust.rank):
        registered = list(seat.fingerprint.get(IDENTITY) or ())
        told = seat.member.url if seat.fingerprint.get("link") else None
        link = canonical_link(told) if told else f"#{seat.id}"
        names = [*registered, link]
        same = next((first[name] for name in names if name in first), seat)
        for name in names:
            first.setdefault(name, same)
        speaks = standing.get(same.id)
        later_station = registered and speaks and speaks[1] != link and same.member.trust is seat.member.trust
        if speaks is None or later_station:
            standing[same.id] = (seat, link)
    chosen = {seat.id for seat, _ in standing.values()}
    kept = [seat for seat in seats if seat.id in chosen]
    members = tuple(seat.member for seat in kept)
    return Story(row.id, row.began_at, row.grew_at, merge_facts(kept), head_of(kept).member, members)
