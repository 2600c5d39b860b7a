"""The lists of Customise: one field of the draft is chosen anew."""

from __future__ import annotations

from typing import Annotated

from bot.commands.ask import Ask
from bot.commands.customising import changed, draft_of, keep, what_card, when_card
from bot.commands.declaration import OpenTo
from bot.commands.kinds import Choices, Name
from bot.commands.registry import command
from bot.commands.reply import Reply
from bot.delivery.order import Order
from bot.errors import UserError

WHEN = frozenset(
    (
        "pace", "at", "weekday", "quiet", "growth", "place", "mention_from", "reminders", "publish", "breaks_through",
    )
)  # fmt: skip


@command("alert", "order_set", open_to=OpenTo.MANAGERS, action=True)
async def order_set(
    ask: Ask, draft: Name, field: Name, chosen: Annotated[tuple[str, ...], Choices()] | None = None
) -> Reply:
    """Nothing chosen means everything."""
    kept = await draft_of(ask, draft)
    order = changed(kept["order"], field, chosen or ())
    try:
        Order.of(order)
    except ValueError as error:
        raise UserError("errors.no_such_order", reason=str(error)) from None
    kept["order"] = order
    await keep(ask, draft, kept)
    card = when_card(ask, draft, kept) if field in WHEN else what_card(ask, draft, kept)
    return Reply.of(card, replace=True)
