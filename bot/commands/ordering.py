"""Putting an order in force: stored with its audit line, tried out with a test post, and told in words."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from bot.cards.card import Button, Card, Tone
from bot.cards.cutting import clean, cut_rich
from bot.cards.headline import plain_headline
from bot.cards.names import named_channel
from bot.commands.ask import Ask
from bot.commands.roles import role_of
from bot.commands.who import who
from bot.delivery import orders
from bot.delivery.order import Order
from bot.delivery.platform import Outgoing, Surroundings
from bot.delivery.presets import preset_of
from bot.delivery.restating import order_words
from bot.errors import DeliveryError, UserError
from bot.locale.catalogue import Catalogue, catalogue
from bot.locale.rich import Rich
from bot.pipeline.reading import retrieval
from bot.store import subscriptions, workspaces
from bot.store.engine import Connection
from bot.store.subscriptions import Standing

PLATFORM_S = 6.0
"""Seconds that the platform may take for the test post and for saying what may be done."""
EXAMPLES = 3
LINE_LIMIT = 600


@dataclass(frozen=True, slots=True)
class Wish:
    """What a channel is to get: the order in its stored form, and in which language and time zone."""

    order: Mapping[str, Any]
    language: str
    time_zone: str
    channel: str
    workspace: str


async def wish_for(ask: Ask, order: Mapping[str, Any], channel: str = "", language: str = "") -> Wish:
    """A wish with what the person did not say taken from the workspace's settings. Raises UserError
    `errors.no_channel` where nothing can be posted, `errors.order_elsewhere` where another workspace's order stands."""
    where = ask.where
    place = channel or where.channel
    if not place:
        raise UserError("errors.no_channel")
    await demand_own(ask, place)
    settings = await ask.store.read(lambda conn: workspaces.settings(conn, where.platform, where.workspace))
    return Wish(
        dict(order),
        catalogue(language or str(settings.get("language") or ask.language)).language,
        str(settings.get("time_zone") or ask.time_zone),
        place,
        where.workspace,
    )


async def put_in_force(ask: Ask, wish: Wish) -> Card:
    """Store the order, try it out, and tell it. Raises UserError `errors.no_such_order` for what does not exist,
    `errors.channel_elsewhere` for a channel of another workspace, `errors.order_elsewhere` for its order, and as
    `role_of` for whom it mentions."""
    try:
        order = Order.of(wish.order)
    except (ValueError, TypeError, KeyError) as error:
        raise UserError("errors.no_such_order", reason=str(error)) from None
    if order.mention:
        role = await role_of(ask, order.mention)
        wish = replace(wish, order={**wish.order, "mention": role.id})
    around = await surroundings(ask, wish.channel)
    here = wish.channel == ask.where.channel
    if not here and (around is None or around.workspace != ask.where.workspace):
        raise UserError("errors.channel_elsewhere")

    def keep(conn: Connection) -> tuple[retrieval.Preview, str | None]:
        orders.keep(
            conn, ask.where.platform, wish.workspace, wish.channel, wish.order, wish.language, wish.time_zone,
            ask.now, who(ask),
        )  # fmt: skip
        told = retrieval.preview(conn, order, ask.now)
        space = workspaces.one(conn, ask.where.platform, wish.workspace)
        return told, space.notices_channel if space else None

    found, notices = await ask.store.write(keep)
    tried = await _test_post(ask, wish)
    place = await channel_words(ask, notices) if notices else ()
    return _told(ask, wish, order, around, found, tried, place)


async def standing_here(ask: Ask, channel: str = "") -> Standing:
    """The order of a channel, this one where none is named. Raises UserError `errors.no_order_here`, and
    `errors.order_elsewhere` where another workspace that shares the channel made it."""
    where = ask.where
    place = channel or where.channel
    found = await ask.store.read(lambda conn: subscriptions.of_channel(conn, where.platform, place))
    if found is None:
        raise UserError("errors.no_order_here")
    if not is_ours(ask, found):  # of a channel that one is not in nothing is said
        raise UserError("errors.order_elsewhere" if place == where.channel else "errors.no_order_here")
    return found


def is_ours(ask: Ask, standing: Standing) -> bool:
    """Whether an order is for this workspace to change: elsewhere than here it must be known to be."""
    here, known = standing.channel == ask.where.channel, bool(ask.where.workspace and standing.workspace)
    return (here or known) and orders.is_own(standing, ask.where.workspace)


async def ordered_elsewhere(ask: Ask, channel: str) -> bool:
    """Whether the channel's order is another workspace's."""
    where = ask.where
    found = await ask.store.read(lambda conn: subscriptions.of_channel(conn, where.platform, channel))
    return found is not None and not orders.is_own(found, where.workspace)


async def demand_own(ask: Ask, channel: str) -> None:
    """See that the channel is not another workspace's to change. Raises UserError `errors.order_elsewhere`."""
    if await ordered_elsewhere(ask, channel):
        raise UserError("errors.order_elsewhere")


