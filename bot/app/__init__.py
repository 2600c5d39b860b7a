"""The only room that knows all the others: it builds the parts, runs them, and plays the bundled week."""

from bot.app.assembly import Parts, assemble, network
from bot.app.running import ALL_ROLES, Bot

__all__ = ["ALL_ROLES", "Bot", "Parts", "assemble", "network"]
