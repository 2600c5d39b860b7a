"""Cards in a terminal: a panel in the tone's colour; all that the colour says stands in words and marks as well."""

from __future__ import annotations

from datetime import datetime
from io import TextIOWrapper
from typing import IO, TYPE_CHECKING

from bot.cards.card import Button, Card, Rich, Style, Table, Tone
from bot.locale.catalogue import catalogue
from bot.model import Op
from bot.platforms.console.wrapping import Wrapped

if TYPE_CHECKING:
    from rich.console import Console as Terminal
    from rich.console import RenderableType
    from rich.panel import Panel
    from rich.text import Text

WIDEST = 100
"""Columns: longer lines are hard to read, however wide the terminal is."""

_COLOURS = {
    Tone.LAW: "red",
    Tone.SAID: "yellow",
    Tone.RUMOUR: "magenta",
    Tone.CORRECTION: "bright_red",
    Tone.ANSWER: "cyan",
    Tone.NOTICE: "blue",
}
_STYLES = {
    Style.PLAIN: "",
    Style.BOLD: "bold",
    Style.ITALIC: "italic",
    Style.STRIKE: "strike",
    Style.CODE: "bold cyan",
}


def print_card(card: Card, op: Op = Op.POST, terminal: Terminal | None = None, at: datetime | None = None) -> None:
    """Print a card as wide as the terminal allows, at most `WIDEST` columns; no colours where there is no terminal.

    `op` says whether it is an edit or a reply, `at` (UTC) when it was said.
    """
    from rich.console import Console as Terminal

    terminal = terminal or Terminal(highlight=False, emoji=False, markup=False, soft_wrap=False)
    _forgive(terminal.file)
    terminal.print(panel(card, op, at), width=min(terminal.width, WIDEST))


def _forgive(file: IO[str]) -> None:
    """Where the terminal's encoding lacks an arrow or a Chinese character, a question mark stands there instead."""
    if isinstance(file, TextIOWrapper) and file.errors == "strict" and file.encoding.lower() not in ("utf-8", "utf8"):
        file.reconfigure(errors="replace")


def panel(card: Card, op: Op = Op.POST, at: datetime | None = None) -> Panel:
    """A card as a panel of rich: its words are words, whatever they look like."""
    from rich import box
    from rich.console import Group
    from rich.panel import Panel

    parts: list[RenderableType] = [Wrapped(_text(line)) for line in card.lines]
    if card.table is not None:
        parts.append(_grid(card.table))
    if card.picture is not None:
        parts.append(Wrapped(_text(_picture(card), "dim italic")))
    parts += [Wrapped(_text(line, "dim")) for line in card.footer]
    if card.buttons:
        parts.append(Wrapped(_buttons(card.buttons)))
    heading = [Wrapped(_text(card.marks, _COLOURS[card.tone]))] if card.marks else []
    heading.append(Wrapped(_text(card.title)))
    return Panel(
        Group(*heading, *parts),
        title=_word_of(card, op),
        title_align="left",
        subtitle=_when(card, at),
        subtitle_align="right",
        border_style=_COLOURS[card.tone],
        box=box.ROUNDED,
        padding=(0, 1),
    )


def _word_of(card: Card, op: Op) -> Text | None:
    """What an edit or a reply is, since a terminal shows it below what it belongs to."""
    from rich.text import Text

    return None if op is Op.POST else Text(catalogue(card.language).text(f"console.{op}"))


def _when(card: Card, at: datetime | None) -> Text | None:
    from rich.text import Text

    return None if at is None else Text(catalogue(card.language).text("console.at", day=at, at=at), "dim")


def _text(line: Rich, base: str = "") -> Text:
    from rich.style import Style as Look
    from rich.text import Text

    text = Text(style=base, overflow="fold")
    for span in line:
        look = Look.parse(_STYLES[span.style])
        if span.url:
            look += Look(link=visible(span.url), underline=True)
        text.append(visible(span.text), look)
    return text


def visible(text: str) -> str:
    """The text without anything that a terminal would obey: control characters, escapes, and marks that turn the
    direction of writing."""
    return text if text.isascii() and text.isprintable() else "".join(filter(_is_harmless, text))


def _is_harmless(char: str) -> bool:
    if char < " " or "\x7f" <= char <= "\x9f" or "\ud800" <= char <= "\udfff":
        return False
    return not (
        "\u202a" <= char <= "\u202e" or "\u2066" <= char <= "\u2069" or char in "\u200e\u200f\u061c\u2028\u2029"
    )


def _grid(table: Table) -> RenderableType:
    from rich import box
    from rich.table import Table as Grid
    from rich.text import Text

    grid = Grid(box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold", expand=False)
    for name in table.header:
        grid.add_column(Text(visible(name)), overflow="fold")
    for row in table.rows:
        grid.add_row(*(Text(visible(cell)) for cell in row))
    return grid


def _picture(card: Card) -> Rich:
    from bot.cards.card import Span

    if card.picture is None:
        return ()
    alt = catalogue(card.language).text("console.picture", alt=card.picture.alt)
    return (Span(alt, url=card.picture.url),)


def _buttons(buttons: tuple[Button, ...]) -> Text:
    from rich.style import Style as Look
    from rich.text import Text

    text = Text(overflow="fold")
    for number, button in enumerate(buttons):
        look = Look(bold=True, link=visible(button.url) if button.url else None)
        text.append(" " if number else "").append(f"[{visible(button.label)}]", look)
    return text
