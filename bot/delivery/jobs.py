"""From a claimed row to a job: everything that its message is made of, read in the transaction of the claim."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.cards.digest import MOST
from bot.delivery import watched
from bot.delivery.hours import next_digest, quiet_until
from bot.delivery.order import Order
from bot.delivery.rendering import Bundle, watched_in
from bot.delivery.timing import MUTED, TAKEN_BACK, Triage
from bot.model import Op, Severity
from bot.store import deliveries, documents, gatherings, heads, revisions, stories, subscriptions
from bot.store.deliveries import Delivery, Posted
from bot.store.engine import Connection
from bot.store.revisions import Issued
from bot.store.watchlists import Hits


@dataclass(frozen=True, slots=True)
class Job:
    """A claimed delivery with what it says now, and where the message stands that it edits or answers.

    `issued` is a story's newest revision, `bundle` what a gathering's message holds; both are None where what is stored
    cannot be read: `trouble` says why. `newest` is the last revision that the message says. `mentions` are the stories
    for which `mention` is mentioned. `headless` says that the head may stand in the channel, and nobody can tell where.
    `watched` is what the story touches of the channel's own watch list.
    """

    delivery: Delivery
    order: Order
    issued: Issued | None = None
    bundle: Bundle | None = None
    head: Posted | None = None
    newest: int | None = None
    mention: str = ""
    mentions: tuple[str, ...] = ()
    publish: bool = False
    headless: bool = False
    trouble: str = ""
    watched: Hits | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """What has been read in one turn: a story that goes to a thousand channels is read once."""

    revisions: dict[str, int] = field(default_factory=dict)
    issued: dict[tuple[str, int], Issued] = field(default_factory=dict)

    def revision(self, conn: Connection, story: str) -> int:
        """The story's newest revision."""
        if story not in self.revisions:
            row = stories.row(conn, story)
            if row is None:
                raise LookupError(story)
            self.revisions[story] = row.revision
        return self.revisions[story]

    def of(self, conn: Connection, story: str, number: int) -> Issued:
        """A revision as it was stored."""
        if (story, number) not in self.issued:
            self.issued[story, number] = revisions.issued(conn, story, number)
        return self.issued[story, number]

    def newest(self, conn: Connection, story: str) -> Issued:
        """What a story says now."""
        return self.of(conn, story, self.revision(conn, story))


def job_of(conn: Connection, delivery: Delivery, triage: Triage, reading: Reading, now: datetime) -> Job | None:
    """What is to be done for a claimed row; None where it has been put elsewhere and nothing is to be sent.

    A row that an earlier worker was sending is not decided again: what the platform may have must be settled first.
    """
    order = Order()
    try:
        order = Order.of(delivery.order)
        if not delivery.story:
            return _gathered(conn, delivery, order, triage, reading, now)
        return _single(conn, delivery, order, triage, reading, now)
    except (KeyError, ValueError, TypeError, StopIteration, LookupError) as error:
        trouble = f"the stored revision cannot be read: {type(error).__name__} {error}"
        return Job(delivery, order, trouble=trouble)


def _single(
    conn: Connection, delivery: Delivery, order: Order, triage: Triage, reading: Reading, now: datetime
) -> Job | None:
    grown = delivery.op is Op.POST and reading.revision(conn, delivery.story) > delivery.number
    newest = deliveries.newest_edit(conn, delivery) if grown else None
    issued = reading.of(conn, delivery.story, newest if newest is not None else delivery.number)
    if grown and delivery.state == "due" and reading.newest(conn, delivery.story).revision.corrects:
        deliveries.superseded(conn, delivery.id, TAKEN_BACK)  # while it was being sent, and refused
        return None
    if delivery.state == "due" and not triage.goes_out(conn, delivery, order, issued, now):
        return None
    post = delivery.op is Op.POST
    head = None if post else heads.head(conn, delivery.story, delivery.subscription) or _announced(conn, delivery)
    mention = _mention(conn, delivery, order, issued, now)
    story = issued.revision.story
    place = heads.place_of(conn, story.id, delivery.subscription) if head is None and not post else None
    return Job(
        delivery,
        order,
        issued,
        head=head,
        newest=newest,
        mention=mention,
        mentions=(story.id,) if mention else (),
        publish=_publishes(delivery, order, issued),
        headless=place is not None and place[0] == "unknown",
        watched=watched_in(conn, delivery, issued),
    )


