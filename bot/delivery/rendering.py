"""From a stored revision to the message that a channel gets: in its language, as late as possible."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.cards.alert import alert_card, reply_card
from bot.cards.card import Card
from bot.cards.correction import Correction, correction_card
from bot.cards.facts import facts_json
from bot.cards.flips import with_flips
from bot.cards.headline import plain_headline
from bot.cards.law import LawLine
from bot.cards.pointer import pointer_card
from bot.delivery.platform import Outgoing
from bot.locale.catalogue import catalogue
from bot.model import Op, Revision
from bot.store.deliveries import Delivery
from bot.store.records import revision_of
from bot.store.stories import Issued


def outgoing(delivery: Delivery, issued: Issued) -> Outgoing:
    """The message of one delivery. What it does in this channel (`delivery.op`) may differ from what the revision does
    elsewhere: a channel that joins late gets a post where others get an edit."""
    here = replace(issued.revision, op=delivery.op)
    lines = tuple(LawLine.of(record) for record in issued.law)
    card = _card(issued, here, lines, delivery.language)
    if issued.flips:
        card = with_flips(card, issued.flips, delivery.language)
    return Outgoing(delivery.channel, card, delivery.key, facts_json(here, delivery.platform, delivery.channel))


def _card(issued: Issued, here: Revision, law: Sequence[LawLine], language: str) -> Card:
    """A correction and a pointer take the place of whatever stood there; else what the story says."""
    beside = issued.beside
    if "correction" in beside:
        return _correction(here, beside["correction"], law, language)
    if "survivor" in beside:
        return pointer_card(revision_of(beside["survivor"]).story, law, language)
    render = reply_card if issued.revision.op is Op.REPLY else alert_card
    return render(here, law, language)


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
