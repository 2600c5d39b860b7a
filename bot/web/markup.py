"""Cards and styled lines as HTML: every word escaped, links only to http and https, nothing else survives."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode

from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup, escape

from bot.cards.card import Button, Card, Rich, Span, Style, Table
from bot.cards.quotation import safe_url
from bot.clock import iso

_STYLED = {
    Style.BOLD: Markup("<strong>{}</strong>"),
    Style.ITALIC: Markup("<em>{}</em>"),
    Style.STRIKE: Markup("<del>{}</del>"),
    Style.CODE: Markup("<code>{}</code>"),
}


def rich_markup(line: Rich) -> Markup:
    """A styled line."""
    return Markup("").join(_span(span) for span in line)


def _span(span: Span) -> Markup:
    inner: Markup = escape(span.text)
    if span.moment is not None:
        inner = Markup('<time datetime="{}">{}</time>').format(iso(span.moment), inner)
    if span.style in _STYLED:
        inner = _STYLED[span.style].format(inner)
    url = safe_url(span.url)
    return Markup('<a href="{}" rel="noopener nofollow ugc">{}</a>').format(url, inner) if url else inner


def card_markup(card: Card, level: int = 2, actions: bool = True) -> Markup:
    """A card as an article. `level` is that of its heading; `actions` shows the buttons that lead to a page."""
    parts = []
    if card.marks:
        parts.append(Markup('<p class="marks">{}</p>').format(rich_markup(card.marks)))
    parts.append(Markup("<h{0}>{1}</h{0}>").format(level, rich_markup(card.title)))
    parts += [Markup("<p>{}</p>").format(rich_markup(line)) for line in card.lines]
    if card.table is not None:
        parts.append(table_markup(card.table))
    parts += [Markup('<p class="small">{}</p>').format(rich_markup(line)) for line in card.footer]
    buttons = [made for button in card.buttons if (made := _button(button))] if actions else []
    if buttons:
        parts.append(Markup('<p class="buttons">{}</p>').format(Markup(" ").join(buttons)))
    return Markup('<article class="card tone-{}" lang="{}">{}</article>').format(
        card.tone.value, card.language, Markup("").join(parts)
    )


def table_markup(table: Table) -> Markup:
    """A table that scrolls by itself where it is wider than the page."""
    head = Markup("").join(Markup('<th scope="col">{}</th>').format(cell) for cell in table.header)
    rows = Markup("").join(
        Markup("<tr>{}</tr>").format(Markup("").join(Markup("<td>{}</td>").format(cell) for cell in row))
        for row in table.rows
    )
    return Markup(
        '<div class="scroll" tabindex="0"><table><thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>'
    ).format(head, rows)


class Drawing(NamedTuple):
    """A picture as the page draws it: in words for whoever cannot see it, and its specification, escaped."""

    description: str
    specification: Markup


def drawing_of(spec: Mapping[str, Any]) -> Drawing:
    """The drawing of a Vega-Lite specification."""
    return Drawing(str(spec["description"]), htmlsafe_json_dumps(spec))


def _button(button: Button) -> Markup | None:
    """A button that leads somewhere on the board; what only a chat can do is left out."""
    url = safe_url(button.url) or page_of(button)
    return Markup('<a class="button" href="{}">{}</a>').format(url, button.label) if url else None


def page_of(button: Button) -> str | None:
    """The page that says what a button's command would."""
    values = dict(button.values)
    action = button.action.rpartition(".")[2]
    if action == "status" and values.get("chip") and values.get("destination"):
        rest = {name: values[name] for name in ("on", "known_on", "buyer_hq") if values.get(name)}
        return status_path(values["chip"], values["destination"]) + (f"?{urlencode(rest)}" if rest else "")
    if action in ("sources", "story") and values.get("story"):
        return f"/stories/{quote(values['story'], safe='')}"
    return None


def status_path(chip: str, place: str) -> str:
    """The address of a status page."""
    return f"/status/{quote(chip, safe='')}/{quote(place, safe='')}"
