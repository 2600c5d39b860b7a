"""The button under a private answer that shows it to everybody in the channel."""

from __future__ import annotations

from dataclasses import replace

from bot.commands import registry
from bot.commands.arguments import parsed
from bot.commands.ask import Ask
from bot.commands.kinds import Words
from bot.commands.registry import command
from bot.commands.reply import Reply
from bot.errors import UserError


@command("alert", "share", action=True, private=False)
async def share(ask: Ask, what: Words) -> Reply:
    """Run the command again, for all to see; only commands that anybody may use."""
    path, values = packed(what)
    wanted = registry.find(path)
    if wanted is None or not wanted.may_be_shared:
        raise UserError("errors.no_command", command=path)
    reply = await wanted.run(ask, **parsed(ask, wanted, values))
    return replace(reply, private=False)


def packed(what: str) -> tuple[str, dict[str, str]]:
    """`chip.status~chip:H200~destination:MY` as path and arguments."""
    path, *fields = what.split("~")
    pairs = [field.partition(":") for field in fields]
    return path, {name: value for name, _, value in pairs if name}
