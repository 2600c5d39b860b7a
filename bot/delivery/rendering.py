"""From what is stored to the message that a channel gets: in its language, as late as possible."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from bot.cards.alert import alert_card, reply_card
from bot.cards.card import Card
from bot.cards.correction import Correction, correction_card
from bot.cards.dates import with_dates
from bot.cards.details import with_details
from bot.cards.digest import Contents, Entry, digest_card, nothing_card
from bot.cards.facts import facts_json
from bot.cards.flips import with_flips
from bot.cards.headline import plain_headline
from bot.cards.law import LawLine
from bot.cards.pointer import pointer_card
from bot.cards.review import with_review_pending
from bot.cards.roundup import announcement_card, roundup_card
from bot.cards.rows import with_watch_hits
from bot.clock import EASTERN, iso
from bot.delivery.order import Order
from bot.delivery.platform import Outgoing
from bot.locale.catalogue import catalogue
from bot.model import Op, Revision
from bot.store.deliveries import Delivery
from bot.store.engine import Connection
from bot.store.gatherings import Gathering
from bot.store.records import revision_of
from bot.store.revisions import Issued
from bot.store.watchlists import Hits, Owner, OwnerKind, hits_of


@dataclass(frozen=True, slots=True)
class Bundle:
    """What a gathering's message is made of: `issued` in the order in which they are shown; `rows` are the outbox rows
    that go out with it, `rest` so many stories that follow in another message. `documents` and `chips` were read since
    it was opened, for one that holds nothing; `filed` analyses were not posted."""

    gathering: Gathering
    issued: Sequence[Issued]
    rows: Sequence[int] = ()
    rest: int = 0
    part: int = 1
    links: Mapping[str, str] = field(default_factory=dict)
    documents: int = 0
    chips: int = 0
    filed: int = 0


def watched_in(conn: Connection, delivery: Delivery, issued: Issued) -> Hits | None:
    """What a revision touches of the watch list of the channel that it goes to; None where nothing is."""
    owner = Owner(delivery.platform, OwnerKind.CHANNEL, delivery.channel)
    rows = [detail["rows"] for detail in issued.details if "rows" in detail]
    return hits_of(conn, owner, rows[-1]) if rows else None


def outgoing(
    delivery: Delivery, issued: Issued, order: Order, mention: str = "", watched: Hits | None = None
) -> Outgoing:
    """The message of one story. What it does in this channel (`delivery.op`) may differ from what the revision does
    elsewhere: a channel that joins late gets a post where others get an edit. `watched` is what the revision touches of
    this channel's own watch list, which no other channel sees."""
    here = replace(issued.revision, op=delivery.op)
    card = card_of(issued, delivery.op, delivery.language, watched)
    facts = facts_json(here, delivery.platform, delivery.channel)
    broadcast = delivery.op is Op.REPLY and "severity" in issued.revision.rise
    return _addressed(delivery, card, facts, order, mention, broadcast=broadcast)


def card_of(issued: Issued, op: Op, language: str, watched: Hits | None = None) -> Card:
    """What a stored revision says where it does `op`."""
    card = _said(issued, replace(issued.revision, op=op), _law(issued), language, watched)
    return with_flips(card, issued.flips, language) if issued.flips else card


def card_now(issued: Issued, language: str) -> Card:
    """What a story's own message says once its newest revision has reached it: for whoever asks for the story."""
    op = Op.EDIT if issued.revision.number > 1 else Op.POST
    return card_of(replace(issued, revision=replace(issued.revision, op=op)), op, language)


def _said(issued: Issued, here: Revision, law: Sequence[LawLine], language: str, watched: Hits | None = None) -> Card:
    """A correction and a pointer take the place of whatever stood there; else what the story says."""
    beside = issued.beside
    if "correction" in beside:
        return _correction(here, beside["correction"], law, language)
    if "survivor" in beside:
        return pointer_card(revision_of(beside["survivor"]).story, law, language)
    if issued.revision.op is Op.REPLY:
        return reply_card(here, law, language)
    card = alert_card(here, law, language)
    if issued.details:
        card = with_details(card, issued.details, language, here.story.id, here.story.head.key)
    if watched is not None:
        card = with_watch_hits(card, watched.watched, [hit.json() for hit in watched.hits], language)
    if issued.pending:
        card = with_review_pending(card, language)
    return with_dates(card, issued.days, issued.revision.at.astimezone(EASTERN).date(), language)


def _correction(here: Revision, said: Mapping[str, Any], law: Sequence[LawLine], language: str) -> Card:
    correction = Correction(
        headline=plain_headline(catalogue(language), here.story, law),
        cause=said["cause"],
        shown_from=datetime.fromisoformat(said["shown_from"]),
        shown_until=here.at,
        channels=said["channels"],
        reported_by_member=said["reported_by_member"],
        this_year=said["number"],
    )
    return correction_card(correction, law, language)


def bundled(delivery: Delivery, bundle: Bundle, order: Order, mention: str = "") -> Outgoing:
    """The message of a gathering: its post, an edit of it, or the reply that announces a story under it."""
    facts: dict[str, object] = {
        "op": delivery.op.value,
        "gathering": bundle.gathering.kind,
        "stories": [issued.revision.story.id for issued in bundle.issued],
        "at": iso(bundle.gathering.grown_at),
        "platform": delivery.platform,
        "channel": delivery.channel,
    }
    card = _card(delivery, bundle, order)
    return _addressed(delivery, card, facts, order, mention, broadcast=delivery.op is Op.REPLY)


def _card(delivery: Delivery, bundle: Bundle, order: Order) -> Card:
    language, since = delivery.language, bundle.gathering.opened_at
    if delivery.op is Op.REPLY:
        return announcement_card(bundle.issued[0].revision, _law(bundle.issued[0]), language)
    entries = [_entry(issued, bundle.links) for issued in bundle.issued]
    if bundle.gathering.kind == "roundup":
        return roundup_card(entries, since, bundle.filed, language)
    kind = bundle.gathering.kind if bundle.gathering.kind != "digest" else _pace(order)
    if not entries:
        return nothing_card(kind, bundle.documents, bundle.chips, since, language)
    return digest_card(Contents(kind, since, entries, bundle.part, bundle.rest, len(entries) + bundle.rest), language)


def _pace(order: Order) -> str:
    """A digest that was begun before its order asked for everything at once is still a day's."""
    return order.pace if order.pace != "now" else "daily"


def _entry(issued: Issued, links: Mapping[str, str]) -> Entry:
    story = issued.revision.story
    return Entry(story, _law(issued), links.get(story.id))


def _law(issued: Issued) -> tuple[LawLine, ...]:
    return tuple(LawLine.of(record) for record in issued.law)


def _addressed(
    delivery: Delivery, card: Card, facts: dict[str, object], order: Order, mention: str, *, broadcast: bool
) -> Outgoing:
    return Outgoing(
        delivery.channel,
        card,
        delivery.key,
        facts,
        workspace=delivery.workspace,
        mention=mention,
        place=order.place,
        tags=order.tags,
        broadcast=broadcast,
    )
