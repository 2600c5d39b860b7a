"""The desk: takes what a person typed, chose or pressed, and gives exactly one answer, whatever it was."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from bot.cards.card import Button, Card, Form, Option, Tone
from bot.cards.problem import problem_card
from bot.commands import completion, registry
from bot.commands.arguments import longest, named, parsed
from bot.commands.ask import Ask
from bot.commands.custom_id import fits
from bot.commands.declaration import Command
from bot.commands.describing import usage
from bot.commands.reply import Reply
from bot.commands.rights import demand
from bot.commands.words import typed_command
from bot.errors import ChipwatchError, StoreError, UserError
from bot.locale.catalogue import catalogue
from bot.locale.rich import Span, Style
from bot.logs import logger


@dataclass(slots=True)
class Desk:
    """Answers for every platform. It never raises for what a person typed, and a bug of ours becomes a card with a
    number that also stands in the log."""

    log: Any = field(default_factory=lambda: logger("desk"))

    async def answer(self, ask: Ask, path: str, arguments: Mapping[str, Any] | None = None) -> Reply:
        """The answer to a command by its path (`chip.status`) or an action's bare name. `private` is always set.

        `arguments` are by the parameters' names (other words for them are understood): texts as typed, several values
        for a list, an Attachment for a file.
        """
        given = dict(arguments or {})
        command = registry.find(path)
        if command is None:
            return _private(self._problem(ask, UserError("errors.no_command", command=path), None, given))
        try:
            await demand(ask, command)
            reply = await command.run(ask, **parsed(ask, command, given))
        except UserError as error:
            return _private(self._problem(ask, error, command, given))
        except StoreError as error:
            self.log.error("command_store", command=command.path, error=str(error))
            return _private(self._problem(ask, UserError("errors.store"), None, given))
        except Exception as error:  # whatever it is, the person gets an answer and the operator a line
            return _private(self._bug(ask, command, error))
        return self._finished(ask, command, reply, given)

    async def typed(self, ask: Ask, text: str, groups: tuple[str, ...] = ("chip",)) -> Reply:
        """The answer to a typed line ("H200 Malaysia on 1 May 2025"). `groups` are those whose verbs it may name, in
        order; without a verb it is a status, a whole sentence a question."""
        try:
            wanted = typed_command(ask, text, groups)
        except UserError as error:
            return _private(self._problem(ask, error, None, {}))
        except Exception as error:
            return _private(self._bug(ask, None, error))
        return await self.answer(ask, wanted.path, wanted.arguments)

    async def of_message(self, ask: Ask, text: str) -> Reply:
        """What can be said of a message of somebody: its chips, places and links. Private."""
        return _private(await self.answer(ask, "of_message", {"text": text[:6000]}))

    async def complete(self, ask: Ask, path: str, parameter: str, typed: str) -> tuple[Option, ...]:
        """Suggestions while somebody types: at most 25, each at most 100 characters; empty where anything is amiss."""
        try:
            command = registry.find(path)
            wanted = command.parameter(parameter) if command else None
            return await completion.options(ask, wanted, typed) if wanted else ()
        except Exception as error:  # suggestions are a courtesy: none is better than a late one or an error
            self.log.warning("completion", command=path, error=f"{type(error).__name__}: {error}")
            return ()

    def _finished(self, ask: Ask, command: Command, reply: Reply, given: Mapping[str, Any]) -> Reply:
        """The answer as it leaves: private or not, with a button to share, and no button that could not be pressed."""
        private = command.private if reply.private is None else reply.private
        cards = tuple(_pressable(card) for card in reply.cards)
        worth = cards and cards[-1].tone is not Tone.NOTICE and command.may_be_shared
        if private and worth and ask.where.channel and not ask.where.direct:
            cards = (*cards[:-1], _shareable(cards[-1], command, given, ask.language))
        form = _bounded(reply.form) if reply.form is not None else None
        return replace(reply, cards=cards, form=form, private=private)

    def _problem(self, ask: Ask, error: UserError, command: Command | None, given: Mapping[str, Any]) -> Reply:
        """One sentence, buttons for what may have been meant, and the right form."""
        try:
            request: dict[str, str] = {}
            if command is not None and command.path == "chip.status" and error.key != "errors.unknown_option":
                request = {name: value for name, value in named(command, given).items() if isinstance(value, str)}
            card = problem_card(error, ask.language, request)
            if command is not None and not command.action and error.key in _FORM_HELPS:
                form = catalogue(ask.language).say("command.form", form=(Span(usage(command), Style.CODE),))
                card = replace(card, lines=(*card.lines, form))
            return Reply.of(_pressable(card))
        except Exception as bug:
            return self._bug(ask, command, bug)

    def _bug(self, ask: Ask, command: Command | None, error: Exception) -> Reply:
        number = secrets.token_hex(4)
        name = command.path if command else "typed"
        self.log.error("command_bug", command=name, reference=number, exc_info=error)
        say = catalogue(ask.language)
        kind = "command.bug_known" if isinstance(error, ChipwatchError) else "command.bug"
        return Reply.of(
            Card(
                title=say.say(kind),
                tone=Tone.NOTICE,
                language=say.language,
                lines=(say.say("command.reference", number=number),),
            )
        )


_FORM_HELPS = frozenset(
    {"errors.missing", "errors.unknown_option", "errors.too_long", "errors.no_number", "errors.out_of_range",
     "errors.no_choice", "errors.no_switch", "errors.no_such_day", "errors.no_file", "errors.no_figure"}
)  # fmt: skip


def _private(reply: Reply) -> Reply:
    return replace(reply, private=True)


def _pressable(card: Card) -> Card:
    """The card without buttons and lists whose values are too long to be carried."""
    buttons = tuple(each for each in card.buttons if each.url or fits(each.action, each.values))
    selects = tuple(each for each in card.selects if fits(each.action, each.values))
    return replace(card, buttons=buttons, selects=selects)


def _bounded(form: Form) -> Form:
    """The form with no field that takes more than its command does: what was written would be refused once it is sent,
    and lost."""
    command = registry.find(form.action)
    if command is None:
        return form
    return replace(form, fields=tuple(replace(each, longest=longest(command, each.name)) for each in form.fields))


def _shareable(card: Card, command: Command, given: Mapping[str, Any], language: str) -> Card:
    values = [(name, value) for name, value in given.items() if isinstance(value, str) and value]
    packed = (("what", "~".join((command.path, *(f"{name}:{value}" for name, value in values)))),)
    if len(values) < len(given) or any("~" in value for _, value in values) or not fits("share", packed):
        return card
    return replace(card, buttons=(*card.buttons, Button(catalogue(language).text("button.share"), "share", packed)))
