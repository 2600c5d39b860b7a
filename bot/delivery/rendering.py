"""From a stored revision to the message that a channel gets: in its language, as late as possible."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.cards.alert import LawLine, alert_card, reply_card
from bot.cards.facts import facts_json
from bot.delivery.platform import Outgoing
from bot.model import Op, Revision
from bot.store.deliveries import Delivery
from bot.store.records import Record


def outgoing(delivery: Delivery, revision: Revision, law: Sequence[Record]) -> Outgoing:
    """The message of one delivery. What it does in this channel (`delivery.op`) may differ from what the revision does
    elsewhere: a channel that joins late gets a post where others get an edit."""
    here = replace(revision, op=delivery.op)
    lines = tuple(LawLine.of(record) for record in law)
    render = reply_card if revision.op is Op.REPLY else alert_card
    card = render(here, lines, delivery.language)
    return Outgoing(delivery.channel, card, delivery.key, facts_json(here, delivery.platform, delivery.channel))
