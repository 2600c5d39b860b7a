"""What a button, a list or a window carries back: the action that it runs and with which values."""

from __future__ import annotations

import json
from dataclasses import dataclass

VALUE_LIMIT = 2000


@dataclass(frozen=True, slots=True)
class Call:
    """An action with its values; `name` is the argument that what is chosen becomes."""

    action: str
    values: tuple[tuple[str, str], ...] = ()
    name: str = ""


def packed(call: Call, limit: int = VALUE_LIMIT) -> str | None:
    """The call as text of ASCII without < > &, which Slack gives back as it was; None where it is too long."""
    parts: list[object] = [call.action, *(list(pair) for pair in call.values)]
    if call.name:
        parts.append(call.name)
    text = json.dumps(parts, ensure_ascii=True, separators=(",", ":"))
    text = text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")
    return text if call.action and len(text) <= limit else None


def unpacked(text: object) -> Call | None:
    """The inverse of `packed`; None for anything else."""
    if not isinstance(text, str) or len(text) > VALUE_LIMIT:
        return None
    try:
        parts = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(parts, list) or not parts or not isinstance(parts[0], str) or not parts[0]:
        return None
    name = parts.pop() if len(parts) > 1 and isinstance(parts[-1], str) else ""
    pairs = parts[1:]
    if not all(isinstance(p, list) and len(p) == 2 and all(isinstance(word, str) for word in p) for p in pairs):
        return None
    return Call(parts[0], tuple((p[0], p[1]) for p in pairs), name)
