"""What a person typed cannot be answered: one sentence in his language, and buttons for what he may have meant."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from bot.cards.card import Button, Card, Tone
from bot.cards.cutting import clean
from bot.cards.names import place_name
from bot.errors import UserError
from bot.locale.catalogue import Catalogue, catalogue
from bot.locale.rich import Rich, Style

VALUE_LIMIT = 80
SUGGESTIONS = 3
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def problem_line(error: UserError, language: str = "en") -> Rich:
    """The error as one line; an unknown key says that something could not be understood, never an internal name."""
    say = catalogue(language)
    key = error.key if say.has(error.key) else "errors.not_understood"
    return say.say(key, **{name: _shown(say, error.key, name, value) for name, value in error.values.items()})


def problem_card(error: UserError, language: str = "en", request: Mapping[str, str] | None = None) -> Card:
    """The error as a card. `request` is what was asked (`chip`, `destination`, ...): with it, each suggestion becomes a
    button that asks again."""
    say = catalogue(language)
    line = problem_line(error, language)
    bold = all(span.style is Style.PLAIN for span in line)
    return Card(
        title=tuple(replace(span, style=Style.BOLD) for span in line) if bold else line,
        tone=Tone.NOTICE,
        language=say.language,
        buttons=_again(say, error, request or {}),
    )


def _again(say: Catalogue, error: UserError, request: Mapping[str, str]) -> tuple[Button, ...]:
    field = "destination" if error.key.endswith("destination") else "chip"
    if not request or field not in request:
        return ()
    return tuple(_button(say, {**request, field: word}) for word in _suggestions(error.values)[:SUGGESTIONS])


def _button(say: Catalogue, asked: Mapping[str, str]) -> Button:
    place = asked.get("destination", "")
    shown = place_name(say, place) if len(place) == 2 else clean(place, 40)
    label = say.text("button.suggestion", chip=clean(asked.get("chip", ""), 40), place=shown)
    return Button(label, "status", tuple(asked.items()))


def _suggestions(values: Mapping[str, Any]) -> Sequence[str]:
    many = values.get("suggestions")
    if isinstance(many, tuple | list):
        return [str(word) for word in many]
    one = values.get("suggestion")
    return [str(one)] if one else []


def _shown(say: Catalogue, key: str, name: str, value: object) -> object:
    """A value fit to show: codes of places become names, ISO days the language's own, everything else is cleaned."""
    if name == "suggestions" and key.endswith("destination") and isinstance(value, tuple | list):
        return say.form.write_list([place_name(say, str(code)) for code in value], say.form.either)
    if isinstance(value, tuple | list):
        return say.form.write_list([clean(str(word), VALUE_LIMIT) for word in value], say.form.either)
    if not isinstance(value, str):
        return value
    return date.fromisoformat(value) if name == "begins" and _DAY.fullmatch(value) else clean(value, VALUE_LIMIT)
