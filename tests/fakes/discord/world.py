"""What exists on the fake Discord: servers, channels, messages, registered commands; and what was asked of it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from typing import Any

Json = dict[str, Any]

OWN_ID = "900000000000000001"
OWNER = "700000000000000001"
TOKEN = "OTAwMDAwMDAwMDAwMDAwMDAx.Fake.token-of-the-tests"
EPOCH_MS = 1_420_070_400_000
TEXT, DM, CATEGORY, ANNOUNCEMENT, PUBLIC_THREAD, FORUM = 0, 1, 4, 5, 11, 15
EVERYTHING = ((1 << 50) - 1) & ~8  # all but Administrator


def snowflakes(moment: Callable[[], datetime]) -> Iterator[str]:
    """Ids that carry the time at which they are made, to the millisecond, and grow."""
    last = 0
    while True:
        last = max(last + 1, int(moment().timestamp() * 1000) - EPOCH_MS << 22)
        yield str(last)


def real_time() -> datetime:
    """The present."""
    return datetime.now(UTC)


@dataclass(slots=True)
class Request:
    """One request as it came in, and how it was answered."""

    method: str
    path: str
    json: Any
    at: float
    query: dict[str, str] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    authorised: bool = False
    status: int = 0


@dataclass(slots=True)
class Fault:
    """What goes wrong, `times` times, with the requests that `match`: `status` and `body` are answered instead;
    `reset` drops the connection unheard, `lost` after the request has had its effect; `delay` in seconds."""

    match: Callable[[Request], bool]
    times: int = 1
    status: int = 0
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    reset: bool = False
    lost: bool = False
    delay: float = 0.0


def at_path(method: str, end: str) -> Callable[[Request], bool]:
    """Requests of a method whose path ends so."""
    return lambda request: request.method == method and request.path.endswith(end)


@dataclass(frozen=True, slots=True)
class Upload:
    """A file in a command, as the interaction describes it."""

    described: Json


@dataclass(slots=True)
class World:
    """All state. `denied` refuses posts in a channel with (status, code); `moment` is the platform's time.
    `shown` are the answers to commands and presses, each with whether all may see it; `promised` those to come, with
    whether they are private; `replaced` those that took a card's place later than at once."""

    moment: Callable[[], datetime] = real_time
    ids: Iterator[str] = field(init=False)
    guilds: dict[str, Json] = field(default_factory=dict)
    channels: dict[str, Json] = field(default_factory=dict)
    messages: dict[str, dict[str, Json]] = field(default_factory=dict)
    nonces: dict[tuple[str, str], str] = field(default_factory=dict)
    commands: dict[str, list[Json]] = field(default_factory=dict)
    answers: dict[str, Json] = field(default_factory=dict)
    promised: dict[str, bool] = field(default_factory=dict)
    updating: set[str] = field(default_factory=set)
    replaced: list[Json] = field(default_factory=list)
    shown: list[tuple[bool, Json]] = field(default_factory=list)
    denied: dict[str, tuple[int, int]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    crossposted: dict[str, int] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    fetched: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.ids = snowflakes(lambda: self.moment())

    def guild(self, id_: str = "100", *, permissions: int = EVERYTHING, system: str | None = None) -> Json:
        """A server in which the bot has `permissions` through everybody's role."""
        role = {"id": id_, "name": "@everyone", "permissions": str(permissions), "position": 0, "color": 0}
        role |= {"hoist": False, "managed": False, "mentionable": False, "flags": 0, "colors": {"primary_color": 0}}
        made: Json = {
            "id": id_, "name": f"Server {id_}", "owner_id": OWNER, "roles": [role], "emojis": [], "stickers": [],
            "features": [], "system_channel_id": system, "verification_level": 0, "nsfw_level": 0, "mfa_level": 0,
            "default_message_notifications": 0, "explicit_content_filter": 0, "afk_timeout": 60, "premium_tier": 0,
            "system_channel_flags": 0, "preferred_locale": "de", "premium_progress_bar_enabled": False, "icon": None,
        }  # fmt: skip
        self.guilds[id_] = made
        return made

    def channel(self, id_: str, guild: str = "100", kind: int = TEXT, **more: Any) -> Json:
        """A channel of a server."""
        made = {"id": id_, "type": kind, "guild_id": guild, "name": f"channel-{id_}", "position": 0}
        made |= {"permission_overwrites": [], "parent_id": None, "nsfw": False, "topic": None, "flags": 0}
        if kind == FORUM:
            made |= {"available_tags": [], "default_reaction_emoji": None, "default_sort_order": None}
        tag = {"moderated": False, "emoji_id": None, "emoji_name": None}
        more |= {"available_tags": [tag | each for each in more["available_tags"]]} if "available_tags" in more else {}
        self.channels[id_] = made | more
        self.messages.setdefault(id_, {})
        return self.channels[id_]

    def member(self) -> Json:
        """The bot as a member."""
        return {"user": me(), "roles": [], "joined_at": "2026-01-01T00:00:00+00:00", "flags": 0, "deaf": False} | {
            "mute": False
        }

    def full_guild(self, id_: str) -> Json:
        """What GUILD_CREATE brings."""
        mine = [c for c in self.channels.values() if c.get("guild_id") == id_]
        return self.guilds[id_] | {
            "channels": [c for c in mine if c["type"] != PUBLIC_THREAD],
            "threads": [c for c in mine if c["type"] == PUBLIC_THREAD],
            "members": [self.member()],
            "member_count": 1,
            "large": False,
            "unavailable": False,
            "voice_states": [],
            "presences": [],
            "stage_instances": [],
            "guild_scheduled_events": [],
            "joined_at": "2026-01-01T00:00:00+00:00",
        }

    def post(self, channel: str, body: Json) -> Json:
        """Store a message; one whose nonce is known and enforced is not stored again."""
        key = (channel, str(body.get("nonce")))
        if body.get("enforce_nonce") and key in self.nonces:
            return self.messages[channel][self.nonces[key]]
        made = self.stored(next(self.ids), channel, body)
        self.messages[channel][made["id"]] = made
        if body.get("nonce") is not None:
            self.nonces[key] = made["id"]
        return made

    def stored(self, id_: str, channel: str, body: Json) -> Json:
        """A message as the API shows it."""
        text = str(body)
        return {
            "id": id_, "channel_id": channel, "author": me(), "content": body.get("content") or "", "tts": False,
            "timestamp": "2026-01-01T00:00:00+00:00", "edited_timestamp": None, "mention_everyone": False,
            "mentions": [], "mention_roles": (body.get("allowed_mentions") or {}).get("roles", []), "attachments": [],
            "embeds": [], "pinned": False, "type": 0, "flags": body.get("flags") or 0,
            "components": numbered(body.get("components") or []), "edits": 0, "size": len(text),
            "reference": (body.get("message_reference") or {}).get("message_id"),
        }  # fmt: skip

    def say(self, channel: str, count: int = 1) -> None:
        """Members talk."""
        for n in range(count):
            said = self.stored(next(self.ids), channel, {"content": f"hello {n}"})
            self.messages[channel][said["id"]] = said | {"author": {"id": "1", "username": "member"}}

    def posts(self, method: str = "POST", end: str = "/messages") -> list[Request]:
        """The requests of a method whose path ends so, in the order in which they came."""
        return [request for request in self.requests if request.method == method and request.path.endswith(end)]


def numbered(components: list[Json]) -> list[Json]:
    """Components with the numbers that the platform gives to those that bring none."""
    spare = count(1)

    def one(component: Json) -> Json:
        made: Json = {"id": next(spare)} | component
        for key in ("components", "items"):
            if key in component and component["type"] != 12:
                made[key] = [one(each) for each in component[key]]
        return made

    return [one(each) for each in components]


def me() -> Json:
    """The bot as a user."""
    return {
        "id": OWN_ID,
        "username": "chipwatch",
        "discriminator": "0",
        "avatar": None,
        "bot": True,
        "global_name": None,
    }


def now() -> float:
    """Seconds, for the order and the pace of requests."""
    return time.monotonic()
