"""Slack: cards in Block Kit, commands as text and windows, over Socket Mode or signed HTTP."""
