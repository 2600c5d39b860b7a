"""The form behind the shortcut "Chip export status"."""

from __future__ import annotations

from bot.cards.card import Field, Form
from bot.locale.catalogue import catalogue


def status_form(language: str) -> Form:
    """A window that asks for chip, destination and day."""
    say = catalogue(language)
    fields = tuple(
        Field(name, say.text(f"slack.shortcut.{name}"), help=say.text(f"slack.shortcut.{name}_help"), required=required)
        for name, required in (("chip", True), ("destination", True), ("date", False))
    )
    return Form(say.text("slack.shortcut.title"), "chip.status", fields, (), say.text("slack.shortcut.ask"), language)
