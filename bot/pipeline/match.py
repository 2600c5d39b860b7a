"""Which channels want a story: a typed filter, compiled once. No query language, no regular expressions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.model import Kind, Op, Revision, Severity, Story, Trust

GROWTHS = ("edit", "reply", "new")


@dataclass(frozen=True, slots=True)
class Order:
    """A channel's standing order. Empty lists ask for everything; lists of different fields must all be met.

    `analyses` lets analyses, memos and opinion begin a message; without it they only join one. `without_words` and
    `words` look at the titles, casefolded. `growth` is what a grown story does: `edit` only,
    `reply` under it as well when it rises (the default), or a `new` message.
    """

    chips: frozenset[str] = frozenset()
    companies: frozenset[str] = frozenset()
    destinations: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()
    without_kinds: frozenset[str] = frozenset()
    directions: frozenset[str] = frozenset()
    sources: frozenset[str] = frozenset()
    words: tuple[str, ...] = ()
    without_words: tuple[str, ...] = ()
    severity: Severity = Severity.LOW
    trust: Trust = Trust.RUMOUR
    growth: str = "reply"
    analyses: bool = False

    @classmethod
    def of(cls, record: Mapping[str, Any]) -> Order:
        """An order from its stored form. Raises ValueError for a value that does not exist."""
        growth = record.get("growth", "reply")
        if growth not in GROWTHS:
            raise ValueError(f"growth is one of {', '.join(GROWTHS)}, not {growth!r}")
        sets = ("chips", "companies", "destinations", "kinds", "without_kinds", "directions", "sources")
        return cls(
            **{name: frozenset(record.get(name, ())) for name in sets},
            words=tuple(word.casefold() for word in record.get("words", ())),
            without_words=tuple(word.casefold() for word in record.get("without_words", ())),
            severity=Severity(record.get("severity", "low")),
            trust=Trust(record.get("trust", "rumour")),
            growth=growth,
            analyses=bool(record.get("analyses", False)),
        )


EVERYTHING: Mapping[str, Any] = {"growth": "reply", "analyses": True}
"""The order of the console channel that stands in where no channel has been subscribed."""

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
    ("without_words", lambda order, story: not order.without_words or not _says(story, order.without_words)),
)


def _tells_itself(order: Order, story: Story) -> bool:
    """Whether a story tells a thing and not only what somebody thinks of it; who asks for analyses gets them."""
    return story.facts.kind is not Kind.ANALYSIS or Kind.ANALYSIS.value in order.kinds


def _says(story: Story, words: tuple[str, ...]) -> bool:
    titles = "\n".join(member.title for member in story.members).casefold()
    return any(word in titles for word in words)


def refusal(order: Order, story: Story) -> str | None:
    """The first clause of an order that a story does not meet; None when the channel gets it."""
    return next((name for name, holds in CLAUSES if not holds(order, story)), None)


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
