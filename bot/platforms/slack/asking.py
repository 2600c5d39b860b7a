"""Windows for commands: a verb alone whose command wants to know more opens one, made from its declaration."""

from __future__ import annotations

from bot.cards.card import Field, FieldKind, Form, Option
from bot.commands import registry
from bot.commands.declaration import Command, Kind, Parameter
from bot.commands.describing import about, choice_label, parameter_about
from bot.commands.vocabulary import meaning
from bot.locale.catalogue import catalogue

ALWAYS = frozenset({"chipwatch.follow"})
"""Commands that a window serves better than what they say without options."""
_KINDS = {Kind.CHANNEL: FieldKind.CHANNEL, Kind.ROLE: FieldKind.ROLE, Kind.CHOICE: FieldKind.SELECT}


def alone(text: str, groups: tuple[str, ...]) -> Command | None:
    """The command of a line that is one verb and nothing else, where it cannot do without options."""
    word = text.strip().casefold()
    if not word or " " in word:
        return None
    verb = meaning("verbs").get(word, word)
    command = next((found for group in groups if (found := registry.every().get(f"{group}.{verb}"))), None)
    if command is None or command.action or any(each.kind is Kind.FILE for each in command.parameters if each.required):
        return None
    wants = command.path in ALWAYS or any(each.required for each in command.parameters)
    return command if wants else None


def form_of(command: Command, language: str) -> Form:
    """A window with a field for each parameter, the required ones first."""
    say = catalogue(language)
    ranked = sorted(
        (each for each in command.parameters if each.kind is not Kind.FILE), key=lambda each: not each.required
    )
    fields = tuple(_field(command, each, language) for each in ranked)
    title = f"/{command.group} {command.name}"
    return Form(title, command.path, fields, (), say.text("slack.modal.submit"), language)


def _field(command: Command, parameter: Parameter, language: str) -> Field:
    options = tuple(Option(each, choice_label(language, each)) for each in parameter.choices)
    return Field(
        parameter.name,
        parameter_about(command, parameter, language),
        _KINDS.get(parameter.kind, FieldKind.TEXT) if options or parameter.kind is not Kind.CHOICE else FieldKind.TEXT,
        help=about(command, language) if parameter is command.parameters[0] else "",
        options=options,
        most=len(options) if parameter.many and options else 1,
        required=parameter.required,
    )
