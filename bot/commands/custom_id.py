"""What a button, list or form carries back: the action and its values, in the hundred characters that platforms give.

A check at the end tells ours from foreign and shortened ones. It guards nothing by itself: whoever presses is asked for
his rights again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from urllib.parse import quote, unquote

from bot.commands import registry

LONGEST = 100
_MARK = "cw:"
_CHECK = 6


def pack(action: str, values: Mapping[str, str] | Iterable[tuple[str, str]] = ()) -> str:
    """The action and its values as one string. Raises ValueError where they do not fit."""
    pairs = values.items() if isinstance(values, Mapping) else values
    fields = "&".join(f"{name}={_escaped(value)}" for name, value in pairs)
    body = f"{_MARK}{action}?{fields}" if fields else f"{_MARK}{action}"
    packed = f"{body}#{_check(body)}"
    if len(packed) > LONGEST:
        raise ValueError(f"{action} with {fields!r} does not fit into {LONGEST} characters")
    return packed


def fits(action: str, values: Iterable[tuple[str, str]]) -> bool:
    """Whether a button can carry this."""
    try:
        pack(action, values)
    except ValueError:
        return False
    return True


def unpack(packed: str) -> tuple[str, dict[str, str]] | None:
    """What was packed: the action's path or name, and its values. None for a foreign, damaged or forged string, for an
    action that does not exist, and for values that it does not take."""
    if len(packed) > LONGEST or not packed.startswith(_MARK):
        return None
    body, _, check = packed.rpartition("#")
    if not body or check != _check(body):
        return None
    action, _, fields = body.removeprefix(_MARK).partition("?")
    command = registry.find(action)
    if command is None:
        return None
    values: dict[str, str] = {}
    for field in filter(None, fields.split("&")):
        name, sign, value = field.partition("=")
        if not sign or command.parameter(name) is None or name in values:
            return None
        values[name] = unquote(value)
    return action, values


def _escaped(value: str) -> str:
    """Only what would be taken for a border is escaped: letters of all scripts stay one character each."""
    return "".join(quote(char, safe="") if char in "%&=#?" or not char.isprintable() else char for char in value)


def _check(body: str) -> str:
    return hashlib.blake2b(body.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()[:_CHECK]
