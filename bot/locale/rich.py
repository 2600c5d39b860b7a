"""A line of words with styles: what a message becomes once its placeholders are filled, and what cards are made of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Style(StrEnum):
    """How a run of words looks."""

    PLAIN = "plain"
    BOLD = "bold"
    ITALIC = "italic"
    STRIKE = "strike"
    """Removed words; always beside a mark or word, never by look alone."""
    CODE = "code"


@dataclass(frozen=True, slots=True)
class Span:
    """A run of words in one style. `text` is plain text of any origin: the renderer escapes it, once.

    `url` makes it a link; `moment` a point in time that the platform may show in the reader's own zone; `channel` is
    the id of a channel that it may show by its name (`text` is what stands there where it cannot).
    """

    text: str
    style: Style = Style.PLAIN
    url: str | None = None
    moment: datetime | None = None
    channel: str = ""


Rich = tuple[Span, ...]
"""A line of text with styles."""


def plain(rich: Rich) -> str:
    """The words of a line without their styles."""
    return "".join(span.text for span in rich)
