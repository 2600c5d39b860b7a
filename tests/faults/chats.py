"""The local Discord and Slack of tests/fakes, side by side in a thread of their own, with the faults of real ones: they
fail as a plan says, and kill the sender between storing a message and answering."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import threading
from collections import defaultdict
from pathlib import Path
from typing import Any

from bot.platforms.discord.platform import nonce
from bot.platforms.slack.platform import EVENT
from tests.fakes.discord import FakeDiscord
from tests.fakes.discord.limits import Limits
from tests.fakes.discord.world import Request
from tests.fakes.slack import Channel, FakeSlack
from tests.fakes.slack.world import ALL

CHANNELS = (("discord", "200", "post"), ("discord", "201", "thread"), ("slack", "C1", "post"), ("slack", "C2", "post"))
"""Platform, channel, and what a story is there."""
FAULTS = ("500", "429", "reset_before", "reset_after", "slow")
_LINK = re.compile(r"http://wire\.example/\d+")


class Chats:
    """`slack_tells` says whether the bot may read Slack's history, by which it finds its own messages; Discord always
    tells. `pid_file` names the sender for `die_at`, which kills it when so many messages more were stored."""

    def __init__(self, pid_file: Path, *, slack_tells: bool) -> None:
        self._pid_file = pid_file
        self._fatal = 0
        self._stood: dict[tuple[str, str], set[str]] = defaultdict(set)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._do(self._start(slack_tells))

    def _do(self, work: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(30)

    async def _start(self, slack_tells: bool) -> None:
        self.discord, self.slack = FakeDiscord(limits=Limits(per_bucket=None)), FakeSlack()
        await self.discord.start()
        await self.slack.__aenter__()
        self.discord.world.guild("100")
        for platform, channel, _ in CHANNELS:
            if platform == "discord":
                self.discord.world.channel(channel)
            else:
                self.slack.world.add(Channel(channel))
        if not slack_tells:
            self.slack.world.scopes["xoxb-1"] = ALL - {"channels:history"}
        effect, call = self.discord._effect, self.slack._methods.call

        def stored_by_discord(record: Request) -> Any:
            status, answer = effect(record)
            if _is_message(record) and status == 200:
                self._stood["discord", record.json["nonce"]].add(answer["id"])
            self._stored(_is_message(record))
            return status, answer

        def stored_by_slack(method: str, *more: Any) -> Any:
            answer = call(method, *more)
            if method == "chat.postMessage" and _ours(answer["message"]):
                self._stood["slack", _key(answer["message"])].add(answer["ts"])
            self._stored(method == "chat.postMessage")
            return answer

        self.discord._effect = stored_by_discord  # type: ignore[method-assign]
        self.slack._methods.call = stored_by_slack  # type: ignore[method-assign, assignment]
        self.addresses = {"discord": self.discord.api_url, "slack": self.slack.api}

    def _stored(self, a_message: bool) -> None:
        if a_message and self._fatal:
            self._fatal -= 1
            if not self._fatal:
                os.kill(int(self._pid_file.read_text()), signal.SIGKILL)

    def die_at(self, messages: int) -> None:
        """Kill the sender once so many messages more were stored, before it hears of the last; 0: let it live."""
        self._fatal = messages

    def plan(self, faults: list[str]) -> None:
        """What the next messages of each platform meet; nothing more of what was planned before."""
        self.discord.world.faults.clear()
        self.slack.world.plans.clear()
        for fault in faults:
            kinds: dict[str, dict[str, Any]] = {
                "500": {"status": 500, "body": {"message": "no", "code": 0}},
                "429": {"status": 429, "body": {"message": "slow", "retry_after": 0.05, "global": False},
                        "headers": {"Via": "1.1 google", "Retry-After": "1", "X-RateLimit-Scope": "user"}},
                "reset_before": {"reset": True},
                "reset_after": {"lost": True},
                "slow": {"delay": 0.2},
            }  # fmt: skip
            self.discord.fault(_is_message, **kinds[fault])
            answers: dict[str, Any] = {"500": 500, "429": (429, 1.0), "reset_before": "cut", "reset_after": "lost"}
            if fault in answers:
                self.slack.world.plan("chat.postMessage", answers[fault])

    def forget(self) -> None:
        """Discord knows a nonce for some minutes only, and between two lives of a bot more may pass."""
        self.discord.world.nonces.clear()

    def has(self, platform: str, key: str) -> bool:
        """Whether a delivery's message was stored."""
        return bool(self._stood.get((platform, nonce(key) if platform == "discord" else key)))

    def doubled(self) -> int:
        """How many messages were stored more than once; by what they were sent as, since an edit changes their mark."""
        return sum(len(ids) - 1 for ids in self._stood.values())

    def count(self) -> int:
        """How many messages there are."""
        return sum(len(ids) for ids in self._stood.values())

    def told(self, channel: str) -> set[str]:
        """The documents that a channel has been told of, its threads included."""
        if channel.startswith("C"):
            found = list(self.slack.world.messages[channel])
        else:
            world = self.discord.world
            places = [channel, *(each["id"] for each in world.channels.values() if each["parent_id"] == channel)]
            found = [message for place in places for message in world.messages[place].values()]
        return {link for message in found for link in _LINK.findall(json.dumps(message))}

    def close(self) -> None:
        async def stop() -> None:
            await self.discord.stop()
            await self.slack.__aexit__()

        self._do(stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()


def _is_message(record: Request) -> bool:
    return record.method == "POST" and record.path.endswith("/messages")


def _ours(message: dict[str, Any]) -> bool:
    return bool((message.get("metadata") or {}).get("event_type") == EVENT)


def _key(message: dict[str, Any]) -> str:
    return str(message["metadata"]["event_payload"]["key"])
