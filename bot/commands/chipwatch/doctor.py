"""`/chipwatch doctor`: whether this channel can get what it was promised, and what to do where it cannot."""

from __future__ import annotations

from bot.cards.card import Card
from bot.cards.cutting import clean
from bot.cards.problem import problem_line
from bot.commands.ask import Ask
from bot.commands.chip.sources import healths
from bot.commands.declaration import OpenTo
from bot.commands.kinds import ChannelId
from bot.commands.ordering import channel_words, is_ours, own_channel, surroundings
from bot.commands.registry import command
from bot.commands.reply import Reply
from bot.delivery.order import Order
from bot.delivery.platform import Surroundings
from bot.errors import UserError
from bot.locale.catalogue import Catalogue, catalogue
from bot.locale.rich import Rich
from bot.store import deliveries, subscriptions, workspaces
from bot.store.engine import Connection
from bot.store.subscriptions import Standing


@command("chipwatch", "doctor", open_to=OpenTo.MANAGERS)
async def doctor(ask: Ask, channel: ChannelId | None = None) -> Reply:
    """The order, the rights, the notices channel, what was lost, the sources, the ledger's age: a line each."""
    say, where = catalogue(ask.language), ask.where
    place = channel or where.channel
    if not place:
        raise UserError("errors.no_channel")

    def read(conn: Connection) -> tuple[Standing | None, workspaces.Workspace | None, dict[str, int]]:
        standing = subscriptions.of_channel(conn, where.platform, place)
        space = workspaces.one(conn, where.platform, where.workspace)
        return standing, space, deliveries.by_state_of(conn, standing.id) if standing else {}

    standing, space, states = await ask.store.read(read)
    if standing is not None and not is_ours(ask, standing):
        raise UserError("errors.order_elsewhere" if place == where.channel else "errors.channel_elsewhere")
    if standing is None and place != where.channel:
        await own_channel(ask, place)
    order, trouble = _read(standing)
    around = await surroundings(ask, place)
    troubled = [each for each in await healths(ask) if each.health.troubled]
    days = (ask.today - ask.knowledge.ledger.as_of).days
    lines = [
        _order(say, standing, trouble),
        *_rights(say, order, around),
        await _notices(ask, space.notices_channel if space else None),
        _mark(say, "lost", not states.get("gave_up"), n=states.get("gave_up", 0)),
        _mark(say, "waiting", states.get("due", 0) < 20, n=states.get("due", 0)),
        _mark(say, "sources", not troubled, n=len(troubled), names=", ".join(clean(t.name, 40) for t in troubled[:4])),
        _mark(say, "ledger", days <= 45, n=days),
    ]
    well = all(not str(line[0].text).startswith("✗") for line in lines if line)
    return Reply.of(
        Card(title=say.say("doctor.well" if well else "doctor.ill"), language=say.language, lines=tuple(lines))
    )


def _mark(say: Catalogue, name: str, good: bool, **values: object) -> Rich:
    return say.say(f"doctor.{name}.{'good' if good else 'bad'}", **{"n": 0, "names": "", **values})


async def _notices(ask: Ask, channel: str | None) -> Rich:
    """Whether what is reported would arrive; where the platform cannot say now, that a channel is set is enough."""
    say = catalogue(ask.language)
    try:
        if channel is not None:
            await own_channel(ask, channel)
    except UserError as error:
        if error.key != "errors.channel_unsure":
            reason = problem_line(error, ask.language)
            return say.say("doctor.notices.shut", channel=await channel_words(ask, channel or ""), reason=reason)
    return _mark(say, "notices", channel is not None)


def _read(standing: Standing | None) -> tuple[Order, str]:
    """What the channel wants, and why that cannot be read: then, and where it wants nothing, an order of no wishes."""
    try:
        return (Order.of(standing.order) if standing else Order()), ""
    except ValueError as error:
        return Order(), str(error)


def _order(say: Catalogue, standing: Standing | None, trouble: str) -> Rich:
    if standing is None:
        return say.say("doctor.order.none")
    if standing.paused_at is not None:
        return say.say("doctor.order.paused", reason=clean(standing.pause_reason or "", 100))
    if trouble:
        return say.say("doctor.order.unreadable", reason=clean(trouble, 100))
    return say.say("doctor.order.good")


def _rights(say: Catalogue, order: Order, around: Surroundings | None) -> list[Rich]:
    if around is None:
        return [say.say("doctor.rights.unknown")]
    wanted = [("post", True), ("thread", order.place in ("thread", "forum")), ("mention", bool(order.mention))]
    wanted.append(("publish", order.publish))
    lacking = [name for name, needed in wanted if needed and not getattr(around, name)]
    if not lacking:
        return [say.say("doctor.rights.good")]
    missing = ", ".join(clean(right, 40) for right in around.missing)
    return [
        say.say(
            "doctor.rights.bad",
            what=say.form.write_list([say.text(f"doctor.right.{n}") for n in lacking]),
            missing=missing,
        )
    ]
