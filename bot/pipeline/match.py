"""Which channels want a story: a typed filter, compiled once. No query language, no regular expressions."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from bot.delivery.order import Order
from bot.model import Kind, Op, Revision, Story

Clause = tuple[str, Callable[[Order, Story], bool]]


def _wants(asked: frozenset[str], told: tuple[str, ...]) -> bool:
    return not asked or not asked.isdisjoint(told)


CLAUSES: tuple[Clause, ...] = (
    ("severity", lambda order, story: story.facts.severity.rank >= order.severity.rank),
    ("trust", lambda order, story: max(m.trust.rank for m in story.members) >= order.trust.rank),
    ("chips", lambda order, story: _wants(order.chips, story.facts.chips)),
    ("companies", lambda order, story: _wants(order.companies, story.facts.companies)),
    ("destinations", lambda order, story: _wants(order.destinations, story.facts.destinations)),
    ("kinds", lambda order, story: _wants(order.kinds, (story.facts.kind.value,))),
    ("without_kinds", lambda order, story: story.facts.kind.value not in order.without_kinds),
    ("analyses", lambda order, story: order.analyses or _tells_itself(order, story)),
    ("directions", lambda order, story: _wants(order.directions, (story.facts.direction.value,))),
    ("sources", lambda order, story: _wants(order.sources, tuple(m.source for m in story.members))),
    ("words", lambda order, story: not order.words or _says(story, order.words)),
    ("all_words", lambda order, story: _says_all(story, order.all_words)),
    ("without_words", lambda order, story: not order.without_words or not _says(story, order.without_words)),
)


def _titles(story: Story) -> str:
    return "\n".join(member.title for member in story.members).casefold()


def _tells_itself(order: Order, story: Story) -> bool:
    """Whether a story tells a thing and not only what somebody thinks of it; who asks for analyses gets them."""
    return story.facts.kind is not Kind.ANALYSIS or Kind.ANALYSIS.value in order.kinds


def _says(story: Story, words: tuple[str, ...]) -> bool:
    titles = _titles(story)
    return any(word in titles for word in words)


def _says_all(story: Story, words: tuple[str, ...]) -> bool:
    return not words or all(word in _titles(story) for word in words)


def refusal(order: Order, story: Story) -> str | None:
    """The first clause of an order that a story does not meet; None when the channel gets it."""
    return next((name for name, holds in CLAUSES if not holds(order, story)), None)


UNREADABLE = "unreadable"
"""The word for an order that asks for nothing because it cannot be read."""


def refusal_of(stored: Mapping[str, Any], story: Story) -> str | None:
    """As `refusal`, for an order's stored form; `UNREADABLE` for one of another version or by another hand."""
    try:
        return refusal(Order.of(stored), story)
    except ValueError:
        return UNREADABLE


@lru_cache(4096)
def order_of(stored: str) -> Order:
    """An order from its stored text; thousands of channels have the very same. Raises ValueError as `Order.of`."""
    return Order.of(json.loads(stored))


def op_for(order: Order, revision: Revision, told: bool) -> Op | None:
    """What a revision does in a channel that has the story's head (`told`) or has not; None for nothing.

    A channel that did not want the story at first gets it as a new post once it has grown into what was asked for.
    A correction goes wherever the mistake stands, as an edit and a reply whatever the order says of growth, and
    nowhere else; so does the pointer to the story that another has become.
    """
    if revision.corrects or "merged" in revision.rise:
        return revision.op if told else None
    if not told:
        wanted = revision.op is not Op.REPLY and refusal(order, revision.story) is None
        return Op.POST if wanted else None
    if revision.op is Op.REPLY:
        return {"edit": None, "reply": Op.REPLY, "new": Op.POST}[order.growth]
    return revision.op


def op_in(stored: str, revision: Revision, told: bool) -> Op | None:
    """As `op_for`, for an order's stored text. One that cannot be read asks for nothing: it would else hold up every
    channel's alerts, since all are addressed in one transaction."""
    try:
        return op_for(order_of(stored), revision, told)
    except ValueError:
        return None
