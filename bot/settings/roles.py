"""What a process does of a bot's work: `chipwatch run --roles`. Several processes on one store share it."""

from __future__ import annotations

ROLES = ("poll", "deliver", "discord", "slack", "web")
