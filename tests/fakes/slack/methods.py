"""The methods of the Web API that the bot uses, with their errors."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from tests.fakes.slack.world import Channel, World

Answer = dict[str, Any]


class RefusedError(Exception):
    """`{"ok": false, "error": ...}`."""


def _page(messages: list[Answer], args: Mapping[str, Any]) -> Answer:
    """One page, with metadata only for whoever asks for it."""
    start, limit = int(args.get("cursor") or 0), int(args.get("limit", 100))
    metadata = str(args.get("include_all_metadata")).lower() == "true"
    shown = [{k: v for k, v in m.items() if k != "metadata" or metadata} for m in messages[start : start + limit]]
    more = len(messages) > start + limit
    return {
        "messages": shown,
        "has_more": more,
        "response_metadata": {"next_cursor": str(start + limit) if more else ""},
    }


class Methods:
    """Each method by its name; `base` is the server's address, `now` its time in seconds."""

    def __init__(self, world: World, now: Callable[[], float]) -> None:
        self.world = world
        self.now = now
        self.base = ""
        self.tickets = 0
        self.latest = 0

    def call(self, method: str, args: Mapping[str, Any], token: str, team: str) -> Answer:
        made = getattr(self, method.replace(".", "_"), None)
        if made is None:
            raise RefusedError("unknown_method")
        return {"ok": True, **made(args, token, team)}

    def _channel(self, args: Mapping[str, Any], team: str, post: bool = False) -> Channel:
        channel = self.world.channels.get(args.get("channel", ""))
        if channel is None or channel.team != team:
            raise RefusedError("channel_not_found")
        if post and channel.archived:
            raise RefusedError("is_archived")
        if post and not channel.member and not channel.im:
            raise RefusedError("channel_not_found" if channel.private else "not_in_channel")
        return channel

    def auth_test(self, args: Mapping[str, Any], token: str, team: str) -> Answer:
        found = {"url": f"https://{team.lower()}.slack.com/", "team": f"Team {team}", "team_id": team}
        return found | {
            "user": "chipwatch",
            "user_id": f"UBOT{team}",
            "bot_id": f"B{team}",
            "is_enterprise_install": False,
        }

    def apps_connections_open(self, args: Mapping[str, Any], token: str, team: str) -> Answer:
        if not token.startswith("xapp-"):
            raise RefusedError("invalid_auth")
        self.tickets += 1
        return {"url": f"{self.base.replace('http', 'ws')}/ws/{self.tickets}"}

    def chat_postMessage(self, args: Mapping[str, Any], token: str, team: str) -> Answer:  # noqa: N802
        channel = self._channel(args, team, post=True)
        if not args.get("text") and not args.get("blocks"):
            raise RefusedError("no_text")
        self.latest = max(self.latest + 1, int(self.now() * 1_000_000))
        ts = f"{self.latest // 1_000_000}.{self.latest % 1_000_000:06d}"
        stored = {"ts": ts, "text": args.get("text", ""), "blocks": args.get("blocks", []), "bot_id": f"B{team}"}
        stored |= {name: args[name] for name in ("thread_ts", "metadata", "reply_broadcast") if name in args}
        self.world.messages[channel.id].append(stored)
        return {"channel": channel.id, "ts": ts, "message": stored}

    def chat_update(self, args: Mapping[str, Any], token: str, team: str) -> Answer:
        channel = self._channel(args, team, post=True)
        found = next((m for m in self.world.messages[channel.id] if m["ts"] == args.get("ts")), None)
        if found is None:
            raise RefusedError("message_not_found")
        if found["bot_id"] != f"B{team}":
            raise RefusedError("cant_update_message")
        found |= {"text": args.get("text", ""), "blocks": args.get("blocks", [])}
        found |= {"metadata": args["metadata"]} if "metadata" in args else {}
        return {"channel": channel.id, "ts": found["ts"], "text": found["text"]}

    def chat_postEphemeral(self, args: Mapping[str, Any], token: str, team: str) -> Answer:  # noqa: N802
        self._channel(args, team, post=True)
        return {"message_ts": "1.1"}

    def chat_getPermalink(self, args: Mapping[str, Any], token: str, team: str) -> Answer:  # noqa: N802
        return {"permalink": f"https://{team.lower()}.slack.com/archives/{args['channel']}/p{args['message_ts']}"}

    def conversations_info(self, args: Mapping[str, Any], token: str, team: str) -> Answer:
        channel = self._channel(args, team)
        if channel.private and not channel.member:
            raise RefusedError("channel_not_found")
        needed = "groups:read" if channel.private else "channels:read"
        if needed not in self.world.scopes.get(token, frozenset((needed,))):
            raise RefusedError("missing_scope")
        found = {"id": channel.id, "name": channel.name, "is_private": channel.private, "is_member": channel.member}
        more = {"is_archived": channel.archived, "is_ext_shared": channel.shared, "creator": channel.creator}
        return {"channel": found | more | {"is_im": channel.im}}

    def conversations_open(self, args: Mapping[str, Any], token: str, team: str) -> Answer:
        user = self.world.users.get(args.get("users", ""))
        if user is None or user.team != team:
            raise RefusedError("user_not_found")
        self.world.add(Channel(f"D{user.id}", team, "", im=True))
        return {"channel": {"id": f"D{user.id}"}}

    def conversations_history(self, args: Mapping[str, Any], token: str, team: str) -> Answer:
        """The newest first; of a thread's replies only those that were shown in the channel too."""
        channel = self._channel(args, team)
        shown = [m for m in self.world.messages[channel.id] if "thread_ts" not in m or m.get("reply_broadcast")]
        return _page([m for m in reversed(shown) if m["ts"] > args.get("oldest", "0")], args)

    def conversations_replies(self, args: Mapping[str, Any], token: str, team: str) -> Answer:
        """A thread, the oldest first; its head stands on the first page."""
        channel, thread = self._channel(args, team), str(args.get("ts", ""))
        stored = self.world.messages[channel.id]
        head = next((m for m in stored if m["ts"] == thread), None)
        replies = [m for m in stored if m.get("thread_ts") == thread and m["ts"] > args.get("oldest", "0")]
        if head is None and not replies:
            raise RefusedError("thread_not_found")
        return _page([*([head] if head else []), *replies], args)

    def users_info(self, args: Mapping[str, Any], token: str, team: str) -> Answer:
        user = self.world.users.get(args.get("user", ""))
        if user is None:
            raise RefusedError("user_not_found")
        found = {"id": user.id, "team_id": user.team, "name": user.id.lower(), "tz": user.tz, "is_admin": user.admin}
        return {"user": found | {"is_owner": user.owner, "locale": user.locale, "is_bot": False}}

    def usergroups_users_list(self, args: Mapping[str, Any], token: str, team: str) -> Answer:
        if args.get("usergroup") not in self.world.groups:
            raise RefusedError("no_such_subteam")
        return {"users": self.world.groups[args["usergroup"]]}

    def usergroups_list(self, args: Mapping[str, Any], token: str, team: str) -> Answer:
        groups = self.world.groups
        return {"usergroups": [{"id": id_, "handle": self.world.handles.get(id_, id_.lower())} for id_ in groups]}

    def _trigger(self, args: Mapping[str, Any]) -> None:
        trigger = args.get("trigger_id", "")
        if trigger in self.world.expired_triggers:
            raise RefusedError("expired_trigger_id")
        if not trigger or trigger in self.world.used_triggers:
            raise RefusedError("exchanged_trigger_id" if trigger else "invalid_arguments")
        self.world.used_triggers.add(trigger)

    def _view(self, args: Mapping[str, Any]) -> Answer:
        self.world.views.append(args["view"])
        made = {"id": f"V{len(self.world.views)}", "hash": str(len(self.world.views))}
        return {"view": args["view"] | made}

    def views_open(self, args: Mapping[str, Any], token: str, team: str) -> Answer:
        self._trigger(args)
        return self._view(args)

    views_push = views_open

    def views_update(self, args: Mapping[str, Any], token: str, team: str) -> Answer:
        return self._view(args)

    def views_publish(self, args: Mapping[str, Any], token: str, team: str) -> Answer:
        self.world.homes[team, args["user_id"]] = args["view"]
        return {"view": args["view"] | {"id": "VH", "hash": "h"}}

    def files_getUploadURLExternal(self, args: Mapping[str, Any], token: str, team: str) -> Answer:  # noqa: N802
        name = f"F{len(self.world.files) + 1}"
        self.world.files[name] = b""
        return {"upload_url": f"{self.base}/upload/{name}", "file_id": name}

    def files_completeUploadExternal(self, args: Mapping[str, Any], token: str, team: str) -> Answer:  # noqa: N802
        return {"files": [{"id": file["id"]} for file in args["files"]]}

    def oauth_v2_access(self, args: Mapping[str, Any], token: str, team: str) -> Answer:
        if args.get("grant_type") == "refresh_token":
            if args["refresh_token"] not in self.world.refreshes:
                raise RefusedError("invalid_refresh_token")
            return self.world.refreshes.pop(args["refresh_token"])
        granted = self.world.codes.pop(args.get("code", ""), None)
        if granted is None:
            raise RefusedError("invalid_code")
        self.world.tokens[granted["access_token"]] = (granted.get("team") or granted["enterprise"])["id"]
        return granted
