"""`/chip help`: what can be asked, by whom, in which form."""

from __future__ import annotations

from bot.cards.card import Card
from bot.commands import registry
from bot.commands.ask import Ask
from bot.commands.declaration import Command, OpenTo
from bot.commands.describing import about, choice_label, parameter_about, usage
from bot.commands.kinds import Name
from bot.commands.registry import command
from bot.commands.reply import Reply
from bot.commands.rights import manages
from bot.commands.vocabulary import meaning
from bot.errors import UserError
from bot.knowledge.spelling import nearest
from bot.locale.catalogue import Catalogue, catalogue
from bot.locale.rich import Rich, Span, Style


@command("chip", "help")
async def help_(ask: Ask, topic: Name | None = None) -> Reply:
    """Every command that the person may use, or one of them in full."""
    say = catalogue(ask.language)
    if topic is not None and topic not in registry.GROUPS:
        return Reply.of(_of_one(say, _find(topic)))
    groups = [topic] if topic else await _groups(ask)
    return Reply.of(*(_of_group(say, group) for group in groups if registry.verbs(group)))


async def _groups(ask: Ask) -> list[str]:
    groups = ["chip"]
    if await manages(ask):
        groups.append("chipwatch")
    if ask.person.operates:
        groups.append("chipwatch-admin")
    return groups


def _find(topic: str) -> Command:
    words = topic.casefold().replace("/", " ").split()
    name = meaning("verbs").get(words[-1], words[-1]) if words else ""
    known = [each for group in registry.GROUPS for each in registry.verbs(group)]
    wanted = [each for each in known if each.name == name and (len(words) < 2 or each.group == words[0])]
    if wanted:
        return wanted[0]
    near = nearest(name, [each.name for each in known], limit=1, cutoff=0.5)
    raise UserError("errors.no_verb", verb=topic, suggestion=near[0] if near else "")


def _of_group(say: Catalogue, group: str) -> Card:
    lines = [
        say.say("help.line", form=(Span(f"/{group} {each.name}", Style.CODE),), about=about(each, say.language))
        for each in registry.verbs(group)
    ]
    ends = (say.say("help.examples"), say.say("help.lawyer")) if group == "chip" else ()
    return Card(title=say.say(f"help.title.{group}"), language=say.language, lines=(*lines, *ends))


def _of_one(say: Catalogue, command: Command) -> Card:
    lines: list[Rich] = [say.say("help.form", form=(Span(usage(command), Style.CODE),))]
    for each in command.parameters:
        choices = ", ".join(f"{c} ({choice_label(say.language, c)})" for c in each.choices)
        lines.append(
            say.say(
                "help.parameter",
                name=(Span(each.name, Style.BOLD),),
                about=parameter_about(command, each, say.language),
                choices=choices,
                must=say.text("help.must") if each.required else "",
            )
        )
    if command.open_to is not OpenTo.EVERYONE:
        lines.append(say.say(f"help.open_to.{command.open_to}"))
    return Card(
        title=say.say("help.one", about=about(command, say.language)), language=say.language, lines=tuple(lines)
    )
