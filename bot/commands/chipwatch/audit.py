"""`/chipwatch audit`: who changed what here, from what to what."""

from __future__ import annotations

import json
from typing import Any

from bot.cards.card import Card
from bot.cards.cutting import clean, cut_rich
from bot.cards.names import named_channel
from bot.commands.ask import Ask, Where
from bot.commands.declaration import OpenTo
from bot.commands.registry import command
from bot.commands.reply import Attachment, Reply
from bot.locale.catalogue import Catalogue, catalogue
from bot.locale.rich import Rich
from bot.store import audit
from bot.store.engine import Connection

SHOWN = 8
KEPT = 500
LINE_LIMIT = 300


@command("chipwatch", "audit", open_to=OpenTo.MANAGERS)
async def audit_(ask: Ask) -> Reply:
    """The newest changes of this server; all of them as a file. Who changed what in another workspace that shares the
    channel is not told."""
    say, where = catalogue(ask.language), ask.where

    def read(conn: Connection) -> list[dict[str, Any]]:
        return audit.of_place(conn, where.platform, where.workspace, where.channel, KEPT)

    found = await ask.store.read(read)
    lines = tuple(cut_rich(_line(say, row, where), LINE_LIMIT) for row in found[:SHOWN])
    card = Card(
        title=say.say("audit.title", n=len(found)), language=say.language, lines=lines or (say.say("audit.none"),)
    )
    text = "".join(json.dumps({**row, "at": row["at"].isoformat()}, ensure_ascii=False) + "\n" for row in found)
    files = (Attachment("chipwatch-audit.jsonl", text.encode()),) if found else ()
    return Reply((card,), files=files)


def _line(say: Catalogue, row: dict[str, Any], where: Where) -> Rich:
    area, _, verb = str(row["action"]).partition(".")
    subject = row["subject"].removeprefix(f"{where.platform}:")
    key = f"audit.action.{area}.{verb}"
    return say.say(
        "audit.line",
        at=row["at"],
        who=clean(row["who"], 60),
        action=say.text(key) if say.has(key) else clean(row["action"], 40),
        subject=say.text("audit.whole") if subject == where.workspace else named_channel("", subject),
        changed=", ".join(sorted(_changed(row["before"], row["after"]))[:6]),
    )


def _changed(before: Any, after: Any) -> set[str]:
    """The names of what differs, one step into an order."""
    was, now = _flat(before), _flat(after)
    return {name for name in was.keys() | now.keys() if was.get(name) != now.get(name)}


def _flat(record: Any) -> dict[str, Any]:
    if not isinstance(record, dict):
        return {}
    inner = record.get("order")
    return {**{k: v for k, v in record.items() if k != "order"}, **(inner if isinstance(inner, dict) else {})}
