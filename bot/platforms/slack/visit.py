"""Who came in, from where, and how he can be answered: the same nouns from commands, presses, windows and events."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from bot.platforms.slack.call import Call, packed, unpacked

Body = Mapping[str, Any]
DIRECT = "directmessage"
NO_CALL = "-"


@dataclass(frozen=True, slots=True)
class Visit:
    """`workspace` is `T...`, or `E.../T...` under an install for a whole organisation; `home` the team that the person
    belongs to. `url` is the address to answer at, `trigger` opens a window within three seconds, once."""

    workspace: str
    user: str
    channel: str = ""
    thread: str = ""
    message: str = ""
    trigger: str = ""
    url: str = ""
    name: str = ""
    home: str = ""
    direct: bool = False
    view: str = ""
    language: str = ""

    def origin(self, language: str) -> str:
        """What a window keeps of the visit that opened it."""
        kept = asdict(replace(self, trigger="", name="", view="", language=language))
        return json.dumps({name: value for name, value in kept.items() if value}, separators=(",", ":"))


def is_stranger(home: str, workspace: str) -> bool:
    """Whether somebody whose own team is `home` is a guest through Slack Connect in a workspace or an organisation."""
    team = workspace.rpartition("/")[2]
    return bool(home and team) and home != team and not workspace.startswith(f"{home}/")


def one_install(one: str, other: str) -> bool:
    """Whether two workspaces have one and the same bot: the same team, or teams of an organisation that has it."""
    (enterprise, _, team), (others, _, another) = one.rpartition("/"), other.rpartition("/")
    return team == another or (bool(enterprise) and enterprise == others)


def of_command(body: Body) -> Visit:
    """The visit behind a slash command."""
    team, channel = str(body.get("team_id") or ""), str(body.get("channel_id") or "")
    return Visit(
        workspace=workspace_of(team, str(body.get("enterprise_id") or ""), body.get("is_enterprise_install")),
        user=str(body.get("user_id") or ""),
        channel=channel,
        trigger=str(body.get("trigger_id") or ""),
        url=str(body.get("response_url") or ""),
        name=str(body.get("user_name") or ""),
        direct=body.get("channel_name") == DIRECT or channel.startswith("D"),
    )


def of_interaction(body: Body) -> Visit:
    """The visit behind a press, a shortcut or a window. In a window the place is the one that it was opened from."""
    user, team, enterprise = (body.get(name) or {} for name in ("user", "team", "enterprise"))
    container, message, view = (body.get(name) or {} for name in ("container", "message", "view"))
    channel = str((body.get("channel") or {}).get("id") or container.get("channel_id") or "")
    made = Visit(
        workspace=workspace_of(
            str(team.get("id") or user.get("team_id") or ""),
            str(enterprise.get("id") or team.get("enterprise_id") or ""),
            body.get("is_enterprise_install"),
        ),
        user=str(user.get("id") or ""),
        channel=channel,
        thread=str(message.get("thread_ts") or container.get("thread_ts") or ""),
        message=str(container.get("message_ts") or message.get("ts") or body.get("message_ts") or ""),
        trigger=str(body.get("trigger_id") or ""),
        url=str(body.get("response_url") or ""),
        name=str(user.get("name") or user.get("username") or ""),
        home=str(user.get("team_id") or ""),
        direct=channel.startswith("D"),
        view=str(view.get("id") or "") if view else "",
    )
    return from_window(made, view.get("private_metadata")) if view else made


def of_event(body: Body) -> Visit:
    """The visit behind an event. In channels that workspaces share, the authorisation says for whom it came."""
    event = body.get("event") or {}
    granted: Body = next(iter(body.get("authorizations") or ()), {})
    team = str(granted.get("team_id") or body.get("team_id") or "")
    enterprise = str(granted.get("enterprise_id") or body.get("enterprise_id") or "")
    whole = granted.get("is_enterprise_install", body.get("is_enterprise_install"))
    channel = event.get("channel") or ""
    return Visit(
        workspace=workspace_of(team or str(body.get("team_id") or ""), enterprise, whole),
        user=str(event.get("user") or ""),
        channel=channel if isinstance(channel, str) else str(channel.get("id") or ""),
        thread=str(event.get("thread_ts") or event.get("ts") or ""),
        home=str(event.get("user_team") or event.get("team") or ""),
        direct=str(channel).startswith("D"),
    )


def from_window(visit: Visit, metadata: object) -> Visit:
    """A visit in a window, with the place that the window remembers. A window of another workspace or person gives
    nothing of itself."""
    call = unpacked(metadata)
    kept = _record(call.name) if call is not None else {}
    if kept.get("workspace") != visit.workspace or kept.get("user") != visit.user:
        return visit
    return replace(
        visit,
        channel=str(kept.get("channel", "")),
        thread=str(kept.get("thread", "")),
        message=str(kept.get("message", "")),
        direct=bool(kept.get("direct")),
        language=str(kept.get("language", "")),
        url=visit.url or str(kept.get("url", "")),
    )


def is_ours(visit: Visit, metadata: object) -> bool:
    """Whether a window was opened for just this person in just this workspace."""
    call = unpacked(metadata)
    kept = _record(call.name) if call is not None else {}
    return (kept.get("workspace"), kept.get("user")) == (visit.workspace, visit.user)


def remembering(visit: Visit, language: str) -> str:
    """The metadata of a window that only shows."""
    return packed(Call(NO_CALL, (), visit.origin(language)), 3000) or ""


def workspace_of(team: str, enterprise: str, whole: object) -> str:
    """The name of a workspace: with its organisation where that installed the bot for all of its workspaces."""
    return f"{enterprise}/{team}" if enterprise and whole in (True, "true") else team


def _record(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
