"""From a stored revision to the message that a channel gets: in its language, as late as possible."""

from __future__ import annotations

from dataclasses import replace
from zoneinfo import ZoneInfo

from bot.cards.alert import alert_card, reply_card
from bot.cards.dates import with_dates
from bot.cards.facts import facts_json
from bot.cards.flips import with_flips
from bot.cards.law import LawLine
from bot.cards.review import with_review_pending
from bot.delivery.platform import Outgoing
from bot.model import Op
from bot.store.deliveries import Delivery
from bot.store.stories import Issued

EASTERN = ZoneInfo("America/New_York")
"""Where the days begin that the documents of the United States name."""


def outgoing(delivery: Delivery, issued: Issued) -> Outgoing:
    """The message of one delivery. What it does in this channel (`delivery.op`) may differ from what the revision does
    elsewhere: a channel that joins late gets a post where others get an edit."""
    here = replace(issued.revision, op=delivery.op)
    lines = tuple(LawLine.of(record) for record in issued.law)
    render = reply_card if issued.revision.op is Op.REPLY else alert_card
    card = render(here, lines, delivery.language)
    if issued.pending and issued.revision.op is not Op.REPLY:
        card = with_review_pending(card, delivery.language)
    if issued.revision.op is not Op.REPLY:
        on = issued.revision.at.astimezone(EASTERN).date()
        card = with_dates(card, issued.days, on, delivery.language)
    if issued.flips:
        card = with_flips(card, issued.flips, delivery.language)
    return Outgoing(delivery.channel, card, delivery.key, facts_json(here, delivery.platform, delivery.channel))
