"""`/chip status`: may this chip go there, on this day, and why."""

from __future__ import annotations

from bot.commands.answering import status_reply
from bot.commands.ask import Ask
from bot.commands.kinds import ChipName, Day, Destination, Name
from bot.commands.registry import command
from bot.commands.reply import Reply


@command("chip", "status")
async def status(
    ask: Ask,
    chip: ChipName,
    destination: Destination,
    date_: Day | None = None,
    known_on: Day | None = None,
    buyer: Destination | None = None,
    from_: Destination | None = None,
    end_user: Name | None = None,
) -> Reply:
    """The export status of a chip, with the reason and its citations."""
    return await status_reply(
        ask, chip, destination, date_, known_on=known_on, buyer=buyer, origin=from_, end_user=end_user
    )
