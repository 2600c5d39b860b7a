"""Guessing where the entries of a JSON answer lie and what their parts are called, where nobody has said so."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

DEEPEST = 3
_NAMES: Mapping[str, Sequence[str]] = {
    "key": ("id", "objectID", "guid", "uuid", "key", "slug", "number"),
    "title": ("title", "headline", "name", "subject", "text", "content"),
    "link": ("url", "link", "html_url", "permalink", "href", "uri"),
    "date": (
        "published", "published_at", "date_published", "publishedAt", "postedDate", "created_at", "seendate", "date",
        "datetime", "updated_at", "timestamp",
    ),
    "summary": ("summary", "abstract", "description", "excerpt", "story_text"),
    "spoken": ("language", "lang"),
    "type": ("documentType",),
}  # fmt: skip
"""What services call the parts of an entry, the likeliest first."""


def plan_of(page: Any) -> Mapping[str, str] | None:
    """JMESPath expressions for the longest list of objects with a key or a link, and a title or a date; else None."""
    best: tuple[int, dict[str, str]] | None = None
    for path, entries in _lists(page, "", DEEPEST):
        plan = _parts(entries)
        if plan is not None and (best is None or len(entries) > best[0]):
            best = (len(entries), {"items": path or "@", **plan})
    return best[1] if best else None


def _lists(value: Any, path: str, depth: int) -> Iterator[tuple[str, Sequence[Mapping[str, Any]]]]:
    if isinstance(value, list):
        if value and all(isinstance(entry, dict) for entry in value[:20]):
            yield path, value
        return
    if isinstance(value, dict) and depth:
        for name, inner in list(value.items())[:50]:
            if isinstance(inner, list | dict):
                step = f'"{_quoted(name)}"'
                yield from _lists(inner, f"{path}.{step}" if path else step, depth - 1)


def _parts(entries: Sequence[Mapping[str, Any]]) -> dict[str, str] | None:
    """The parts of an entry, in it or in its `attributes`."""
    sample = [entry for entry in entries[:20] if isinstance(entry, dict)]
    plan: dict[str, str] = {}
    for part, names in _NAMES.items():
        for prefix in ("", "attributes."):
            found = next((name for name in names if _is_there(sample, prefix, name)), None)
            if found and part not in plan:
                plan[part] = prefix + found
    return plan if {"title", "date"} & plan.keys() and {"key", "link"} & plan.keys() else None


def _is_there(sample: Sequence[Mapping[str, Any]], prefix: str, name: str) -> bool:
    for entry in sample:
        inner = entry.get("attributes") if prefix else entry
        value = inner.get(name) if isinstance(inner, dict) else None
        if isinstance(value, str | int | float) and not isinstance(value, bool) and str(value).strip():
            return True
    return False


def _quoted(name: str) -> str:
    return name.replace("\\", "\\\\").replace('"', '\\"')
