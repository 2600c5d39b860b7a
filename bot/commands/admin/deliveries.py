"""`/chipwatch-admin deliveries`: messages that did not arrive, why, and once more or never."""

from __future__ import annotations

from typing import Annotated

from bot.cards.card import Button, Card
from bot.cards.cutting import clean
from bot.commands.ask import Ask
from bot.commands.declaration import OpenTo
from bot.commands.describing import choice_label
from bot.commands.kinds import Choice, Whole
from bot.commands.registry import command
from bot.commands.reply import Reply
from bot.commands.who import who
from bot.errors import UserError
from bot.locale.catalogue import Catalogue, catalogue
from bot.locale.rich import Rich
from bot.store import outbox_view
from bot.store.deliveries import FAILED
from bot.store.engine import Connection
from bot.store.outbox_view import Line

SHOWN, WITH_BUTTONS = 10, 5
STATES = {"failed": FAILED, "waiting": ("due", "scheduled", "held", "paused")}


@command("chipwatch-admin", "deliveries", open_to=OpenTo.OPERATORS)
async def deliveries(
    ask: Ask,
    do: Annotated[str, Choice("failed", "waiting", "retry", "cancel")] | None = None,
    number: Annotated[int, Whole(1, 10**12)] | None = None,
) -> Reply:
    """Without a word what failed, newest first. `retry` sends one now, `cancel` lets it never go out."""
    say = catalogue(ask.language)
    if do in (None, "failed", "waiting"):
        wanted = do or "failed"
        found = await ask.store.read(lambda conn: outbox_view.listing(conn, STATES[wanted], limit=SHOWN + 1))
        return Reply.of(_listed(say, found))
    if number is None:
        raise UserError("errors.missing", option="number")
    change = outbox_view.retry if do == "retry" else outbox_view.cancel

    def work(conn: Connection) -> bool:
        return change(conn, number, ask.now, who(ask))

    if not await ask.store.write(work):
        raise UserError("errors.no_such_delivery", number=str(number))
    ask.services.wake()
    return Reply.of(Card(title=say.say(f"deliveries.{do}", number=str(number)), language=say.language))


def _listed(say: Catalogue, found: list[Line]) -> Card:
    label = choice_label(say.language, "retry")
    return Card(
        title=say.say("deliveries.title", n=len(found[:SHOWN])),
        language=say.language,
        lines=tuple(_line(say, each) for each in found[:SHOWN]),
        footer=(say.say("deliveries.more"),) if len(found) > SHOWN else (),
        buttons=tuple(
            Button(f"{label} {each.id}", "chipwatch-admin.deliveries", (("do", "retry"), ("number", str(each.id))))
            for each in found[:WITH_BUTTONS]
        ),
    )


def _line(say: Catalogue, each: Line) -> Rich:
    return say.say(
        "deliveries.line",
        number=str(each.id),
        where=f"{each.platform} {clean(each.channel, 40)}",
        story=each.story or (each.gathering or ""),
        state=say.text(f"deliveries.state.{each.state}"),
        at=each.sent_at or each.created_at,
        reason=clean(each.reason or "", 120),
    )
