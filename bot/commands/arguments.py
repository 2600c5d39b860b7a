"""The arguments of a command: from what was typed, chosen or pressed to values of the kinds that it declares."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.cards.cutting import clean, encodable
from bot.commands.ask import Ask
from bot.commands.days import read_day
from bot.commands.declaration import Command, Kind, Parameter
from bot.commands.reply import Attachment
from bot.commands.vocabulary import meaning
from bot.commands.zones import zone_of
from bot.errors import UserError
from bot.locale.catalogue import LANGUAGES

_YES = frozenset({"true", "yes", "on", "1", "ja", "an", "wahr", "是", "开", "開"})
_NO = frozenset({"false", "no", "off", "0", "nein", "aus", "falsch", "否", "关", "關"})
_MOST_VALUES = 25
_MOST_CHARACTERS = 200
"""Of a text whose parameter names no bound."""
_TEXTS = frozenset({Kind.TEXT, Kind.STORY, Kind.SOURCE, Kind.LINK, Kind.ROLE, Kind.CHANNEL, Kind.ZONE})


def named(command: Command, given: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments under the names that the command declares; other words for them are understood, empty ones go.

    Raises UserError `errors.unknown_option` for one that the command does not take.
    """
    found: dict[str, Any] = {}
    for name, value in given.items():
        if value is None or (isinstance(value, str) and not value.strip()):
            continue
        spelled = name.strip().casefold().replace("_", "-")
        parameter = command.parameter(spelled) or command.parameter(meaning("keys").get(spelled, ""))
        if parameter is None:
            known = ", ".join(each.name for each in command.parameters)
            raise UserError("errors.unknown_option", option=clean(name, 40), known=known)
        found[parameter.name] = value
    return found


def parsed(ask: Ask, command: Command, given: Mapping[str, Any]) -> dict[str, Any]:
    """The values for the command's function, by its own names. Raises UserError for what cannot be read, and
    `errors.missing` for what is missing."""
    arguments = named(command, given)
    values: dict[str, Any] = {}
    for parameter in command.parameters:
        if parameter.name in arguments:
            values[parameter.argument] = value_of(ask, parameter, arguments[parameter.name])
        elif parameter.required:
            raise UserError("errors.missing", option=parameter.name)
    return values


def mistakes(ask: Ask, command: Command, given: Mapping[str, Any]) -> dict[str, UserError]:
    """What is wrong with the arguments, by the command's own names; empty where `parsed` can read them all. Raises
    UserError `errors.unknown_option`."""
    arguments, found = named(command, given), dict[str, UserError]()
    for parameter in command.parameters:
        try:
            if parameter.name in arguments:
                value_of(ask, parameter, arguments[parameter.name])
            elif parameter.required:
                raise UserError("errors.missing", option=parameter.name)
        except UserError as error:
            found[parameter.name] = error
    return found


def value_of(ask: Ask, parameter: Parameter, given: Any) -> Any:
    """One value. Raises UserError with what would be right."""
    if parameter.kind is Kind.FILE:
        if not isinstance(given, Attachment):
            raise UserError("errors.no_file", option=parameter.name)
        return given
    if parameter.many:
        listed = [given] if isinstance(given, str) else list(given)
        return tuple(_one(ask, parameter, str(each)) for each in listed[:_MOST_VALUES])
    if isinstance(given, bool):
        return given if parameter.kind is Kind.SWITCH else str(given).lower()
    if not isinstance(given, str | int | float):
        given = next(iter(given), "")
    return _one(ask, parameter, str(given))


def _one(ask: Ask, parameter: Parameter, text: str) -> Any:
    text = encodable(text).strip()
    match parameter.kind:
        case Kind.CHIP:
            ask.knowledge.chips.find(text)
            return text[:120]
        case Kind.PLACE:
            return ask.knowledge.countries.find(text).code
        case Kind.DAY:
            return read_day(text, ask.today)
        case Kind.WHOLE | Kind.NUMBER:
            return _number(parameter, text)
        case Kind.SWITCH:
            return _switch(parameter, text)
        case Kind.CHOICE:
            return _choice(ask, parameter, text)
        case Kind.CHANNEL if text.startswith("#"):  # a name says nothing to a platform, which knows channels by id
            raise UserError("errors.unknown_channel", channel=clean(text, 40))
        case Kind.ZONE:
            return zone_of(text)
    return _text(parameter, text)


def longest(command: Command, name: str) -> int | None:
    """The characters that a command takes of a text; None where it is no text, or not counted."""
    parameter = command.parameter(name)
    if parameter is None or parameter.many or parameter.kind not in _TEXTS:
        return None
    return _most(parameter)


def _most(parameter: Parameter) -> int:
    return int(parameter.most) if parameter.most is not None else _MOST_CHARACTERS


def _text(parameter: Parameter, text: str) -> str:
    most = _most(parameter)
    if len(text) < (parameter.least or 0):
        raise UserError("errors.missing", option=parameter.name)
    if len(text) > most:
        raise UserError("errors.too_long", option=parameter.name, most=most)
    return text


def _number(parameter: Parameter, text: str) -> int | float:
    try:
        value = int(text) if parameter.kind is Kind.WHOLE else float(text.replace(",", "."))
    except (ValueError, OverflowError):
        raise UserError("errors.no_number", option=parameter.name, text=clean(text, 40)) from None
    least, most = parameter.least, parameter.most
    if (least is not None and value < least) or (most is not None and not value <= most):
        raise UserError("errors.out_of_range", option=parameter.name, least=least or 0, most=most or 0)
    return value


def _switch(parameter: Parameter, text: str) -> bool:
    folded = text.casefold()
    if folded in _YES or folded == parameter.name:
        return True
    if folded in _NO:
        return False
    raise UserError("errors.no_switch", option=parameter.name, text=clean(text, 40))


def _choice(ask: Ask, parameter: Parameter, text: str) -> str:
    from bot.commands.describing import choice_label

    folded = text.casefold().replace(" ", "_").replace("-", "_")
    for choice in parameter.choices:
        labels = {choice_label(language, choice).casefold().replace(" ", "_") for language in LANGUAGES}
        if folded in (choice.casefold().replace("-", "_"), *(label.replace("-", "_") for label in labels)):
            return choice
    known = ", ".join(choice_label(ask.language, choice) for choice in parameter.choices)
    raise UserError("errors.no_choice", option=parameter.name, text=clean(text, 40), known=known)
