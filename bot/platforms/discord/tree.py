"""The declared commands as Discord registers them, and registering them only when something changed.

Names are the same in every language; descriptions and choices are localised. One PUT replaces all commands, so that the
adapter first compares what is registered.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from bot.commands import registry
from bot.commands.declaration import Command, Kind, OpenTo, Parameter
from bot.commands.describing import about, choice_label, parameter_about
from bot.platforms.discord.markup import fit
from bot.platforms.discord.render import Body
from bot.platforms.discord.rights import MANAGE_CHANNELS, MANAGE_GUILD
from bot.platforms.discord.wire import Wire

MENU = "Chip export status"
"""The entry in the menu of a message."""
DESCRIPTION_LIMIT, CHOICES, NAME_LIMIT, TEXT_LIMIT = 100, 25, 100, 6000
LOCALES = {"de": "de", "zh-CN": "zh"}
"""Discord's name of a language and the catalogue's; English is what stands without one."""
_SUBCOMMAND, _MESSAGE = 1, 3
_KINDS = {
    Kind.WHOLE: 4,
    Kind.SWITCH: 5,
    Kind.CHANNEL: 7,
    Kind.ROLE: 8,
    Kind.NUMBER: 10,
    Kind.FILE: 11,
}
_STRING = 3
_RIGHTS = {OpenTo.MANAGERS: str(MANAGE_CHANNELS), OpenTo.OPERATORS: str(MANAGE_GUILD)}
_EVERYWHERE, _SERVERS = ([0, 1, 2], [0, 1]), ([0], [0])


def commands() -> list[Body]:
    """What everybody's servers get: `/chip`, `/chipwatch` and the menu of messages."""
    found = [_group("chip", _EVERYWHERE), _group("chipwatch", _SERVERS)]
    contexts, installs = _EVERYWHERE
    menu = {"type": _MESSAGE, "name": MENU, "contexts": contexts, "integration_types": installs}
    return [*(each for each in found if each is not None), menu]


def operators_commands() -> list[Body]:
    """What the operator's own server gets besides: `/chipwatch-admin`."""
    made = _group("chipwatch-admin", None)
    return [made] if made is not None else []


def _group(name: str, where: tuple[list[int], list[int]] | None) -> Body | None:
    """A top-level command with its verbs; None while it has none. `where`: contexts and kinds of installation."""
    verbs = registry.verbs(name)
    if not verbs:
        return None
    made: Body = {"type": 1, "name": name}
    made |= _described(lambda language: _words(f"discord.group.{name.replace('-', '_')}", language))
    made["options"] = [_verb(each) for each in verbs[:CHOICES]]
    if where is not None:
        made["contexts"], made["integration_types"] = where
    if verbs[0].open_to in _RIGHTS:
        made["default_member_permissions"] = _RIGHTS[verbs[0].open_to]
    return made


def _words(key: str, language: str) -> str:
    from bot.locale.catalogue import catalogue

    return catalogue(language).text(key)


def _described(words: Callable[[str], str]) -> Body:
    """A description in every language, at most 100 code points."""
    english = fit(words("en"), DESCRIPTION_LIMIT) or "…"
    others = {locale: fit(words(language), DESCRIPTION_LIMIT) for locale, language in LOCALES.items()}
    made: Body = {"description": english}
    if kept := {locale: text for locale, text in others.items() if text and text != english}:
        made["description_localizations"] = kept
    return made


def _verb(command: Command) -> Body:
    made: Body = {"type": _SUBCOMMAND, "name": command.name}
    made |= _described(lambda language: about(command, language) or command.name)
    ordered = sorted(command.parameters, key=lambda each: not each.required)
    if ordered:
        made["options"] = [_option(command, each) for each in ordered[:CHOICES]]
    return made


def _option(command: Command, parameter: Parameter) -> Body:
    made: Body = {"type": _KINDS.get(parameter.kind, _STRING), "name": parameter.name, "required": parameter.required}
    made |= _described(lambda language: parameter_about(command, parameter, language))
    if parameter.many:
        made["type"] = _STRING
    elif parameter.kind in (Kind.WHOLE, Kind.NUMBER):
        made |= _bounds("value", parameter, 1e15)
    elif parameter.choices and len(parameter.choices) <= CHOICES:
        made["choices"] = [_choice(each) for each in parameter.choices]
    elif parameter.completes:
        made["autocomplete"] = True
    elif made["type"] == _STRING:
        made |= _bounds("length", parameter, TEXT_LIMIT)
    return made


def _bounds(what: str, parameter: Parameter, most: float) -> Body:
    made: Body = {}
    if parameter.least is not None:
        made[f"min_{what}"] = _whole(parameter.least)
    if parameter.most is not None:
        made[f"max_{what}"] = _whole(max(1, min(parameter.most, most)))
    return made


def _whole(value: float) -> int | float:
    return int(value) if float(value).is_integer() else value


def _choice(value: str) -> Body:
    english = fit(choice_label("en", value), NAME_LIMIT) or value
    made: Body = {"name": english, "value": value}
    others = {locale: fit(choice_label(language, value), NAME_LIMIT) for locale, language in LOCALES.items()}
    if kept := {locale: text for locale, text in others.items() if text and text != english}:
        made["name_localizations"] = kept
    return made


async def register(wire: Wire, wanted: Sequence[Body], guild: str = "") -> bool:
    """See that exactly these commands are registered, everywhere or in one server; whether that took a request."""
    await wire.login()
    place: dict[str, Any] = {"application_id": wire.own_id}
    path = "/applications/{application_id}/commands"
    if guild:
        path, place["guild_id"] = "/applications/{application_id}/guilds/{guild_id}/commands", guild
    registered = await wire.call("GET", path, with_localizations="true", **place)
    if _comparable(wanted) == _comparable(registered):
        return False
    await wire.call("PUT", path, list(wanted), **place)
    return True


_COMPARED = (
    "type", "name", "description", "description_localizations", "name_localizations", "options", "choices", "required",
    "autocomplete", "min_value", "max_value", "min_length", "max_length", "value", "default_member_permissions",
    "contexts", "integration_types",
)  # fmt: skip


def _comparable(commands: Sequence[Body]) -> dict[tuple[int, str], Any]:
    return {(each.get("type", 1), each["name"]): _bare(each) for each in commands}


def _bare(thing: Any) -> Any:
    """What we say of a command, without what the API adds and without empty parts."""
    if isinstance(thing, dict):
        if "name" not in thing:
            return thing
        return {key: _bare(thing[key]) for key in _COMPARED if thing.get(key) not in (None, False, "", [], {})}
    if isinstance(thing, list | tuple):
        bare = [_bare(each) for each in thing]
        return sorted(bare) if bare and isinstance(bare[0], int) else bare
    return thing
