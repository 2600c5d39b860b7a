"""Messages without a platform: the card, and how stories and statuses become one."""
