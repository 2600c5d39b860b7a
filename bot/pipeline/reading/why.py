"""Why a document was told as it was, or not at all: what it was judged to be, its story, and each channel's answer."""

from __future__ import annotations

from collections.abc import Callable

from bot.cards.why import Place, Told, Why
from bot.model import Story
from bot.pipeline.assess.explain import Line, explanation
from bot.pipeline.match import refusal_of
from bot.pipeline.reading.retrieval import one
from bot.sources.canonical import canonical_link
from bot.store import held_documents, stories, subscriptions, traces
from bot.store.engine import Connection
from bot.store.subscriptions import SubscriptionRow
from bot.store.traces import Sending, Trace

Shown = Callable[[SubscriptionRow], bool]
"""Which channels the asker may hear of: a reader's own, an operator's all."""

LONGEST_LINK = 2000


def why(conn: Connection, link: str, shown: Shown = lambda row: True) -> Why:
    """Everything that is stored of an address. `documents` is empty where nothing is."""
    link = link.replace("\0", "").strip()[:LONGEST_LINK]  # which PostgreSQL takes in no text
    found = traces.of_alias(conn, f"link:{canonical_link(link)}", link)
    ids = [stories.story_of(conn, trace.document.source, trace.document.key) for trace in found]
    story = next((told for id_ in ids if id_ is not None and (told := one(conn, id_)) is not None), None)
    places = _places(conn, story, shown) if story is not None else ()
    documents = tuple(_told(conn, trace, id_) for trace, id_ in zip(found, ids, strict=True))
    return Why(link, documents, story, places)


def why_of(conn: Connection, story: Story, shown: Shown = lambda row: True) -> Why:
    """As `why`, for a story that is known: its places, and the reasons of the document at its head."""
    judged = traces.judged(conn, story.head.source, story.head.key)
    return Why("", (), story, _places(conn, story, shown), tuple(judged.reasons) if judged else ())


def _places(conn: Connection, story: Story, shown: Shown) -> tuple[Place, ...]:
    sent, paused = traces.posts(conn, story.id), traces.paused(conn)
    return tuple(
        _place(row, sent.get(row.id), refusal_of(row.order, story), is_paused=row.id in paused)
        for row in subscriptions.every(conn)
        if shown(row)
    )


def _told(conn: Connection, trace: Trace, story: str | None) -> Told:
    document, assessment = trace.document, trace.assessment
    held = held_documents.standing(conn, document.source, document.key)
    lines: tuple[Line, ...] = ()
    if assessment is not None:
        lines = explanation(document.title, document.summary, assessment).lines
    return Told(
        source=document.source,
        title=document.title,
        found_at=trace.found_at,
        relevant=None if assessment is None else assessment.relevant,
        held=held if held in ("waiting", "dropped") else None,
        story=story,
        labels=tuple((line.label, line.value, line.reasons) for line in lines),
    )


def _place(row: SubscriptionRow, sent: Sending | None, clause: str | None, *, is_paused: bool) -> Place:
    """What became of a story in a channel. What was posted was wanted, whatever the order says by now."""
    if sent is not None:
        return Place(row.platform, row.channel, sent.state, sent.sent_at, sent.reason or "")
    if is_paused:
        return Place(row.platform, row.channel, "paused")
    return Place(row.platform, row.channel, "refused" if clause else "untold", clause=clause or "")
