"""What arrived where and when at the local Discord and the local Slack: each item of a feed, by its link."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import orjson

from tests.fakes.discord import FakeDiscord
from tests.fakes.discord.world import Request
from tests.fakes.slack import FakeSlack

_KEY = re.compile(rb"\.example/([a-z]+-\d+)")


@dataclass(slots=True)
class Arrivals:
    """`at` is when a channel first got a message with an item (`time.monotonic`), by platform, channel and key."""

    discord: FakeDiscord
    slack: FakeSlack
    at: dict[tuple[str, str, str], float] = field(default_factory=dict)
    _open: list[Request] = field(default_factory=list)
    _read: dict[str, int] = field(default_factory=lambda: {"discord": 0, "slack": 0})

    def look(self) -> Arrivals:
        """Take in what came since the last look."""
        self._open += self.discord.world.requests[self._read["discord"] :]
        for discord in self._open:
            if discord.path.startswith("/channels/") and discord.status == 200:
                self._note("discord", discord.path.split("/")[2], discord.json, discord.at)
        self._open = [each for each in self._open if each.status == 0]  # it has come, and has no answer yet
        for slack in self.slack.world.requests[self._read["slack"] :]:
            if slack.method.startswith("chat."):
                self._note("slack", str(slack.args.get("channel")), dict(slack.args), slack.at)
        self._read = {"discord": len(self.discord.world.requests), "slack": len(self.slack.world.requests)}
        return self

    def of(self, key: str, platform: str = "discord") -> list[float]:
        """When each channel of a platform got an item, the first one first."""
        return sorted(at for (where, _, what), at in self.at.items() if (where, what) == (platform, key))

    def _note(self, platform: str, channel: str, body: object, at: float) -> None:
        for key in _KEY.findall(orjson.dumps(body)):
            self.at.setdefault((platform, channel, key.decode()), at)
