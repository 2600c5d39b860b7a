"""The public board: one module a page. Importing this declares them all, in `PAGES`."""

from bot.web.board import about, chips, corrections, events, lists, matrix, record, rules, status, stories
from bot.web.pages import PAGES

__all__ = [
    "PAGES",
    "about",
    "chips",
    "corrections",
    "events",
    "lists",
    "matrix",
    "record",
    "rules",
    "status",
    "stories",
]
