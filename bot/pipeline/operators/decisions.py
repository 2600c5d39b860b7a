"""What operators decide about stories: joining two, splitting a document off, taking one back. Remembered, audited, and
told in the channels in the same transaction. Each is a unit of work; the editors follow from the next document on."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.cards.correction import CAUSES
from bot.errors import UserError
from bot.model import Op, Revision
from bot.pipeline.alerts import LawOf, publish, revisions, standing_orders
from bot.pipeline.stories import story_id
from bot.pipeline.stories.stored import story_from
from bot.pipeline.wordlist import enter, leave
from bot.sources.canonical import canonical_link
from bot.store import audit, corrections, decisions, followers, heads, reports, stories
from bot.store.corrections import CorrectionRow
from bot.store.engine import Connection
from bot.store.records import revision_record
from bot.store.stories import Seat, StoryRow


def merge(conn: Connection, into: str, away: str, at: datetime, who: str, law_of: LawOf) -> list[Revision]:
    """Join two stories: the documents of `away`, and whatever will be like them, stand in `into` from now on.

    In a channel that has both messages the one of `away` is edited to point to the other; in a channel that has only
    that one it becomes the message of `into`. Raises UserError.
    """
    (row, seats), (gone, gone_seats) = _open(conn, into), _open(conn, away)
    if row.id == gone.id:
        raise UserError("errors.story_itself", story=into)
    before, ended = story_from(row, seats), story_from(gone, gone_seats)
    stories.join(conn, gone.id, row.id)
    leave(conn, gone.id)
    reports.hand_on(conn, gone.id, row.id)
    followers.hand_on(conn, gone.id, row.id)
    heads.withdraw(conn, gone.id, "merged")
    told, there, theirs = heads.told(conn, row.id), heads.told(conn, gone.id), heads.standing(conn, gone.id)
    adopting = {subscription: posted for subscription, posted in theirs.items() if subscription not in told}
    for subscription, posted in adopting.items():
        heads.adopt(conn, row.id, row.revision, subscription, posted, at)
    after = replace(story_from(row, stories.seats(conn, row.id)), grew_at=at)
    enter(conn, after)
    found = revisions(before, after, row.revision, at) or [Revision(after, row.revision + 1, Op.EDIT, at)]
    orders = standing_orders(conn)
    publish(conn, found, law_of, orders, told | adopting.keys())
    stories.grow(conn, row.id, after.facts, at, found[-1].number)
    pointer = Revision(ended, gone.revision + 1, Op.EDIT, at, ("merged",))
    publish(conn, [pointer], law_of, orders, there - adopting.keys(), {"survivor": revision_record(found[0])})
    stories.grow(conn, gone.id, ended.facts, at, pointer.number)
    decisions.log(conn, at, "merge", row.id, gone.id)
    audit.log(conn, at, who, "story.merge", row.id, [seat.member.url for seat in gone_seats], gone.id)
    return [*found, pointer]


def split(conn: Connection, story: str, url: str, at: datetime, who: str, law_of: LawOf) -> list[Revision]:
    """Split the document at `url` off a story, for good: it is told as a story of its own, and its like join it there.

    Raises UserError where the story has no such document, or no other.
    """
    row, seats = _open(conn, story)
    wanted = canonical_link(url)
    off = [seat for seat in seats if seat.member.url and canonical_link(seat.member.url) == wanted]
    if not off:
        raise UserError("errors.not_in_story", story=row.id, link=url[:200])
    if len(off) == len(seats):
        raise UserError("errors.only_member", story=row.id)
    before, first = story_from(row, seats), off[0].member
    own = story_id(first.source, first.key)
    if stories.row(conn, own) is not None:  # it began the story and gave it its name, or was split off once before
        own = story_id(first.source, f"{first.key}\n{row.id} {row.revision}")
    stories.begin(conn, own, off[0].assessment, at)
    stories.move(conn, [seat.id for seat in off], own)
    remains = replace(story_from(row, stories.seats(conn, row.id)), grew_at=at)
    leave(conn, row.id)
    enter(conn, remains)
    orders = standing_orders(conn)
    found = revisions(before, remains, row.revision, at)
    publish(conn, found, law_of, orders, heads.told(conn, row.id))
    stories.grow(conn, row.id, remains.facts, at, found[-1].number if found else row.revision)
    begun = _begun(conn, own, at)
    publish(conn, begun, law_of, orders, ())
    decisions.log(conn, at, "split", row.id, own)
    audit.log(conn, at, who, "story.split", row.id, url, own)
    return [*found, *begun]


def _begun(conn: Connection, id_: str, at: datetime) -> list[Revision]:
    """The first revision of a story that was split off."""
    row = stories.row(conn, id_)
    assert row is not None
    story = story_from(row, stories.seats(conn, id_))
    enter(conn, story)
    stories.grow(conn, id_, story.facts, at, 1)
    return revisions(None, story, 0, at)


def retract(conn: Connection, story: str, cause: str, at: datetime, who: str, law_of: LawOf) -> CorrectionRow:
    """Take a story back. Its message becomes the correction, a reply says so under it, and it goes on the public list.

    `cause` is one of `CAUSES`. What of the story is not out yet is not sent. Raises UserError.
    """
    if cause not in CAUSES:
        raise UserError("errors.no_such_cause", cause=cause[:40], causes=", ".join(CAUSES))
    row, seats = _open(conn, story)
    heads.withdraw(conn, row.id, "retracted")
    since, channels = heads.shown(conn, row.id)
    reported = reports.settle(conn, row.id, at) > 0
    correction = corrections.add(
        conn, row.id, cause, since or row.began_at, channels, reported_by_member=reported, at=at
    )
    stories.retract(conn, row.id, at)
    taken = replace(story_from(row, seats), retracted=True)
    found = [
        Revision(taken, row.revision + number, op, at, ("corrected",)) for number, op in ((1, Op.EDIT), (2, Op.REPLY))
    ]
    beside = {
        "correction": {
            "cause": cause,
            "shown_from": correction.shown_from.isoformat(),
            "channels": channels,
            "reported_by_member": reported,
            "number": correction.number,
        }
    }
    publish(conn, found, law_of, standing_orders(conn), heads.reached(conn, row.id), beside)
    stories.grow(conn, row.id, row.facts, at, found[-1].number)
    decisions.log(conn, at, "retract", row.id)
    audit.log(conn, at, who, "story.retract", row.id, None, cause)
    return correction


def report(conn: Connection, story: str, reporter: str, reason: str, at: datetime) -> int:
    """Keep what a reader reports as a mistake; its number. `reporter` is opaque. Raises UserError."""
    row, _ = _known(conn, story)
    return reports.add(conn, row.id, reporter, reason, at)


def dismiss(conn: Connection, number: int, at: datetime, who: str) -> None:
    """An operator found that a reported story was right. Raises UserError."""
    if not reports.dismiss(conn, number, at):
        raise UserError("errors.no_such_report", number=number)
    audit.log(conn, at, who, "report.dismiss", str(number))


def _known(conn: Connection, story: str) -> tuple[StoryRow, list[Seat]]:
    """A story, followed to the one that it went into."""
    row = stories.row(conn, story)
    if row is not None and row.merged_into is not None:
        row = stories.row(conn, row.merged_into)
    seats = stories.seats(conn, row.id) if row is not None else []
    if row is None or not seats:
        raise UserError("errors.no_such_story", story=story[:40])
    return row, seats


def _open(conn: Connection, story: str) -> tuple[StoryRow, list[Seat]]:
    """A story that can still be decided about."""
    row, seats = _known(conn, story)
    if row.archive:
        raise UserError("errors.story_of_archive", story=row.id)
    if row.retracted_at is not None:
        raise UserError("errors.story_retracted", story=row.id)
    return row, seats
