"""`/chipwatch list`: what is followed where, and who made it so; export, copy and import of orders."""

from __future__ import annotations

import json
from typing import Annotated, Any

from bot.cards.card import Card
from bot.cards.cutting import clean, cut_rich
from bot.cards.names import named_channel
from bot.commands.ask import Ask
from bot.commands.declaration import OpenTo
from bot.commands.kinds import ChannelId, Choice, File
from bot.commands.ordering import put_in_force, standing_here, wish_for
from bot.commands.registry import command
from bot.commands.reply import Attachment, Reply
from bot.delivery.order import Order
from bot.delivery.orders import as_record
from bot.delivery.restating import stored_words
from bot.errors import UserError
from bot.locale.catalogue import LANGUAGES, Catalogue, catalogue
from bot.locale.rich import Rich
from bot.store import subscriptions
from bot.store.engine import Connection
from bot.store.subscriptions import Standing

FORMAT = "chipwatch-order-1"
SHOWN = 10
LINE_LIMIT = 600
MAX_BYTES = 64 * 1024


@command("chipwatch", "list", open_to=OpenTo.MANAGERS)
async def list_(
    ask: Ask,
    do: Annotated[str, Choice("show", "export", "copy", "import")] | None = None,
    channel: ChannelId | None = None,
    file: File | None = None,
) -> Reply:
    """The orders of this server; `export` gives this channel's as a file, `copy` takes over that of `channel`, `import`
    puts an exported one in force here."""
    if do == "export":
        return await _export(ask, channel or "")
    if do == "copy":
        found = await standing_here(ask, _named(channel))
        return Reply.of(await put_in_force(ask, await wish_for(ask, found.order, "", found.language)))
    if do == "import":
        order = imported(file.content if file else b"")
        return Reply.of(
            await put_in_force(ask, await wish_for(ask, order["order"], "", str(order.get("language", ""))))
        )
    return Reply.of(await _listing(ask))


def _named(channel: str | None) -> str:
    if not channel:
        raise UserError("errors.missing", option="channel")
    return channel


async def _export(ask: Ask, channel: str) -> Reply:
    say, found = catalogue(ask.language), await standing_here(ask, channel)
    content = json.dumps({"format": FORMAT, **as_record(found)}, ensure_ascii=False, indent=1).encode()
    card = Card(title=say.say("list.exported"), language=say.language)
    return Reply((card,), files=(Attachment("chipwatch-order.json", content),))


def imported(content: bytes) -> dict[str, Any]:
    """An exported order. Raises UserError `errors.no_order_file` for anything else."""
    try:
        found = json.loads(content[:MAX_BYTES])
        if found["format"] != FORMAT or found.get("language", "en") not in LANGUAGES:
            raise ValueError("format")
        Order.of(found["order"])
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise UserError("errors.no_order_file") from error
    return dict(found)


async def _listing(ask: Ask) -> Card:
    say, where = catalogue(ask.language), ask.where

    def read(conn: Connection) -> list[Standing]:
        if where.workspace:
            return subscriptions.of_workspace(conn, where.platform, where.workspace)
        here = subscriptions.of_channel(conn, where.platform, where.channel)
        return [here] if here else []

    found = await ask.store.read(read)
    names = {id_: source.label for id_, source in ask.services.sources.items()}
    lines = tuple(cut_rich(_line(say, each, names), LINE_LIMIT) for each in found[:SHOWN])
    return Card(
        title=say.say("list.title", n=len(found)),
        language=say.language,
        lines=lines or (say.say("list.none"),),
        footer=(say.say("lists.more", n=len(found) - SHOWN),) if len(found) > SHOWN else (),
    )


def _line(say: Catalogue, each: Standing, names: dict[str, str]) -> Rich:
    return say.say(
        "list.line",
        channel=named_channel("", each.channel),
        words=stored_words(say, each.order, each.language, each.time_zone, names),
        who=clean(each.created_by, 60),
        day=each.created_at,
        paused=say.text("list.paused", reason=clean(each.pause_reason or "", 80)) if each.paused_at else "",
    )
