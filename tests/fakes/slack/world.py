"""What a Slack holds: workspaces with their tokens, channels, people, messages; and what it was asked."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

ALL = frozenset({
    "chat:write", "chat:write.public", "commands", "channels:read", "groups:read", "im:write", "users:read",
    "files:write", "app_mentions:read", "channels:history", "usergroups:read",
})  # fmt: skip

NEEDS = {
    "chat.postMessage": "chat:write", "chat.update": "chat:write", "chat.postEphemeral": "chat:write",
    "conversations.history": "channels:history", "conversations.replies": "channels:history",
    "conversations.open": "im:write", "users.info": "users:read",
    "files.getUploadURLExternal": "files:write", "files.completeUploadExternal": "files:write",
    "usergroups.users.list": "usergroups:read", "usergroups.list": "usergroups:read",
}  # fmt: skip


@dataclass
class Channel:
    """A conversation; `member` says whether the bot is in it."""

    id: str
    team: str = "T1"
    name: str = "chip-news"
    private: bool = False
    member: bool = True
    archived: bool = False
    shared: bool = False
    creator: str = "U0"
    im: bool = False


@dataclass
class User:
    """A person."""

    id: str
    team: str = "T1"
    locale: str = "en-US"
    tz: str = "Europe/Berlin"
    admin: bool = False
    owner: bool = False


@dataclass(frozen=True)
class Request:
    """One request as it arrived. `at` is the time of the event loop's clock."""

    method: str
    args: Mapping[str, Any]
    token: str
    team: str
    at: float


@dataclass
class World:
    """The state. `plans` are answers by method that come before the usual ones: the name of an error, a status with
    seconds (429, 2.0), a status alone (500), `lost` (stored, then the line breaks), or `cut` (not even stored)."""

    channels: dict[str, Channel] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=lambda: {"xoxb-1": "T1"})
    scopes: dict[str, frozenset[str]] = field(default_factory=dict)
    groups: dict[str, list[str]] = field(default_factory=dict)
    handles: dict[str, str] = field(default_factory=dict)
    messages: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    requests: list[Request] = field(default_factory=list)
    plans: dict[str, deque[Any]] = field(default_factory=lambda: defaultdict(deque))
    views: list[dict[str, Any]] = field(default_factory=list)
    homes: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    codes: dict[str, dict[str, Any]] = field(default_factory=dict)
    used_triggers: set[str] = field(default_factory=set)
    expired_triggers: set[str] = field(default_factory=set)
    refreshes: dict[str, dict[str, Any]] = field(default_factory=dict)
    enterprise: str = ""

    def add(self, *things: Channel | User) -> None:
        """Put channels and people in."""
        for thing in things:
            if isinstance(thing, Channel):
                self.channels[thing.id] = thing
            else:
                self.users[thing.id] = thing

    def plan(self, method: str, *answers: Any) -> None:
        """The next answers of a method."""
        self.plans[method].extend(answers)

    def asked(self, method: str) -> list[Request]:
        """The requests of one method, in their order."""
        return [request for request in self.requests if request.method == method]

    def texts(self, channel: str) -> list[str]:
        """The fallback texts in a channel, oldest first."""
        return [message["text"] for message in self.messages[channel]]
