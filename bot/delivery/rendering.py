"""From a stored revision to the message that a channel gets: in its language, as late as possible."""

from __future__ import annotations

from dataclasses import replace

from bot.cards.alert import alert_card, reply_card
from bot.cards.details import with_details
from bot.cards.facts import facts_json
from bot.cards.flips import with_flips
from bot.cards.law import LawLine
from bot.cards.rows import with_watch_hits
from bot.delivery.platform import Outgoing
from bot.model import Op
from bot.store.deliveries import Delivery
from bot.store.engine import Connection
from bot.store.stories import Issued
from bot.store.watchlists import Hits, Owner, OwnerKind, hits_of


def watched_in(conn: Connection, delivery: Delivery, issued: Issued) -> Hits | None:
    """What a revision touches of the watch list of the channel that it goes to; None where nothing is."""
    owner = Owner(delivery.platform, OwnerKind.CHANNEL, delivery.channel)
    rows = [detail["rows"] for detail in issued.details if "rows" in detail]
    return hits_of(conn, owner, rows[-1]) if rows else None


def outgoing(delivery: Delivery, issued: Issued, watched: Hits | None = None) -> Outgoing:
    """The message of one delivery. What it does in this channel (`delivery.op`) may differ from what the revision does
    elsewhere: a channel that joins late gets a post where others get an edit. `watched` is what the revision touches of
    this channel's own watch list, which no other channel sees."""
    here = replace(issued.revision, op=delivery.op)
    lines = tuple(LawLine.of(record) for record in issued.law)
    render = reply_card if issued.revision.op is Op.REPLY else alert_card
    card = render(here, lines, delivery.language)
    if issued.details and render is alert_card:
        card = with_details(card, issued.details, delivery.language, here.story.id)
    if watched is not None and render is alert_card:
        card = with_watch_hits(card, watched.watched, [hit.json() for hit in watched.hits], delivery.language)
    if issued.flips:
        card = with_flips(card, issued.flips, delivery.language)
    return Outgoing(delivery.channel, card, delivery.key, facts_json(here, delivery.platform, delivery.channel))
