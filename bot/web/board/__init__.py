"""The public board: one module a page. Importing this declares them all."""

from bot.web.board import about, chips, corrections, events, lists, matrix, record, rules, status, stories

__all__ = ["about", "chips", "corrections", "events", "lists", "matrix", "record", "rules", "status", "stories"]
