"""A stored story in one line: for lists, searches and digests."""

from __future__ import annotations

from collections.abc import Sequence

from bot.cards.cutting import clean, cut_rich
from bot.cards.headline import plain_headline
from bot.cards.law import LawLine
from bot.cards.quotation import safe_url
from bot.locale.catalogue import Catalogue
from bot.locale.rich import Rich, Span
from bot.model import Story

LINE_LIMIT = 320


def headline_now(say: Catalogue, story: Story, law: Sequence[LawLine] = ()) -> str:
    """The headline in the reader's language; of a story that was taken back it says so."""
    headline = plain_headline(say, story, law)
    return say.text("news.taken_back", headline=headline) if story.retracted else headline


def story_line(say: Catalogue, story: Story) -> Rich:
    """The day, the headline in the reader's language, who says it, how many documents, and the story's id."""
    head = story.head
    return cut_rich(
        say.say(
            "news.line",
            day=story.grew_at,
            headline=headline_now(say, story),
            trust=say.text(f"names.trust.{story.facts.trust}"),
            source=(Span(clean(head.source_name, 48), url=safe_url(head.url)),),
            n=len(story.members),
            story=story.id,
        ),
        LINE_LIMIT,
    )
