"""Customise: whom to mention, a forum's tags, whether announcements are handed on, which time zone."""

from __future__ import annotations

from typing import Annotated

from bot.cards.card import Field, FieldKind, Form, Option
from bot.commands.alert.order_words import LONGEST, listed_words
from bot.commands.ask import Ask
from bot.commands.customising import draft_of, keep, when_card
from bot.commands.declaration import OpenTo
from bot.commands.kinds import Name, RoleId, Switch, Text, ZoneName
from bot.commands.registry import command
from bot.commands.reply import Reply
from bot.commands.roles import role_of, role_written
from bot.locale.catalogue import Catalogue, catalogue

TAGS = 5
"""As many as a forum's post may have."""


@command("alert", "order_mention", open_to=OpenTo.MANAGERS, action=True)
async def order_mention(
    ask: Ask,
    draft: Name,
    filled: Switch | None = None,
    mention: RoleId | None = None,
    tags: Annotated[str, Text(0, TAGS * (LONGEST + 2))] | None = None,
    publish: Switch | None = None,
    time_zone: ZoneName | None = None,
) -> Reply:
    """A form; sent off (`filled`), its answers stand in the draft."""
    say, kept = catalogue(ask.language), await draft_of(ask, draft)
    order = dict(kept["order"])
    if not filled:
        role = await role_written(ask, str(order.get("mention", "")))
        fields = (
            Field("mention", say.text("customise.field.mention"), FieldKind.ROLE, chosen=_some(role)),
            Field("tags", say.text("customise.field.tags"), chosen=_some(", ".join(order.get("tags", ())))),
            Field("publish", say.text("customise.field.publish"), FieldKind.SELECT, options=_yes_no(say),
                  chosen=("yes" if order.get("publish") else "no",)),
            Field("time-zone", say.text("customise.field.time_zone"), chosen=(kept["time_zone"],)),
        )  # fmt: skip
        values = (("draft", draft), ("filled", "yes"))
        title, send = say.text("customise.mention"), say.text("window.send")
        return Reply(form=Form(title, "order_mention", fields, values, send, say.language))
    role = (await role_of(ask, mention)).id if mention else ""
    given = {"mention": role, "tags": listed_words(tags or "")[:TAGS], "publish": bool(publish)}
    order = {name: value for name, value in {**order, **given}.items() if value not in ("", [], False, None)}
    kept["order"] = order
    if time_zone:
        kept["time_zone"] = time_zone
    await keep(ask, draft, kept)
    return Reply.of(when_card(ask, draft, kept), replace=True)


def _some(value: str | None) -> tuple[str, ...]:
    return (value,) if value else ()


def _yes_no(say: Catalogue) -> tuple[Option, ...]:
    return tuple(Option(word, say.text(f"command.choice.{word}")) for word in ("yes", "no"))
