"""The presets: orders that make a sane channel with one choice."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

PRESETS: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {
        "headlines": {
            "severity": "high",
            "trust": "press",
            "analyses": False,
            "growth": "reply",
            "pace": "now",
            "quiet": ["22:00", "07:00"],
        },
        "law_only": {"trust": "official", "severity": "low", "analyses": True, "growth": "reply", "pace": "now"},
        "newsroom": {
            "severity": "low",
            "trust": "rumour",
            "analyses": True,
            "growth": "reply",
            "pace": "now",
            "place": "thread",
        },
        "weekly_brief": {
            "severity": "normal",
            "trust": "press",
            "growth": "edit",
            "pace": "weekly",
            "at": "09:00",
            "weekday": 0,
            "when_nothing": True,
        },
    }
)
"""Orders in their stored form by the preset's name; the first is the default."""


def preset_of(order: Mapping[str, Any]) -> str | None:
    """The preset that an order is, unchanged; None for one of its own."""
    return next((name for name, preset in PRESETS.items() if dict(preset) == dict(order)), None)
