"""`/chipwatch watchlist`: names that a channel, a server or a person watches on the screening lists, privately."""

from __future__ import annotations

from typing import Annotated

from bot.cards.card import Card
from bot.cards.cutting import clean, cut_rich
from bot.cards.spreadsheet import names_csv, read_names
from bot.commands.ask import Ask
from bot.commands.kinds import Choice, File, Words
from bot.commands.ordering import demand_own
from bot.commands.registry import command
from bot.commands.reply import Attachment, Reply
from bot.commands.rights import manages
from bot.commands.who import is_of_another_workspace, who
from bot.errors import UserError
from bot.locale.catalogue import catalogue
from bot.store import audit, watchlists
from bot.store.engine import Connection
from bot.store.watchlists import Owner, OwnerKind, Watched

SHOWN = 12
NAME_LIMIT = 80
LINE_LIMIT = 300


@command("chipwatch", "watchlist", confidential=True)
async def watchlist(
    ask: Ask,
    do: Annotated[str, Choice("show", "add", "remove", "export", "import")] | None = None,
    name: Words | None = None,
    whose: Annotated[str, Choice("channel", "server", "me")] | None = None,
    file: File | None = None,
) -> Reply:
    """Without `whose` a manager means the channel, anybody else himself. Only whom the list belongs to is ever told of
    a hit; the answer is for the asker alone."""
    owner = await _owner(ask, whose)
    if do in ("add", "remove"):
        if not name:
            raise UserError("errors.missing", option="name")
        return await _changed(ask, owner, do, [(name, "")])
    if do == "import":
        if file is None:
            raise UserError("errors.missing", option="file")
        return await _changed(ask, owner, "add", read_names(file.content.decode("utf-8-sig", "replace")))
    found = await ask.store.read(lambda conn: watchlists.names_of(conn, owner))
    if do == "export":
        say = catalogue(ask.language)
        content = names_csv((entry.name, entry.note) for entry in found).encode("utf-8-sig")
        card = Card(title=say.say("watchlist.exported", n=len(found)), language=say.language)
        return Reply((card,), files=(Attachment("watchlist.csv", content),), private=True)
    return Reply.of(_card(ask, owner, found), private=True)


async def _owner(ask: Ask, whose: str | None) -> Owner:
    """Raises UserError `errors.managers_only`, `errors.no_workspace`, `errors.no_channel`, and
    `errors.order_elsewhere` where another workspace that shares the channel keeps its list there."""
    where, may = ask.where, whose != "me" and await manages(ask)
    if whose is None:
        whose = "channel" if may and where.channel and not where.direct else "me"
    if whose == "me":
        return Owner(where.platform, OwnerKind.PERSON, ask.person.id)
    if not may:
        raise UserError("errors.managers_only")
    if whose == "server":
        if not where.workspace:
            raise UserError("errors.no_workspace")
        return Owner(where.platform, OwnerKind.WORKSPACE, where.workspace)
    if not where.channel:
        raise UserError("errors.no_channel")
    await demand_own(ask, where.channel)
    owner = Owner(where.platform, OwnerKind.CHANNEL, where.channel)
    found = await ask.store.read(lambda conn: watchlists.names_of(conn, owner))
    if any(is_of_another_workspace(ask, entry.added_by) for entry in found):
        raise UserError("errors.order_elsewhere")
    return owner


async def _changed(ask: Ask, owner: Owner, do: str, names: list[tuple[str, str]]) -> Reply:
    """The names themselves stay out of the audit log: it is read by more people than the list."""

    def work(conn: Connection) -> tuple[int, list[Watched]]:
        if do == "add":
            count = watchlists.add(conn, owner, names, ask.now, who(ask))
        else:
            count = watchlists.remove(conn, owner, [name for name, _ in names])
        if owner.kind is not OwnerKind.PERSON:
            subject = f"{owner.platform}:{owner.id}"
            changed, where = {"names": count}, ask.where
            audit.log(conn, ask.now, who(ask), f"watchlist.{do}", subject, None, changed, where.workspace)
        return count, watchlists.names_of(conn, owner)

    count, found = await ask.store.write(work)
    say = catalogue(ask.language)
    card = _card(ask, owner, found)
    done = say.say(f"watchlist.{'added' if do == 'add' else 'removed'}", n=count)
    return Reply.of(
        Card(title=card.title, language=card.language, lines=(done, *card.lines), footer=card.footer), private=True
    )


def _card(ask: Ask, owner: Owner, found: list[Watched]) -> Card:
    say = catalogue(ask.language)
    lines = [
        say.say(
            "watchlist.line", name=clean(entry.name, NAME_LIMIT), note=clean(entry.note, NAME_LIMIT), day=entry.added_at
        )
        for entry in found[:SHOWN]
    ]
    if len(found) > SHOWN:
        lines.append(say.say("lists.more", n=len(found) - SHOWN))
    return Card(
        title=say.say(f"watchlist.title.{owner.kind.value}", n=len(found)),
        language=say.language,
        lines=tuple(cut_rich(line, LINE_LIMIT) for line in lines) or (say.say("watchlist.none"),),
        footer=(say.say(f"watchlist.told.{owner.kind.value}"),),
    )
