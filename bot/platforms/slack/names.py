"""Names by which Slack calls back: they stand in the manifest and in the listeners; and whether there is a Slack
at all. Nothing of Slack's libraries is loaded here."""

from __future__ import annotations

from bot.settings.tables import SlackSettings

SHORTCUT = "chip_status"
MESSAGE_SHORTCUT = "chip_of_message"


def is_set(slack: SlackSettings) -> bool:
    """Whether the settings have enough to post in at least one workspace."""
    return bool(slack.bot_token) or bool(slack.client_id and slack.client_secret)
