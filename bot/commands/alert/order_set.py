"""The lists of Customise: one field of the draft is chosen anew."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from bot.commands.ask import Ask
from bot.commands.customising import LISTED, changed, draft_of, keep, offered, what_card, when_card
from bot.commands.declaration import OpenTo
from bot.commands.kinds import Choices, Name, Whole
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
    ask: Ask,
    draft: Name,
    field: Name,
    chosen: Annotated[tuple[str, ...], Choices()] | None = None,
    part: Annotated[int, Whole(1, 99)] | None = None,
) -> Reply:
    """Nothing chosen means everything. `part` is the list of a field that has several."""
    kept = await draft_of(ask, draft)
    others = _in_other_lists(ask, field, kept["order"], part) if part and field in LISTED else []
    order = changed(kept["order"], field, chosen or (), others)
    try:
        Order.of(order)
    except ValueError as error:
        raise UserError("errors.no_such_order", reason=str(error)) from None
    kept["order"] = order
    await keep(ask, draft, kept)
    card = when_card(ask, draft, kept) if field in WHEN else what_card(ask, draft, kept)
    return Reply.of(card, replace=True)


def _in_other_lists(ask: Ask, field: str, order: Mapping[str, Any], part: int) -> list[str]:
    """What stands chosen in the other lists of a field."""
    lists = offered(ask, field, order)
    elsewhere = {value for number, known in enumerate(lists, 1) if number != part for value, _ in known}
    return [value for value in order.get(field, ()) if value in elsewhere]
