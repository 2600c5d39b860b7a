"""Forms as modal views, and what a person filled in as values again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.cards.card import Card, Field, FieldKind, Form
from bot.locale.catalogue import catalogue
from bot.platforms.slack.call import Call, packed
from bot.platforms.slack.mrkdwn import length, plain_text, unescape
from bot.platforms.slack.render import Block, blocks, label, options

CALLBACK = "form"
SHOWN = "shown"
TITLE_LIMIT = 24
LABEL_LIMIT = 2000
METADATA_LIMIT = 3000
TEXT_LIMIT = 3000
MOST_BLOCKS = 100
ELEMENT = "value"


def view(form: Form, origin: str = "") -> Block:
    """A form as a modal view. `origin` is where it was asked for (workspace, channel, message), kept in it.

    What a person would see changed by a limit is cut with an ellipsis; a field without choices is left out.
    """
    say = catalogue(form.language)
    inputs = [made for field in form.fields[:MOST_BLOCKS] if (made := _input(field, form.language)) is not None]
    if not inputs:
        inputs = [{"type": "section", "text": {"type": "mrkdwn", "text": "…"}}]
    call = packed(Call(form.action, form.values, origin or "-"), METADATA_LIMIT)
    return {
        "type": "modal",
        "callback_id": CALLBACK,
        "title": label(form.title, TITLE_LIMIT),
        "submit": label(form.submit or say.text("slack.modal.submit"), TITLE_LIMIT),
        "close": label(say.text("slack.modal.close"), TITLE_LIMIT),
        "private_metadata": call or "",
        "blocks": inputs,
    }


def waiting(language: str, metadata: str = "") -> Block:
    """What stands in a window while the answer is being made: Slack waits three seconds, an answer may take longer."""
    say = catalogue(language)
    text = {"type": "section", "text": {"type": "plain_text", "text": say.text("slack.modal.wait"), "emoji": False}}
    return _frame([text], language, metadata)


def showing(cards: tuple[Card, ...], language: str, metadata: str = "") -> Block:
    """Cards in a window; their buttons keep the place that it was opened from."""
    made = [block for card in cards for block in blocks(card, table=False)][:MOST_BLOCKS]
    return _frame(made, language, metadata)


def _frame(content: list[Block], language: str, metadata: str) -> Block:
    say = catalogue(language)
    return {
        "type": "modal",
        "callback_id": SHOWN,
        "title": label(say.text("slack.modal.title"), TITLE_LIMIT),
        "close": label(say.text("slack.modal.close"), TITLE_LIMIT),
        "private_metadata": metadata,
        "blocks": content,
    }


def _input(field: Field, language: str) -> Block | None:
    element = _element(field, language)
    if element is None:
        return None
    made: Block = {
        "type": "input",
        "block_id": field.name,
        "label": label(field.label, LABEL_LIMIT),
        "element": {**element, "action_id": ELEMENT},
        "optional": not field.required,
    }
    if field.help.strip():
        made["hint"] = label(field.help, LABEL_LIMIT)
    return made


def _element(field: Field, language: str) -> Block | None:
    many = field.most > 1
    if field.kind in (FieldKind.TEXT, FieldKind.LONG_TEXT):
        made: Block = {"type": "plain_text_input", "multiline": field.kind is FieldKind.LONG_TEXT, "max_length": 3000}
        if field.chosen and field.chosen[0]:
            made["initial_value"] = _lines(field.chosen[0])
        return made
    if field.kind is FieldKind.CHANNEL:
        made = {"type": "multi_conversations_select" if many else "conversations_select"}
        made["filter"] = {"include": ["public", "private"], "exclude_bot_users": True}
        return made | _chosen(field, many, "initial_conversation")
    if field.kind is FieldKind.ROLE:
        return _role(field)
    found = options(field.options)
    if not found:
        return None
    chosen = [option for option in found if option["value"] in field.chosen]
    made = {"type": "multi_static_select" if many else "static_select", "options": found}
    if many:
        made["max_selected_items"] = min(field.most, len(found))
        return made | ({"initial_options": chosen[: field.most]} if chosen else {})
    return made | ({"initial_option": chosen[0]} if chosen else {})


def _lines(text: str) -> str:
    """A text of several lines, each escaped, all together within the limit."""
    found: list[str] = []
    left = TEXT_LIMIT
    for line in text.splitlines():
        if left <= 1:
            break
        made = plain_text(line, left - 1) if line.strip() else ""
        found.append(made)
        left -= length(made) + 1
    return "\n".join(found)


def _role(field: Field) -> Block:
    """User groups have no list of Slack's own in a window: their handle or id is typed."""
    made: Block = {"type": "plain_text_input", "multiline": False, "max_length": 80}
    if field.chosen and field.chosen[0]:
        made["initial_value"] = plain_text(field.chosen[0], 80)
    return made


def _chosen(field: Field, many: bool, name: str) -> Block:
    if not field.chosen:
        return {"max_selected_items": field.most} if many else {}
    if many:
        return {"max_selected_items": field.most, f"{name}s": list(field.chosen[: field.most])}
    return {name: field.chosen[0]}


def filled(state: Mapping[str, Any]) -> dict[str, str | tuple[str, ...]]:
    """What was filled in, by field: a text, or for lists the values that were chosen. Empty fields are left out."""
    found: dict[str, str | tuple[str, ...]] = {}
    for name, elements in state.get("values", {}).items():
        for element in elements.values():
            value = _value(element)
            if value:
                found[name] = value
    return found


def _value(element: Mapping[str, Any]) -> str | tuple[str, ...]:
    match element.get("type"):
        case "plain_text_input":
            return unescape(str(element.get("value") or ""))
        case "static_select":
            return str((element.get("selected_option") or {}).get("value", ""))
        case "multi_static_select":
            return tuple(str(option["value"]) for option in element.get("selected_options") or ())
        case "conversations_select":
            return str(element.get("selected_conversation") or "")
        case "multi_conversations_select":
            return tuple(str(each) for each in element.get("selected_conversations") or ())
        case "datepicker":
            return str(element.get("selected_date") or "")
        case "users_select":
            return str(element.get("selected_user") or "")
        case _:
            return ""
