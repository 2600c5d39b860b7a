"""A stored story as it stands: its facts merged from its members, its head chosen among them."""

from __future__ import annotations

from collections.abc import Sequence

from bot.model import Member, Story
from bot.pipeline.stories.merge import head_of, merge_facts
from bot.sources.canonical import canonical_link
from bot.store.stories import Seat, StoryRow


def story_from(row: StoryRow, seats: Sequence[Seat]) -> Story:
    """The story of a row and its members, of which there is at least one.

    A document that two sources carry (the same address) stands in it once, as the more trusted of them tells it.
    """
    seen: dict[str, Member] = {}
    for seat in sorted(seats, key=lambda seat: -seat.member.trust.rank):
        seen.setdefault(canonical_link(seat.member.url) if seat.member.url else f"#{seat.id}", seat.member)
    kept = [seat for seat in seats if seat.member in seen.values()]
    members = tuple(seat.member for seat in kept)
    facts = row.facts if row.archive else merge_facts(kept)
    retracted = row.retracted_at is not None
    return Story(row.id, row.began_at, row.grew_at, facts, head_of(kept).member, members, row.archive, retracted)
