"""Who did something, as the store keeps it: the platform and its own id of the person, never a name."""

from __future__ import annotations

from bot.commands.ask import Ask


def who(ask: Ask) -> str:
    """`discord:81384788765712384`: opaque to everybody but the platform."""
    return f"{ask.where.platform}:{ask.person.id}"
