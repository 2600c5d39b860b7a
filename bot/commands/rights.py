"""Who may do what. Adapters hide what they can; what is decided here holds."""

from __future__ import annotations

from bot.commands.ask import Ask
from bot.commands.declaration import Command, OpenTo
from bot.errors import UserError
from bot.store import workspaces


async def demand(ask: Ask, command: Command) -> None:
    """See that the person may use the command. Raises UserError `errors.managers_only` or `errors.operators_only`."""
    if command.open_to is OpenTo.EVERYONE:
        return
    if command.open_to is OpenTo.OPERATORS:
        if not ask.person.operates:
            raise UserError("errors.operators_only")
        return
    if not await manages(ask):
        raise UserError("errors.managers_only")


async def manages(ask: Ask) -> bool:
    """Whether the person may change what this channel gets: by the platform's word, or by the role that the workspace's
    settings name."""
    if ask.person.manages or ask.person.operates:
        return True
    if not ask.person.roles:
        return False
    where = ask.where
    settings = await ask.store.read(lambda conn: workspaces.settings(conn, where.platform, where.workspace))
    return bool(settings.get("manager_role")) and settings["manager_role"] in ask.person.roles
