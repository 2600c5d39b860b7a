"""Windows for commands: a verb alone whose command wants to know more opens one, made from its declaration."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from bot.cards.card import Field, FieldKind, Form, Option
from bot.commands import registry
from bot.commands.ask import Ask
from bot.commands.declaration import Command, Kind, Parameter
from bot.commands.describing import about, choice_label, parameter_about
from bot.commands.reply import Attachment
from bot.commands.vocabulary import meaning
from bot.commands.words import Typed, typed_command
from bot.errors import UserError
from bot.locale.catalogue import catalogue

ALWAYS = frozenset({"chipwatch.follow"})
"""Commands that a window serves better than what they say without options."""
IMPORT = "import"
"""The choice that wants a file: a slash command brings none, so a window asks for its text."""
_KINDS = {
    Kind.CHANNEL: FieldKind.CHANNEL,
    Kind.ROLE: FieldKind.ROLE,
    Kind.CHOICE: FieldKind.SELECT,
    Kind.FILE: FieldKind.LONG_TEXT,
}


def alone(text: str, groups: tuple[str, ...]) -> Command | None:
    """The command of a line that is one verb and nothing else, where it cannot do without options."""
    word = text.strip().casefold()
    if not word or " " in word:
        return None
    verb = meaning("verbs").get(word, word)
    command = next((found for group in groups if (found := registry.every().get(f"{group}.{verb}"))), None)
    if command is None or command.action:
        return None
    wants = command.path in ALWAYS or any(each.required for each in command.parameters)
    return command if wants else None


def importing(ask: Ask, text: str, groups: tuple[str, ...]) -> Typed | None:
    """A line that wants to take over a file and brings none; None for every other."""
    try:
        found = typed_command(ask, text, groups)
    except UserError:
        return None  # the desk says what is wrong
    command = registry.find(found.path)
    file = next((each for each in command.parameters if each.kind is Kind.FILE), None) if command else None
    wants = file is not None and file.name not in found.arguments and IMPORT in found.arguments.values()
    return found if wants else None


def form_of(command: Command, language: str, given: Mapping[str, Any] = MappingProxyType({})) -> Form:
    """A window with a field for each parameter, the required ones first; what is given already stands in it. A file is
    asked for as its text."""
    say = catalogue(language)
    ranked = sorted(command.parameters, key=lambda each: not each.required)
    fields = tuple(_field(command, each, language, given.get(each.name)) for each in ranked)
    title = f"/{command.group} {command.name}"
    return Form(title, command.path, fields, (), say.text("slack.modal.submit"), language)


def with_files(path: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """What was filled in, with the texts that stand for files as files."""
    command, found = registry.find(path), dict(given)
    for each in command.parameters if command else ():
        if each.kind is Kind.FILE and isinstance(text := found.get(each.name), str):
            found[each.name] = Attachment(f"{each.name}.txt", text.encode())
    return found


def _field(command: Command, parameter: Parameter, language: str, given: Any) -> Field:
    options = tuple(Option(each, choice_label(language, each)) for each in parameter.choices)
    return Field(
        parameter.name,
        parameter_about(command, parameter, language),
        _KINDS.get(parameter.kind, FieldKind.TEXT) if options or parameter.kind is not Kind.CHOICE else FieldKind.TEXT,
        help=about(command, language) if parameter is command.parameters[0] else "",
        options=options,
        chosen=(str(given),) if given else (),
        most=len(options) if parameter.many and options else 1,
        required=parameter.required,
    )
