"""Answers to a command or a press, by the address that Slack gave with it: five times within thirty minutes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bot.clock import Clock
from bot.platforms.slack.api import Api

MOST = 5
LIVES = timedelta(minutes=29)
"""Slack says thirty minutes; an answer on the edge would be lost without a word."""


@dataclass(slots=True)
class Answers:
    """One response address. It works in channels that the bot is not in, too."""

    url: str
    api: Api
    clock: Clock
    began: datetime
    used: int = field(default=0)

    @property
    def left(self) -> int:
        """How many more answers can be given."""
        return MOST - self.used if self.url and self.clock.now() - self.began < LIVES else 0

    async def say(self, payload: Mapping[str, Any], *, private: bool = True, replace: bool = False) -> bool:
        """Give an answer; False where none can be given any more or Slack refused it."""
        if not self.left:
            return False
        self.used += 1
        more = {"response_type": "ephemeral" if private else "in_channel", "replace_original": replace}
        return await self.api.respond(self.url, {**payload, **more}) == 200
