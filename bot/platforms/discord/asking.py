"""From an interaction to a question: who asks, where, in which language, and what was typed, chosen or filled in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import discord

from bot.commands.ask import Ask, Person, Services, Where
from bot.locale.catalogue import catalogue

_SUBCOMMANDS = (1, 2)
Interaction = discord.Interaction[Any]


@dataclass(frozen=True, slots=True)
class Typed:
    """A typed command: its path, what was given by name, and the option that is being typed, if one is."""

    path: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    focused: str = ""


def typed_of(data: Mapping[str, Any]) -> Typed:
    """What stands in the data of a typed command, or of one that is being typed."""
    names, options = [str(data.get("name", ""))], data.get("options") or []
    while options and options[0].get("type") in _SUBCOMMANDS:
        names.append(str(options[0].get("name", "")))
        options = options[0].get("options") or []
    focused = next((str(each["name"]) for each in options if each.get("focused")), "")
    return Typed(".".join(names), {str(each["name"]): each.get("value") for each in options}, focused)


def message_text(data: Mapping[str, Any]) -> str:
    """The words of the message that a menu was opened on: its content, and those of its embeds and components."""
    messages = (data.get("resolved") or {}).get("messages") or {}
    message = messages.get(str(data.get("target_id"))) or {}
    found = [str(message.get("content") or "")]
    for embed in message.get("embeds") or ():
        found += [str(embed.get(key) or "") for key in ("title", "description", "url")]
    pending = list(message.get("components") or ())
    while pending:
        each = pending.pop(0)
        found.append(str(each.get("content") or ""))
        pending += each.get("components") or ()
    return "\n".join(text for text in found if text)


def ask_of(interaction: Interaction, services: Services, *, operator_guild: str = "") -> Ask:
    """The question behind an interaction, in the reader's language; the place has the server's.

    The channel stays empty where the bot cannot post: in a server that has it not, and in other people's direct
    messages.
    """
    guild = str(interaction.guild_id or "")
    installed = interaction.is_guild_integration()
    direct = not guild
    reachable = installed or (direct and interaction.context.dm_channel)
    channel = str(interaction.channel_id or "") if reachable else ""
    permissions = interaction.permissions
    of_server = catalogue(str(interaction.guild_locale)).language if interaction.guild_locale else ""
    user = interaction.user
    person = Person(
        str(user.id),
        user.display_name,
        manages=bool(guild) and (permissions.manage_channels or permissions.administrator),
        operates=bool(guild) and guild == operator_guild and (permissions.manage_guild or permissions.administrator),
        roles=tuple(str(id_) for id_ in getattr(user, "_roles", ())),  # `roles` needs a server that the bot is in
    )
    data: Mapping[str, Any] = dict(interaction.data or {})
    message = str(interaction.message.id) if interaction.message else str(data.get("target_id", ""))
    return Ask(
        person,
        Where("discord", guild if installed or not guild else "", channel, direct=direct, language=of_server),
        catalogue(str(interaction.locale)).language,
        services,
        message=message,
    )
