"""The button Reject below a draft of the ledger."""

from __future__ import annotations

from bot.commands.admin.ledger import rejected
from bot.commands.ask import Ask
from bot.commands.declaration import OpenTo
from bot.commands.kinds import Name
from bot.commands.registry import command
from bot.commands.reply import Reply


@command("alert", "ledger_reject", open_to=OpenTo.OPERATORS, action=True)
async def ledger_reject(ask: Ask, draft: Name) -> Reply:
    """The draft waits no longer, and nothing is recorded."""
    return Reply.of(await rejected(ask, draft))