def _announced(conn: Connection, delivery: Delivery) -> Posted | None:
    """The roundup under which a story was announced, where it stands nowhere else in the channel."""
    roundup = heads.announced(conn, delivery.story, delivery.subscription)
    standing = gatherings.head(conn, roundup) if roundup is not None else None
    return standing[0] if standing else None


def _gathered(
    conn: Connection, delivery: Delivery, order: Order, triage: Triage, reading: Reading, now: datetime
) -> Job | None:
    assert delivery.gathering is not None
    gathering = gatherings.one(conn, delivery.gathering)
    if delivery.state == "due" and _muted_since(conn, delivery, triage, reading):
        deliveries.superseded(conn, delivery.id, MUTED)
        return None
    if delivery.state == "due" and _taken_back_since(conn, delivery, reading):
        deliveries.superseded(conn, delivery.id, TAKEN_BACK)
        return None
    posted = gatherings.head(conn, gathering.id)
    job = Job(
        delivery, order, head=posted[0] if posted else None, publish=_announces(order) and delivery.op is not Op.EDIT
    )
    if delivery.op is Op.REPLY:
        assert delivery.about is not None
        about = reading.newest(conn, delivery.about)
        mention = _mention(conn, delivery, order, about, now)
        announced = (delivery.about,) if mention else ()
        return replace(job, bundle=Bundle(gathering, [about]), mention=mention, mentions=announced)
    if gathering.kind == "roundup":
        bundle = _roundup(conn, gathering, reading)
    else:
        bundle = _digest(conn, gathering, delivery, reading, now)
    if delivery.op is Op.POST and not bundle.issued and not (gathering.kind == "digest" and order.when_nothing):
        gatherings.close(conn, gathering.id, now)  # what came into it now would wait for a message that never stands
        deliveries.superseded(conn, delivery.id, "nothing is left to tell")
        return None
    if gathering.kind == "quiet" and len(bundle.rows) == 1 and delivery.number == 1 and delivery.state == "due":
        gatherings.release(conn, bundle.rows[0], now)
        deliveries.superseded(conn, delivery.id, "one story needs no message around it")
        return None
    told = [
        issued.revision.story.id
        for issued in bundle.issued
        if delivery.op is Op.POST and _mention(conn, delivery, order, issued, now)
    ]
    return replace(job, bundle=bundle, mention=order.mention if told else "", mentions=tuple(told))


def _muted_since(conn: Connection, delivery: Delivery, triage: Triage, reading: Reading) -> bool:
    """Take out of a gathering the stories that the channel has muted since they came into it; whether the message is
    about such a one alone. A correction stays."""
    silenced = triage.silenced.get(delivery.subscription, ())

    def muted(story: str) -> bool:
        return story in silenced and not reading.newest(conn, story).revision.corrects

    assert delivery.gathering is not None
    for row, story, _ in gatherings.held(conn, delivery.gathering) if silenced else ():
        if muted(story):
            deliveries.superseded(conn, row, MUTED)
    return delivery.about is not None and muted(delivery.about)


def _taken_back_since(conn: Connection, delivery: Delivery, reading: Reading) -> bool:
    """Take out of a gathering the stories that were taken back, or went into another, while its message was being sent
    and then refused; whether the message announces such a one. The correction of what the channel saw stays."""
    assert delivery.gathering is not None
    for row in deliveries.rows(conn, [row for row, _, _ in gatherings.held(conn, delivery.gathering)]):
        if not reading.newest(conn, row.story).ends:
            continue
        place = heads.place_of(conn, row.story, row.subscription)
        stands = place is not None and place[0] in ("sent", "unknown")
        if not stands or not reading.of(conn, row.story, row.number).ends:
            deliveries.superseded(conn, row.id, TAKEN_BACK)
    return delivery.about is not None and reading.newest(conn, delivery.about).ends


def _roundup(conn: Connection, gathering: gatherings.Gathering, reading: Reading) -> Bundle:
    rows = gatherings.held(conn, gathering.id, ("held", "sent"))
    waiting = {row for row, _, _ in gatherings.held(conn, gathering.id)}
    told = list(dict.fromkeys(story for _, story, _ in rows))
    issued = [reading.newest(conn, story) for story in told]
    issued.sort(key=lambda each: -each.revision.story.facts.severity.rank)
    filed = stories.analyses_since(conn, gathering.opened_at, told)
    return Bundle(gathering, issued, sorted(waiting), filed=filed)


