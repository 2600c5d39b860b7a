"""What a message says, for machines: the object that the command line prints for each post, edit and reply."""

from __future__ import annotations

from bot.cards.cutting import encodable
from bot.clock import iso
from bot.model import Member, Revision


def facts_json(revision: Revision, platform: str, channel: str) -> dict[str, object]:
    """The facts of a revision as JSON values; the card itself is added by whoever prints it.

    `documents` lists every document that the story stands on at that moment, in the order of its members.
    """
    story = revision.story
    facts = story.facts
    return {
        "op": revision.op.value,
        "story": story.id,
        "revision": revision.number,
        "at": iso(revision.at),
        "platform": platform,
        "channel": channel,
        "documents": [_document(member) for member in story.members],
        "chips": list(facts.chips),
        "companies": list(facts.companies),
        "origin": list(facts.origin),
        "destinations": list(facts.destinations),
        "kind": facts.kind.value,
        "direction": facts.direction.value,
        "trust": facts.trust.value,
        "severity": facts.severity.value,
    }


def _document(member: Member) -> dict[str, object]:
    return {
        "url": encodable(member.url) if member.url else None,
        "title": encodable(member.title),
        "source": member.source,
        "trust": member.trust.value,
        "published": iso(member.published),
    }
