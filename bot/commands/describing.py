"""What commands say of themselves: descriptions, the words of choices, and the right form to type them."""

from __future__ import annotations

from bot.commands.declaration import Command, Kind, Parameter
from bot.locale.catalogue import catalogue


def about(command: Command, language: str) -> str:
    """What a command does, at most 100 characters; an action without a text of its own has none."""
    say, key = catalogue(language), f"command.{command.group}.{command.name}.about"
    return say.text(key) if say.has(key) else ""


def parameter_about(command: Command, parameter: Parameter, language: str) -> str:
    """What a parameter takes, at most 100 characters."""
    say = catalogue(language)
    own = f"command.{command.group}.{command.name}.{parameter.name}"
    general = f"command.parameter.{parameter.name}"
    return say.text(say.first(own, general)) if say.has(own) or say.has(general) else parameter.name


def choice_label(language: str, choice: str) -> str:
    """The word of a choice in a language; the choice itself where the catalogues have none."""
    say, key = catalogue(language), f"command.choice.{choice}"
    return say.text(key) if say.has(key) else choice


def usage(command: Command) -> str:
    """The form to type: `/chip status CHIP DESTINATION [date:DAY]`."""
    parts = [f"/{command.group} {command.name}"]
    for each in command.parameters:
        if each.kind is Kind.CHOICE and each.choices:
            value = "|".join(each.choices) if len(each.choices) <= 5 else each.name.upper()
        else:
            value = each.name.upper()
        parts.append(value if each.required else f"[{each.name}:{_SHAPES.get(each.kind, value)}]")
    return " ".join(parts)


_SHAPES = {Kind.DAY: "2025-05-20", Kind.PLACE: "COUNTRY", Kind.SWITCH: "yes", Kind.WHOLE: "N", Kind.NUMBER: "N"}