async def own_channel(ask: Ask, channel: str) -> Surroundings | None:
    """What may be done in a channel that must be one of this workspace where the bot may post; None where there is no
    platform to ask. Raises UserError `errors.channel_elsewhere`, `errors.channel_closed`, `errors.channel_unsure`."""
    if ask.where.platform not in ask.services.platforms:
        return None
    try:
        around = await _looked(ask, channel)
    except (DeliveryError, TimeoutError) as error:
        away = isinstance(error, DeliveryError) and error.lost == "channel"
        raise UserError("errors.channel_elsewhere" if away else "errors.channel_unsure") from None
    if around.kind == "direct" or (around.workspace and around.workspace != ask.where.workspace):
        raise UserError("errors.channel_elsewhere")
    if not around.post:
        raise UserError("errors.channel_closed", missing=", ".join(around.missing))
    return around


async def surroundings(ask: Ask, channel: str) -> Surroundings | None:
    """What may be done in a channel; None where the platform cannot say now."""
    if ask.where.platform not in ask.services.platforms:
        return None
    try:
        return await _looked(ask, channel)
    except (DeliveryError, TimeoutError):
        return None


async def _looked(ask: Ask, channel: str) -> Surroundings:
    async with asyncio.timeout(PLATFORM_S):
        return await ask.services.platforms[ask.where.platform].surroundings(channel, ask.where.workspace)


async def _test_post(ask: Ask, wish: Wish) -> str:
    """Posts a line into the channel; empty when it arrived, else why not."""
    platform = ask.services.platforms.get(ask.where.platform)
    if platform is None:
        return "-"
    say = catalogue(wish.language)
    card = Card(
        title=say.say("order.test"), tone=Tone.NOTICE, language=say.language, lines=(say.say("order.test_line"),)
    )
    key = f"test.{wish.channel}.{int(ask.now.timestamp())}"
    message = Outgoing(wish.channel, card, key, {"test": True}, workspace=wish.workspace)
    try:
        async with asyncio.timeout(PLATFORM_S):
            await platform.send(message)
    except DeliveryError as error:
        return error.reason or "?"
    except TimeoutError:
        return "timeout"
    return ""


def _told(
    ask: Ask,
    wish: Wish,
    order: Order,
    around: Surroundings | None,
    found: retrieval.Preview,
    tried: str,
    notices: Rich,
) -> Card:
    say = catalogue(ask.language)
    lines = [
        in_words(ask, wish.order, wish.language, wish.time_zone),
        preview_line(say, found),
        _can(say, order, around, tried),
        say.say("order.notices", channel=notices) if notices else say.say("order.notices_nowhere"),
        say.say("order.undo"),
    ]
    name = preset_of(wish.order)
    return Card(
        title=say.say(
            "order.now",
            channel=named_channel(around.name if around else "", wish.channel),
            preset=say.text(f"command.choice.{name}") if name else say.text("order.own"),
        ),
        language=say.language,
        lines=tuple(cut_rich(line, LINE_LIMIT) for line in lines if line),
        buttons=(
            Button(say.text("button.edit"), "chipwatch.edit", (("channel", wish.channel),)),
            Button(say.text("button.stop"), "chipwatch.stop", (("channel", wish.channel),)),
        ),
    )


def in_words(ask: Ask, order: Mapping[str, Any], language: str, time_zone: str) -> Rich:
    """An order restated."""
    say = catalogue(ask.language)
    names = {id_: source.label for id_, source in ask.services.sources.items()}
    return say.say("order.words_of_it", words=order_words(say, Order.of(order), language, time_zone, names))


async def channel_words(ask: Ask, channel: str) -> Rich:
    """A channel as people call it; where nobody knows its name the platform shows it by its id."""
    around = await surroundings(ask, channel)
    return named_channel(around.name if around else "", channel)


def preview_line(say: Catalogue, found: retrieval.Preview) -> Rich:
    """How many messages the last days would have brought, with examples."""
    listed = found.stories[:EXAMPLES]
    examples = " · ".join(plain_headline(say, story) for story in listed)
    return say.say(
        "order.preview",
        days=found.days,
        n=len(found.stories),
        archive=say.text("order.archive", n=found.from_archive) if found.from_archive else "",
        examples=clean(examples, 420),
    )


def _can(say: Catalogue, order: Order, around: Surroundings | None, tried: str) -> Rich:
    """The test post, and what may and may not be done there."""
    parts = [say.text("order.test_ok") if not tried else say.text("order.test_failed", reason=clean(tried, 80))]
    if tried == "-":
        parts = [say.text("order.test_none")]
    if around is not None:
        wants = {"post": True, "thread": order.place in ("thread", "forum"), "mention": bool(order.mention)}
        for name, wanted in wants.items():
            may = getattr(around, name)
            mark = "✓" if may else "✗"
            needless = say.text("order.not_needed") if not may and not wanted else ""
            parts.append(say.text(f"order.can.{name}", mark=mark, note=needless))
        if around.kind == "announcement":
            parts.append(say.text("order.can.publish", mark="✓" if around.publish else "✗", note=""))
        if around.missing:
            parts.append(say.text("order.missing", rights=", ".join(clean(right, 40) for right in around.missing)))
    return say.say("order.may", parts=" · ".join(parts))
