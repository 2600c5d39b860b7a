"""The card: a message without a platform. Renderers turn it into a terminal panel, Components V2 or Block Kit."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.locale.rich import Rich, Span, Style, plain

__all__ = [
    "Button",
    "Card",
    "Field",
    "FieldKind",
    "Form",
    "Option",
    "Picture",
    "Rich",
    "Select",
    "Span",
    "Style",
    "Table",
    "Tone",
    "plain",
]


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


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a list. `value` goes back to the command, at most 100 characters."""

    value: str
    label: str
    help: str = ""


@dataclass(frozen=True, slots=True)
class Select:
    """A list to choose from: `action` and `values` as a button's; what was chosen arrives as the argument `name`."""

    name: str
    label: str
    action: str
    options: tuple[Option, ...]
    chosen: tuple[str, ...] = ()
    most: int = 1
    values: tuple[tuple[str, str], ...] = ()


class FieldKind(StrEnum):
    """What a field of a form takes; roles and channels are the platform's own."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    SELECT = "select"
    ROLE = "role"
    CHANNEL = "channel"


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that a form asks. `chosen` are option values, or the text there; `most` is 1 for one choice; `longest`
    the characters that the command takes of a text, where it says so."""

    name: str
    label: str
    kind: FieldKind = FieldKind.TEXT
    help: str = ""
    options: tuple[Option, ...] = ()
    chosen: tuple[str, ...] = ()
    most: int = 1
    required: bool = False
    longest: int | None = None


@dataclass(frozen=True, slots=True)
class Form:
    """A window with at most five fields; sent off, it runs `action` with `values` and what was filled in."""

    title: str
    action: str
    fields: tuple[Field, ...]
    values: tuple[tuple[str, str], ...] = ()
    submit: str = ""
    language: str = "en"


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
    selects: tuple[Select, ...] = ()

    @property
    def fallback(self) -> str:
        """Marks and title as one line of plain text."""
        return " ".join(part for part in (plain(self.marks), plain(self.title)) if part)