def _digest(
    conn: Connection, gathering: gatherings.Gathering, delivery: Delivery, reading: Reading, now: datetime
) -> Bundle:
    """The stories that still wait in a digest, as many as one message holds. It is closed: what comes now goes into
    the next one."""
    gatherings.close(conn, gathering.id, now)
    rows = gatherings.held(conn, gathering.id)
    told = list(dict.fromkeys(story for _, story, _ in rows))
    here = set(told[:MOST])
    read, chips = (0, 0) if told else documents.read_since(conn, gathering.opened_at)
    return Bundle(
        gathering,
        [reading.newest(conn, story) for story in told[:MOST]],
        [row for row, story, _ in rows if story in here],
        max(0, len(told) - MOST),
        delivery.number,
        documents=read,
        chips=chips,
    )


def after(conn: Connection, job: Job, posted: Posted, now: datetime) -> None:
    """What follows once a gathering's message is out: its stories have arrived, and the next part is due."""
    bundle = job.bundle
    if bundle is None:
        if job.newest is not None:
            deliveries.supersede(conn, job.delivery, job.newest)
        return
    tell_watched(conn, job, bundle.rows, now)
    gatherings.carried(conn, bundle.rows, posted, now, job.mentions)
    if bundle.rest and job.delivery.op is Op.POST:
        gatherings.message(conn, bundle.gathering, Op.POST, now, now, job.delivery.urgency)
    elif bundle.gathering.kind == "digest" and job.order.when_nothing:
        expect_digest(conn, job.delivery.subscription, job.order, job.delivery.time_zone, now)


def tell_watched(conn: Connection, job: Job, rows: Sequence[int], now: datetime) -> None:
    """Write to the channel what its watch list has of the stories in these rows of a gathering, which shows no hits."""
    assert job.bundle is not None
    listed = {each.revision.story.id: each for each in job.bundle.issued if any("rows" in d for d in each.details)}
    for row in deliveries.rows(conn, rows) if listed else ():
        if row.story in listed:
            watched.tell_channel(conn, row, listed[row.story], job.order, now)


def expect_digest(conn: Connection, subscription: int, order: Order, time_zone: str, now: datetime) -> None:
    """See that an order which wants a digest even when there is nothing has its next one coming."""
    if order.pace != "now" and gatherings.standing_open(conn, subscription, "digest") is None:
        gatherings.begin(conn, subscription, "digest", now, next_digest(order, time_zone, now))


def expect_digests(conn: Connection, now: datetime) -> None:
    """As `expect_digest`, for every order that runs."""
    for row in subscriptions.active(conn):
        with contextlib.suppress(ValueError):  # an order of another version
            order = Order.of(row.order)
            if order.when_nothing:
                expect_digest(conn, row.id, order, row.time_zone, now)


def _mention(conn: Connection, delivery: Delivery, order: Order, issued: Issued, now: datetime) -> str:
    """Whom to mention: once a story, from a severity on, never in an edit, in quiet hours for what is critical only;
    once more where we take back what we said."""
    facts = issued.revision.story.facts
    if not order.mention or delivery.op is Op.EDIT or facts.severity.rank < order.mention_from.rank:
        return ""
    critical = facts.severity is Severity.CRITICAL and order.breaks_through
    if not critical and quiet_until(order.quiet, delivery.time_zone, now) is not None:
        return ""
    before = heads.was_mentioned(conn, issued.revision.story.id, delivery.subscription)
    if issued.revision.corrects:
        return order.mention if before else ""  # as loud as the mistake was
    return "" if before and "withdrawn" not in issued.revision.rise else order.mention


def _publishes(delivery: Delivery, order: Order, issued: Issued) -> bool:
    """Whether a message goes to the channel's followers: once a story, and again for a correction or a rise to
    critical."""
    if not _announces(order) or delivery.op is Op.EDIT:
        return False
    revision = issued.revision
    rose = "severity" in revision.rise and revision.story.facts.severity is Severity.CRITICAL
    return delivery.op is Op.POST or revision.corrects or "withdrawn" in revision.rise or rose


def _announces(order: Order) -> bool:
    return order.publish and order.place == "announcement"
