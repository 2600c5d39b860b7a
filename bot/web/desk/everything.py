"""Loads every room, in the order in which the desk lists them."""

from bot.web.desk import overview, sources, held, stories, drafts, audit, settings  # noqa: I001  # the rooms' order

__all__ = ["audit", "drafts", "held", "overview", "settings", "sources", "stories"]
