"""`/chipwatch follow`: what this channel gets. One question, the preset; everything else sits behind Customise."""

from __future__ import annotations

from typing import Annotated

from bot.cards.card import Button, Card
from bot.commands.ask import Ask
from bot.commands.declaration import OpenTo
from bot.commands.kinds import ChannelId, Choice
from bot.commands.ordering import put_in_force, wish_for
from bot.commands.registry import command
from bot.commands.reply import Reply
from bot.delivery.presets import PRESETS
from bot.locale.catalogue import LANGUAGES, catalogue
from bot.store import workspaces

DEFAULT = "default"


@command("chipwatch", "follow", open_to=OpenTo.MANAGERS)
async def follow(
    ask: Ask,
    preset: Annotated[str, Choice(*PRESETS, DEFAULT)] | None = None,
    channel: ChannelId | None = None,
    language: Annotated[str, Choice(*LANGUAGES)] | None = None,
) -> Reply:
    """With a preset the order is in force at once; `default` is the server's own. Without one, the question."""
    if preset is None:
        return Reply.of(await _question(ask, channel or ""))
    order = PRESETS.get(preset) or await _server_default(ask)
    return Reply.of(await put_in_force(ask, await wish_for(ask, order, channel or "", language or "")))


async def _server_default(ask: Ask) -> dict[str, object]:
    """The workspace's default order, else the first preset."""
    where = ask.where
    settings = await ask.store.read(lambda conn: workspaces.settings(conn, where.platform, where.workspace))
    return dict(settings.get("order") or PRESETS[next(iter(PRESETS))])


async def _question(ask: Ask, channel: str) -> Card:
    say = catalogue(ask.language)
    await wish_for(ask, {}, channel)
    place = (("channel", channel),) if channel else ()
    names = {name: say.text(f"command.choice.{name}") for name in PRESETS}
    return Card(
        title=say.say("follow.question"),
        language=say.language,
        lines=tuple(
            say.say("follow.preset", name=names[name], what=say.text(f"follow.gets.{name}")) for name in PRESETS
        ),
        buttons=(
            *(Button(label, "chipwatch.follow", (("preset", name), *place)) for name, label in names.items()),
            Button(say.text("button.customise"), "customise", place),
        ),
    )
