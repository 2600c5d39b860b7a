"""What Discord sends when a person types a command, presses something or sends a form."""

from __future__ import annotations

from typing import Any

from tests.fakes.discord.world import DM, OWN_ID, OWNER, Json, Upload


def typed(group: str, verb: str, options: dict[str, Any], focused: str = "") -> Json:
    """The data of a typed command; `focused` is the option that is being typed."""
    kinds = {bool: 5, int: 4, float: 10, str: 3, Upload: 11}
    given = [
        {"name": name, "type": kinds[type(value)], "value": value.described["id"] if type(value) is Upload else value}
        | ({"focused": True} if name == focused else {})
        for name, value in options.items()
    ]
    made: Json = {"id": "1", "name": group, "type": 1, "options": [{"name": verb, "type": 1, "options": given}]}
    uploads = {each.described["id"]: each.described for each in options.values() if type(each) is Upload}
    return made | ({"resolved": {"attachments": uploads}} if uploads else {})


def interaction(
    id_: str,
    kind: int,
    data: Json,
    *,
    user: str = OWNER,
    permissions: int = 0,
    channel: str = "200",
    guild: str | None = "100",
    locale: str = "en-GB",
    guild_locale: str = "de",
    installed_for: str = "guild",
    message: Json | None = None,
    roles: tuple[str, ...] = (),
    channel_type: int = 0,
    most_bytes: int = 10 * 1024 * 1024,
) -> Json:
    """The payload of INTERACTION_CREATE."""
    person = {"id": user, "username": "reader", "discriminator": "0", "avatar": None, "global_name": "Reader"}
    made: Json = {
        "id": id_, "application_id": OWN_ID, "type": kind, "token": f"token-{id_}", "version": 1, "locale": locale,
        "app_permissions": "0", "entitlements": [], "attachment_size_limit": most_bytes, "data": data,
        "channel": {"id": channel, "type": channel_type if guild else DM, "name": "here", "flags": 0, "position": 0,
                    "parent_id": None, "nsfw": False, "topic": None, "rate_limit_per_user": 0, "recipients": [],
                    "permissions": str(permissions)},
        "channel_id": channel, "context": 0 if guild else 1,
        "authorizing_integration_owners": {"0": guild or "0"} if installed_for == "guild" else {"1": user},
    }  # fmt: skip
    if guild:
        member = {"user": person, "roles": list(roles), "joined_at": "2026-01-01T00:00:00+00:00", "flags": 0}
        made |= {
            "guild_id": guild,
            "guild_locale": guild_locale,
            "guild": {"id": guild, "locale": guild_locale, "features": []},
        }
        made["member"] = member | {"permissions": str(permissions), "deaf": False, "mute": False, "nick": None}
    else:
        made["user"] = person
    if message is not None:
        made["message"] = message
    return made
