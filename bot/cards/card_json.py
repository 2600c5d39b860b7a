"""A card as JSON values, and back: for machine readers, journals and stores."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.cards.card import Button, Card, Picture, Rich, Span, Style, Table, Tone


def card_json(card: Card) -> dict[str, Any]:
    """A card with what it has and nothing else: empty parts are left out, a plain span is its text alone."""
    found: dict[str, Any] = {
        "tone": card.tone.value,
        "language": card.language,
        "marks": _line(card.marks),
        "title": _line(card.title),
        "lines": [_line(line) for line in card.lines],
        "table": {"header": list(card.table.header), "rows": [list(r) for r in card.table.rows]}
        if card.table
        else None,
        "picture": _picture(card.picture) if card.picture else None,
        "footer": [_line(line) for line in card.footer],
        "buttons": [_button(button) for button in card.buttons],
    }
    return {name: value for name, value in found.items() if value}


def card_of(record: Mapping[str, Any]) -> Card:
    """The inverse of `card_json`."""
    table, picture = record.get("table"), record.get("picture")
    return Card(
        title=_rich(record.get("title", ())),
        tone=Tone(record["tone"]),
        language=record["language"],
        marks=_rich(record.get("marks", ())),
        lines=tuple(_rich(line) for line in record.get("lines", ())),
        table=Table(tuple(table["header"]), tuple(tuple(row) for row in table["rows"])) if table else None,
        picture=_picture_of(picture) if picture else None,
        footer=tuple(_rich(line) for line in record.get("footer", ())),
        buttons=tuple(_button_of(button) for button in record.get("buttons", ())),
    )


def _line(line: Rich) -> list[Any]:
    return [_span(span) for span in line]


def _span(span: Span) -> str | dict[str, Any]:
    if span == Span(span.text):
        return span.text
    found: dict[str, Any] = {"text": span.text}
    if span.style is not Style.PLAIN:
        found["style"] = span.style.value
    if span.url is not None:
        found["url"] = span.url
    if span.moment is not None:
        found["moment"] = span.moment.isoformat()
    if span.channel:
        found["channel"] = span.channel
    return found


def _rich(line: Sequence[Any]) -> Rich:
    return tuple(Span(span) if isinstance(span, str) else _span_of(span) for span in line)


def _span_of(record: Mapping[str, Any]) -> Span:
    moment = record.get("moment")
    return Span(
        record["text"],
        Style(record.get("style", Style.PLAIN)),
        record.get("url"),
        datetime.fromisoformat(moment) if moment else None,
        record.get("channel", ""),
    )


def _picture(picture: Picture) -> dict[str, Any]:
    found: dict[str, Any] = {"alt": picture.alt}
    if picture.png is not None:
        found["png"] = base64.b64encode(picture.png).decode("ascii")
    if picture.url is not None:
        found["url"] = picture.url
    return found


def _picture_of(record: Mapping[str, Any]) -> Picture:
    png = record.get("png")
    return Picture(record["alt"], base64.b64decode(png) if png is not None else None, record.get("url"))


def _button(button: Button) -> dict[str, Any]:
    found: dict[str, Any] = {"label": button.label}
    if button.action:
        found["action"] = button.action
    if button.values:
        found["values"] = [list(pair) for pair in button.values]
    if button.url is not None:
        found["url"] = button.url
    if button.menu:
        found["menu"] = True
    return found


def _button_of(record: Mapping[str, Any]) -> Button:
    values = tuple((name, value) for name, value in record.get("values", ()))
    return Button(record["label"], record.get("action", ""), values, record.get("url"), bool(record.get("menu", False)))
