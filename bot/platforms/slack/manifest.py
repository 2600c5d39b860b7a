"""The app's manifest, from the settings and the declared commands: `python -m bot.platforms.slack.manifest FILE`.

It asks for exactly the scopes that are used; nothing in it lets the bot read what people write.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from bot.commands import registry
from bot.platforms.slack.names import MESSAGE_SHORTCUT, SHORTCUT
from bot.settings.tables import SlackSettings

SCOPES = {
    "app_mentions:read": "answers in the thread where it is mentioned",
    "channels:read": "sees what a public channel is called, and when it is archived or the bot is put out",
    "chat:write": "posts, edits and replies",
    "commands": "the slash commands and shortcuts",
    "files:write": "pictures and files in answers",
    "groups:read": "the same as channels:read for private channels that it was invited to",
    "im:write": "tells a person in private what he must know",
    "usergroups:read": "user groups whose members may change channels, and groups to mention by their handle",
    "users:read": "language, time zone, and whether somebody administers the workspace",
}
"""What each scope is for; without one only this is missing."""
EVENTS = (
    "app_home_opened", "app_mention", "app_uninstalled", "channel_archive", "channel_deleted", "channel_left",
    "channel_unarchive", "group_archive", "group_deleted", "group_left", "group_unarchive", "member_joined_channel",
    "tokens_revoked",
)  # fmt: skip
DESCRIPTION = "Tells a channel when the rules about exporting AI chips change, and answers what they are or were."


def manifest(slack: SlackSettings) -> dict[str, Any]:
    """The manifest: Socket Mode unless a public address is set."""
    base = slack.public_url.rstrip("/")
    events: dict[str, Any] = {"bot_events": list(EVENTS)}
    interactivity: dict[str, Any] = {"is_enabled": True}
    oauth: dict[str, Any] = {"scopes": {"bot": sorted(SCOPES)}}
    if base:
        events = {"request_url": f"{base}/slack/events", **events}
        interactivity["request_url"] = f"{base}/slack/events"
        oauth = {"redirect_urls": [f"{base}/slack/oauth_redirect"], **oauth}
    return {
        "display_information": {"name": "Chipwatch", "description": DESCRIPTION, "background_color": "#1d2733"},
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": True,
            },
            "bot_user": {"display_name": "Chipwatch", "always_online": True},
            "shortcuts": [
                {
                    "name": "Chip export status",
                    "type": kind,
                    "callback_id": callback,
                    "description": "The export status of a chip for a destination",
                }
                for kind, callback in (("global", SHORTCUT), ("message", MESSAGE_SHORTCUT))
            ],
            "slash_commands": _commands(slack, base),
        },
        "oauth_config": oauth,
        "settings": {
            "event_subscriptions": events,
            "interactivity": interactivity,
            "org_deploy_enabled": bool(base),
            "socket_mode_enabled": not base,
            "token_rotation_enabled": bool(base),
        },
    }


def _commands(slack: SlackSettings, base: str) -> list[dict[str, Any]]:
    verbs = [command.name for group in ("chipwatch", "chip") for command in registry.verbs(group)]
    made = [(slack.command, "Follow the export rules for AI chips in this channel, and ask about them", verbs)]
    if slack.short_command:
        chip = [command.name for command in registry.verbs("chip")]
        made.append((slack.short_command, "The export status of a chip: today, on any day, and why", chip))
    return [
        {
            "command": f"/{name}",
            **({"url": f"{base}/slack/events"} if base else {}),
            "description": about,
            "usage_hint": hint(known),
            "should_escape": True,
        }
        for name, about, known in made
    ]


def hint(verbs: list[str], limit: int = 1000) -> str:
    """What can be typed behind a command, within Slack's limit."""
    known = list(dict.fromkeys(verbs))
    while len(text := "H200 Malaysia on 2025-05-20 | " + " | ".join(known)) > limit:
        known.pop()
    return text


def text_of(slack: SlackSettings) -> str:
    """The manifest as the file has it."""
    return json.dumps(manifest(slack), indent=2, ensure_ascii=False) + "\n"


def main(file: Path) -> None:
    """Write the manifest that goes with the settings in effect."""
    import os

    from bot.settings import load

    file.write_text(text_of(load(None, os.environ).slack), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path("config/slack-manifest.json"))
