"""`/chipwatch settings`: what holds for the whole server or workspace."""

from __future__ import annotations

from typing import Annotated, Any

from bot.cards.card import Card
from bot.cards.cutting import clean
from bot.commands.ask import Ask
from bot.commands.declaration import OpenTo
from bot.commands.kinds import ChannelId, Choice, RoleId, ZoneName
from bot.commands.ordering import channel_words, own_channel
from bot.commands.registry import command
from bot.commands.reply import Reply
from bot.commands.roles import managing_role_of, role_written
from bot.commands.who import who
from bot.delivery import orders
from bot.delivery.presets import PRESETS, preset_of
from bot.errors import UserError
from bot.locale.catalogue import LANGUAGES, catalogue
from bot.store import audit, subscriptions, workspaces
from bot.store.engine import Connection


@command("chipwatch", "settings", open_to=OpenTo.MANAGERS)
async def settings(
    ask: Ask,
    language: Annotated[str, Choice(*LANGUAGES)] | None = None,
    time_zone: ZoneName | None = None,
    manager_role: RoleId | None = None,
    notices: ChannelId | None = None,
    default: Annotated[str, Choice(*PRESETS, "this_channel")] | None = None,
) -> Reply:
    """Without anything named, what is set; else what is named is changed. Notices go to a channel of this workspace
    where the bot may post, and only a role that people can hold may manage."""
    where = ask.where
    if not where.workspace:
        raise UserError("errors.no_workspace")
    role = (await managing_role_of(ask, manager_role)).id if manager_role else None
    if notices is not None:
        await own_channel(ask, notices)
    changed: dict[str, Any] = {"language": language, "time_zone": time_zone, "manager_role": role}
    changed = {name: value for name, value in changed.items() if value is not None}

    def work(conn: Connection) -> workspaces.Workspace | None:
        if default is not None:
            changed["order"] = _default(conn, ask, default)
        space = workspaces.one(conn, where.platform, where.workspace)
        if not changed and notices is None:
            return space
        before, after = workspaces.change(conn, where.platform, where.workspace, ask.now, changed)
        if notices is not None:
            before["notices"], after["notices"] = space.notices_channel if space else None, notices
            workspaces.send_notices_to(conn, where.platform, where.workspace, notices)
        subject = f"{where.platform}:{where.workspace}"
        audit.log(conn, ask.now, who(ask), "settings.change", subject, before, after, where.workspace)
        return workspaces.one(conn, where.platform, where.workspace)

    space = await ask.store.write(work)
    return Reply.of(await _card(ask, space))


def _default(conn: Connection, ask: Ask, default: str) -> dict[str, Any]:
    if default != "this_channel":
        return dict(PRESETS[default])
    here = subscriptions.of_channel(conn, ask.where.platform, ask.where.channel)
    if here is None or not orders.is_own(here, ask.where.workspace):
        raise UserError("errors.no_order_here")
    return dict(here.order)


async def _card(ask: Ask, space: workspaces.Workspace | None) -> Card:
    say = catalogue(ask.language)
    kept = dict(space.settings) if space else {}
    order = kept.get("order")
    role = await role_written(ask, str(kept.get("manager_role", "")))
    notices = space.notices_channel if space else None
    preset = preset_of(order) if order else next(iter(PRESETS))
    rows = {
        "language": say.text(f"names.language.{kept.get('language', ask.language)}"),
        "time_zone": clean(str(kept.get("time_zone", ask.time_zone)), 40),
        "manager_role": clean(role, 40) or say.text("settings.platform_rights"),
        "notices": await channel_words(ask, notices) if notices else say.text("settings.nowhere"),
        "default": say.text(f"command.choice.{preset}") if preset else say.text("order.own"),
    }
    lines = tuple(
        say.say("settings.line", name=say.text(f"settings.name.{name}"), value=value) for name, value in rows.items()
    )
    return Card(title=say.say("settings.title"), language=say.language, lines=lines)
