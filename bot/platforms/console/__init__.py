"""The console: cards in a terminal for people, JSON lines for machines, and a journal of what was posted."""

from bot.platforms.console.platform import Console

__all__ = ["Console"]
