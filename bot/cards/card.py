"""The card: a message without a platform. Renderers turn it into a terminal panel, Components V2 or Block Kit."""

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

    `url` makes it a link; `moment` a point in time that the platform may show in the reader's own zone (`text` is
    what stands there where it cannot).
    """

    text: str
    style: Style = Style.PLAIN
    url: str | None = None
    moment: datetime | None = None


Rich = tuple[Span, ...]
"""A line of text with styles."""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of short cells under a header; renderers without tables print it in a code block."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG with its alternative text, or a specification that becomes one (`chart` names it in bot/cards/charts)."""

    alt: str
    png: bytes | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Button:
    """Something to press: `action` names the command it runs, `values` its arguments; or `url` opens a page."""

    label: str
    action: str = ""
    values: tuple[tuple[str, str], ...] = ()
    url: str | None = None
    menu: bool = False


class Tone(StrEnum):
    """What kind of word the card brings; the colour follows from it, and a mark and a word always stand beside it."""

    LAW = "law"
    SAID = "said"
    RUMOUR = "rumour"
    CORRECTION = "correction"
    ANSWER = "answer"
    NOTICE = "notice"


@dataclass(frozen=True, slots=True)
class Card:
    """A message for people, in one language.

    `marks` is the line above the title (how sure, what it does); `title` the headline; `lines` the body, each a line of
    its own, in reading order; `footer` the small print (first seen, outlets, ledger's age). `fallback` is the whole
    message as one line of plain text, for notifications and screen readers.
    """

    title: Rich
    tone: Tone = Tone.ANSWER
    language: str = "en"
    marks: Rich = ()
    lines: tuple[Rich, ...] = ()
    table: Table | None = None
    picture: Picture | None = None
    footer: tuple[Rich, ...] = ()
    buttons: tuple[Button, ...] = ()

    @property
    def fallback(self) -> str:
        """Marks and title as one line of plain text."""
        return " ".join(part for part in (plain(self.marks), plain(self.title)) if part)


def plain(rich: Rich) -> str:
    """The words of a line without their styles."""
    return "".join(span.text for span in rich)
