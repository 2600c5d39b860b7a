"""A stored story as it stands: its facts merged from its members, its head chosen among them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from bot.model import Story
from bot.pipeline.stories.merge import head_of, merge_facts
from bot.sources.canonical import canonical_link
from bot.store.stories import Seat, StoryRow

KEPT = 256
"""Stories that are kept by the very row and members that they were made of: a reader who comes back gets the same."""


def story_from(row: StoryRow, seats: Sequence[Seat]) -> Story:
    """The story of a row and its members, of which there is at least one.

    A document that two sources carry (the same address, or the same name in a public register) stands in it once, as
    the more trusted of them tells it; of two stations of one document the later one speaks. The changes of a page,
    whose address says nothing of them, stand in it one by one.
    """
    return _made(row, *seats)


@lru_cache(maxsize=KEPT)
def _made(row: StoryRow, *seats: Seat) -> Story:
    kept = _speaking(seats)
    members = tuple(seat.member for seat in kept)
    facts = row.facts if row.archive else merge_facts(kept)
    retracted = row.retracted_at is not None
    return Story(row.id, row.began_at, row.grew_at, facts, head_of(kept).member, members, row.archive, retracted)


def _speaking(seats: Sequence[Seat]) -> list[Seat]:
    first: dict[str, Seat] = {}
    standing: dict[int, tuple[Seat, str]] = {}
    for seat in sorted(seats, key=lambda seat: -seat.member.trust.rank):
        told = seat.member.url if seat.by_address else None
        link = canonical_link(told) if told else f"#{seat.id}"
        names = [*seat.names, link]
        same = next((first[name] for name in names if name in first), seat)
        for name in names:
            first.setdefault(name, same)
        speaks = standing.get(same.id)
        later_station = seat.names and speaks and speaks[1] != link and same.member.trust is seat.member.trust
        if speaks is None or later_station:
            standing[same.id] = (seat, link)
    chosen = {seat.id for seat, _ in standing.values()}
    return [seat for seat in seats if seat.id in chosen]
