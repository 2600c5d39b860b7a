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
from bot.locale.catalogue import catalogue
from bot.store import subscriptions, workspaces
from bot.store.engine import Connection


@command("alert", "share", action=True, private=False)
async def share(ask: Ask, what: Words) -> Reply:
    """Run the command again, for all to see, in the channel's language; only commands that anybody may use. What is
    refused is for the asker alone and in his own."""
    path, values = packed(what)
    wanted = registry.find(path)
    if wanted is None or not wanted.may_be_shared:
        raise UserError("errors.no_command", command=path)
    for_all = replace(ask, language=await channel_language(ask))
    reply = await wanted.run(for_all, **parsed(for_all, wanted, values))
    return replace(reply, private=bool(reply.private))


async def channel_language(ask: Ask) -> str:
    """What a channel reads in: its order's language, else the one that its managers set for the whole server, else the
    platform's word for the place, else the asker's."""
    where = ask.where

    def read(conn: Connection) -> str:
        order = subscriptions.of_channel(conn, where.platform, where.channel) if where.channel else None
        settings = workspaces.settings(conn, where.platform, where.workspace) if where.workspace else {}
        return (order.language if order else "") or str(settings.get("language") or "")

    found = await ask.store.read(read)
    return catalogue(found or where.language or ask.language).language


def packed(what: str) -> tuple[str, dict[str, str]]:
    """`chip.status~chip:H200~destination:MY` as path and arguments."""
    path, *fields = what.split("~")
    pairs = [field.partition(":") for field in fields]
    return path, {name: value for name, _, value in pairs if name}
