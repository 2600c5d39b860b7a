"""Forms as modals: at most five fields, each under its label; and what a person filled in, by the fields' names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from bot.cards.card import Field, FieldKind, Form
from bot.platforms.discord.markup import fit
from bot.platforms.discord.render import CUSTOM_ID_LIMIT, OPTIONS, Body, Pack, options_of

FIELDS, TITLE_LIMIT, LABEL_LIMIT, HELP_LIMIT, TEXT_LIMIT = 5, 45, 45, 100, 4000
_TEXT_INPUT, _SELECT, _ROLES, _CHANNELS = 4, 3, 6, 8
_ID = re.compile(r"[1-9][0-9]{0,18}")
"""A number of Discord's: 63 bits, with no zeros before it."""


def modal_of(form: Form, pack: Pack) -> Body:
    """The window of a form. Fields beyond the fifth, and lists without choices, are left out. Raises ValueError where
    its values cannot be carried."""
    fields = [made for each in form.fields if (made := _field(each)) is not None]
    return {
        "custom_id": pack(form.action, form.values),
        "title": fit(form.title, TITLE_LIMIT) or "…",
        "components": fields[:FIELDS],
    }


def filled_in(components: list[Any]) -> Mapping[str, str | tuple[str, ...]]:
    """What was filled in: texts, and the chosen values of lists, by the fields' names."""
    found: dict[str, str | tuple[str, ...]] = {}
    for each in _inputs(components):
        name = each.get("custom_id")
        if not isinstance(name, str):
            continue
        if "values" in each:
            found[name] = tuple(str(value) for value in each["values"] or ())
        elif isinstance(each.get("value"), str):
            found[name] = each["value"]
    return found


def _inputs(components: list[Any]) -> Iterator[Mapping[str, Any]]:
    """The inputs of labels and of rows."""
    for each in components:
        if not isinstance(each, Mapping):
            continue
        if isinstance(inner := each.get("component"), Mapping):
            yield inner
        yield from (input_ for input_ in each.get("components") or () if isinstance(input_, Mapping))


def _field(field: Field) -> Body | None:
    component = _text_input(field) if field.kind in (FieldKind.TEXT, FieldKind.LONG_TEXT) else _list(field)
    if component is None:
        return None
    label: Body = {"type": 18, "label": fit(field.label, LABEL_LIMIT) or "…", "component": component}
    if words := fit(field.help, HELP_LIMIT):
        label["description"] = words
    return label


def _text_input(field: Field) -> Body:
    made: Body = {
        "type": _TEXT_INPUT,
        "custom_id": field.name[:CUSTOM_ID_LIMIT] or "-",
        "style": 2 if field.kind is FieldKind.LONG_TEXT else 1,
        "required": field.required,
        "max_length": _most(field),
    }
    if field.chosen and (text := _written(field, field.chosen[0])):
        made["value"] = text
    return made


def _most(field: Field) -> int:
    """The characters that may be written: what is longer is stopped while it can still be cut."""
    return max(1, min(field.longest or TEXT_LIMIT, TEXT_LIMIT))


def _written(field: Field, text: str) -> str:
    """What stands in a field: one line, or as many as the field has."""
    if field.kind is not FieldKind.LONG_TEXT:
        return fit(text, _most(field))
    lines, left = [], _most(field)
    for line in text.splitlines():
        if left <= 1:
            break
        lines.append(fit(line, left))
        left -= len(lines[-1]) + 1
    return "\n".join(lines).strip("\n")


def _list(field: Field) -> Body | None:
    most = max(1, min(field.most, OPTIONS))
    made: Body = {"custom_id": field.name[:CUSTOM_ID_LIMIT] or "-", "required": field.required}
    if field.kind is FieldKind.SELECT:
        options = options_of(field.options, field.chosen, most)
        if not options:
            return None
        made |= {"type": _SELECT, "options": options}
        most = min(most, len(options))
    else:
        role = field.kind is FieldKind.ROLE
        made["type"] = _ROLES if role else _CHANNELS
        known = [id_ for id_ in field.chosen if _ID.fullmatch(id_)][:most]
        if known:
            made["default_values"] = [{"id": id_, "type": "role" if role else "channel"} for id_ in known]
    return made | {"min_values": 1 if field.required else 0, "max_values": most}
