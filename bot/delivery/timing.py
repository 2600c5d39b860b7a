"""What becomes of a delivery whose turn has come: it goes out, waits for its hour, goes into a message with others, or
says nothing any more. All in the transaction of its claim."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.delivery.hours import next_digest, quiet_until
from bot.delivery.order import Order
from bot.delivery.platform import Limits
from bot.model import Op, Severity
from bot.store import deliveries, gatherings, heads
from bot.store.deliveries import Delivery
from bot.store.engine import Connection
from bot.store.revisions import Issued

HOUR = timedelta(hours=1)
MUTED = "story muted"
TAKEN_BACK = "taken back before the channel saw it"
ROUNDUP_GAP = timedelta(minutes=2)
"""A roundup is edited no more often than this, whatever the platform would bear."""
LONGEST_ROUNDUP = timedelta(hours=24)
"""A roundup takes no new story when it has been open for so long. It is the message of one big day, and its edits
notify nobody: while stories keep coming, some hours apart, a channel that wants them at once would hear of none."""


@dataclass(frozen=True, slots=True)
class Burst:
    """When a channel has had enough single alerts: `singles` within an hour, and `posts` of any kind within an hour. A
    roundup stays open until `closes_after` without a new story, and never longer than `LONGEST_ROUNDUP`."""

    singles: int = 2
    posts: int = 10
    closes_after: timedelta = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Triage:
    """Decides; `limits` are the platform's, `silenced` the stories that each channel has muted."""

    burst: Burst
    limits: Limits
    silenced: Mapping[int, Collection[str]] = field(default_factory=dict)

    def goes_out(self, conn: Connection, delivery: Delivery, order: Order, issued: Issued, now: datetime) -> bool:
        """Whether a story's row is to be sent now. If not, it has been put where it belongs. A correction breaks
        through a mute: the mistake stands there."""
        silenced = () if issued.revision.corrects else self.silenced.get(delivery.subscription, ())
        if delivery.story in silenced:
            deliveries.superseded(conn, delivery.id, MUTED)
            return False
        severity = issued.revision.story.facts.severity
        if delivery.op is Op.POST:
            return self._post(conn, delivery, order, severity, now)
        place = heads.place_of(conn, delivery.story, delivery.subscription)
        nowhere = place is not None and place[0] == "superseded"
        if nowhere and heads.announced(conn, delivery.story, delivery.subscription) is None:
            deliveries.superseded(conn, delivery.id, TAKEN_BACK)
            return False
        if delivery.op is Op.EDIT:
            return self._edit(conn, delivery, order, issued, place, now)
        return self._reply(conn, delivery, order, issued, place, now)

    def _post(self, conn: Connection, delivery: Delivery, order: Order, severity: Severity, now: datetime) -> bool:
        if order.pace != "now":
            due = next_digest(order, delivery.time_zone, now)
            self._gather(conn, delivery, "digest", due, f"{order.pace} digest", now)
            return False
        quiet = self._quiet(delivery, order, severity, now)
        if quiet is not None:
            self._gather(conn, delivery, "quiet", quiet, "quiet hours", now)
            return False
        if not order.bundle:
            return True
        if self._roundup(conn, delivery.subscription, now) is not None or self._enough(conn, delivery, now):
            self._gather(conn, delivery, "roundup", now, "busy day", now)
            if severity is Severity.CRITICAL:
                self._announce(conn, delivery, now)
            return False
        return True

    def _edit(
        self,
        conn: Connection,
        delivery: Delivery,
        order: Order,
        issued: Issued,
        place: heads.Place | None,
        now: datetime,
    ) -> bool:
        if deliveries.newest_edit(conn, delivery) is not None:
            deliveries.superseded(conn, delivery.id)
            return False
        if place is not None and place[0] == "held":
            self._break_through(conn, delivery, order, issued.revision.story.facts.severity, now)
            deliveries.superseded(conn, delivery.id, "the message that will bring the story says it")
            return False
        if place is not None and place[1] is not None:
            self._refresh(conn, place[1], now)
            deliveries.superseded(conn, delivery.id, "the story stands in a message with others")
            return False
        due = self._editable_at(conn, delivery) if not issued.revision.rise else None
        if due is not None and due > now:
            deliveries.schedule(conn, delivery, due, "edited not long ago", now)
            return False
        return True

    def _reply(
        self,
        conn: Connection,
        delivery: Delivery,
        order: Order,
        issued: Issued,
        place: heads.Place | None,
        now: datetime,
    ) -> bool:
        corrects, severity = issued.revision.corrects, issued.revision.story.facts.severity
        if place is not None and place[0] == "held":
            deliveries.superseded(conn, delivery.id, "the message that will bring the story says it")
            return False
        if order.pace != "now" and not corrects:  # a correction stands under the digest that had the mistake
            due = next_digest(order, delivery.time_zone, now)
            self._gather(conn, delivery, "digest", due, f"{order.pace} digest", now)
            return False
        quiet = self._quiet(delivery, order, severity, now)
        if quiet is not None:
            deliveries.schedule(conn, delivery, quiet, "quiet hours", now)
            return False
        posts = deliveries.posts_since(conn, delivery.subscription, now - HOUR) if order.bundle and not corrects else []
        if len(posts) >= self.burst.posts:
            deliveries.schedule(conn, delivery, posts[-self.burst.posts][2] + HOUR, "enough for one hour", now)
            return False
        return True

    def _quiet(self, delivery: Delivery, order: Order, severity: Severity, now: datetime) -> datetime | None:
        if severity is Severity.CRITICAL and order.breaks_through:
            return None
        return quiet_until(order.quiet, delivery.time_zone, now)

    def _enough(self, conn: Connection, delivery: Delivery, now: datetime) -> bool:
        """Whether the channel has had its single alerts of this hour, or all its posts."""
        posts = deliveries.posts_since(conn, delivery.subscription, now - HOUR)
        singles = sum(op == Op.POST.value and gathering is None for op, gathering, _ in posts)
        return singles >= self.burst.singles or len(posts) >= self.burst.posts

    def _roundup(self, conn: Connection, subscription: int, now: datetime) -> gatherings.Gathering | None:
        """The roundup that is open in a channel; one whose day is over, or that got no story for long, is closed."""
        found = gatherings.standing_open(conn, subscription, "roundup")
        if found is None:
            return None
        if now - found.grown_at >= self.burst.closes_after or now - found.opened_at >= LONGEST_ROUNDUP:
            gatherings.close(conn, found.id, now)
            return None
        return found

    def _gather(
        self, conn: Connection, delivery: Delivery, kind: str, due: datetime, reason: str, now: datetime
    ) -> None:
        """Put a story into the open gathering of a kind, or into a new one."""
        found = gatherings.standing_open(conn, delivery.subscription, kind)
        if found is None:
            found = gatherings.begin(conn, delivery.subscription, kind, now, due, delivery.urgency)
        deliveries.hold(conn, delivery, found.id, reason, now)
        gatherings.grow(conn, found.id, now)
        if kind == "roundup":
            self._refresh(conn, found.id, now)

    def _refresh(self, conn: Connection, id_: int, now: datetime) -> None:
        """A roundup that stands in its channel is edited before long; other gatherings stay as they were sent."""
        gathering = gatherings.one(conn, id_)
        if gathering.kind != "roundup" or gatherings.waiting(conn, id_, Op.EDIT) is not None:
            return
        head = gatherings.head(conn, id_)
        if head is None:
            return  # its post has not gone out: it will be rendered then
        _, first, last = head
        gap = max(ROUNDUP_GAP, self._gap(first, now))
        gatherings.message(conn, gathering, Op.EDIT, now, max(now, last + gap), Severity.NORMAL.rank)

    def _announce(self, conn: Connection, delivery: Delivery, now: datetime) -> None:
        """A critical story that went into a roundup which stands already is announced under it."""
        roundup = gatherings.standing_open(conn, delivery.subscription, "roundup")
        if roundup is not None and gatherings.head(conn, roundup.id) is not None:
            gatherings.message(conn, roundup, Op.REPLY, now, now, Severity.CRITICAL.rank, delivery.story)

    def _break_through(
        self, conn: Connection, delivery: Delivery, order: Order, severity: Severity, now: datetime
    ) -> None:
        """A story that was held for the morning and has become critical goes out after all."""
        if severity is not Severity.CRITICAL or not order.breaks_through:
            return
        for row, kind in gatherings.holding(conn, delivery.story, delivery.subscription):
            if kind == "quiet":
                gatherings.release(conn, row, now)

    def _editable_at(self, conn: Connection, delivery: Delivery) -> datetime | None:
        touched = heads.last_touched(conn, delivery.story, delivery.subscription)
        return touched[1] + self._gap(touched[0], touched[1]) if touched else None

    def _gap(self, posted: datetime, now: datetime) -> timedelta:
        """How long a message rests between two edits: an old one longer."""
        return self.limits.old_edit_gap if now - posted >= self.limits.old_after else self.limits.edit_gap
