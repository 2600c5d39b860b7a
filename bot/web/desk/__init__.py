"""The operators' desk: closed until a token is set; one module a room; all that changes is in the audit log.

Its rooms declare themselves when this is loaded, in the order in which the desk lists them.
"""

from bot.web.desk import overview, sources, held, stories, drafts, subscriptions, deliveries, audit, settings  # noqa: I001  # the rooms' order

__all__ = ["audit", "deliveries", "drafts", "held", "overview", "settings", "sources", "stories", "subscriptions"]
