"""Names by which Slack calls back: they stand in the manifest and in the listeners."""

SHORTCUT = "chip_status"
MESSAGE_SHORTCUT = "chip_of_message"
