"""The channels of a simulated month with their orders, and the adapter that says which stories a message names."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bot.delivery.platform import Outgoing
from tests.faults.clocks import JumpingClock
from tests.faults.http_chat import HttpChat

BERLIN, NEW_YORK = "Europe/Berlin", "America/New_York"
NIGHT = ["22:00", "07:00"]
ORDERS: dict[str, tuple[dict[str, Any], str]] = {
    "all": ({"bundle": False}, BERLIN),
    "busy": ({}, BERLIN),
    "edits": ({"bundle": False, "growth": "edit"}, NEW_YORK),
    "night": ({"bundle": False, "quiet": NIGHT, "breaks_through": False}, BERLIN),
    "night-ny": ({"bundle": False, "quiet": NIGHT, "breaks_through": False}, NEW_YORK),
    "daily": ({"pace": "daily", "at": "09:00"}, BERLIN),
    "weekly": ({"pace": "weekly", "at": "08:00", "weekday": 2}, NEW_YORK),
}


class StoryChat(HttpChat):
    """Sends which stories a message names, and keeps when each was tried, by the bot's own clock."""

    def __init__(self, name: str, url: str, clock: JumpingClock) -> None:
        super().__init__(url, clock)
        self.name = name
        self.tried: list[tuple[str, str, datetime]] = []

    async def _ask(self, do: str, message: Outgoing, head: str = "") -> str:
        self.tried.append((do, message.channel, self.clock.now()))
        facts = message.facts
        named = facts.get("stories") or [facts["story"]]
        assert isinstance(named, list)
        asked = {"do": do, "channel": message.channel, "key": message.key, "head": head, "pid": 0, "at": 0.0}
        return str((await self._call({**asked, "documents": named}, unknown=True))["id"])
