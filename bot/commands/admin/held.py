"""`/chipwatch-admin held`: what is kept from the channels until somebody looked: absurd changes, old articles."""

from __future__ import annotations

from typing import Annotated

from bot.cards.card import Button, Card
from bot.cards.cutting import clean
from bot.commands.ask import Ask
from bot.commands.declaration import OpenTo
from bot.commands.describing import choice_label
from bot.commands.kinds import Choice, SourceId, Whole
from bot.commands.registry import command
from bot.commands.reply import Reply
from bot.commands.who import who
from bot.errors import UserError
from bot.locale.catalogue import catalogue
from bot.locale.rich import Rich
from bot.pipeline import holding
from bot.pipeline.ledger.law import law_from
from bot.store import documents, held, held_documents
from bot.store.engine import Connection

SHOWN, WITH_BUTTONS = 10, 4
RESOLUTIONS = {"release": "released", "drop": "dropped"}


@command("chipwatch-admin", "held", open_to=OpenTo.OPERATORS)
async def held_(
    ask: Ask,
    do: Annotated[str, Choice("release", "drop")] | None = None,
    number: Annotated[int, Whole(1, 10**9)] | None = None,
    source: SourceId | None = None,
) -> Reply:
    """Without a word all that waits. `release` and `drop` take the number of a document, or the source of a change."""
    if do is None:
        return Reply.of(await _waiting(ask))
    say, law = catalogue(ask.language), law_from(ask.knowledge)
    sources = list(ask.services.sources.values())

    def work(conn: Connection) -> None:
        if number is not None and do == "release":
            holding.release(conn, number, sources, ask.now, who(ask), law)
        elif number is not None:
            holding.drop(conn, number, ask.now, who(ask))
        elif not source:
            raise UserError("errors.missing", option="number")
        else:
            holding.settle_change(conn, source, RESOLUTIONS[do], ask.now, who(ask))

    await ask.store.write(work)
    ask.services.wake()
    what = clean(source or str(number), 60)
    return Reply.of(Card(title=say.say(f"held.{RESOLUTIONS[do]}", what=what), language=say.language))


async def _waiting(ask: Ask) -> Card:
    say = catalogue(ask.language)

    def read(conn: Connection) -> tuple[list[held.Held], list[tuple[held_documents.HeldDocument, str]]]:
        found = held_documents.waiting(conn)
        titles = [documents.one(conn, each.source, each.key) for each in found]
        named = [(each, whole.title if whole else each.key) for each, whole in zip(found, titles, strict=True)]
        return held.waiting(conn), named

    changes, articles = await ask.store.read(read)
    lines: list[Rich] = [
        say.say("held.change", source=clean(each.source, 60), n=len(each.keys), at=each.at, why=clean(each.reason, 160))
        for each in changes[:SHOWN]
    ]
    lines += [
        say.say(
            "held.document",
            number=str(each.id),
            source=clean(each.source, 60),
            at=each.at,
            why=clean(each.reason, 40),
            quote=say.form.quote.format(text=clean(title, 160)),
            seen=clean(each.detail, 60),
        )
        for each, title in articles[:SHOWN]
    ]
    buttons = [
        Button(f"{choice_label(ask.language, do)} {label}", "chipwatch-admin.held", (("do", do), (name, value)))
        for name, value, label in (
            *(("source", each.source, clean(each.source, 30)) for each in changes[:WITH_BUTTONS]),
            *(("number", str(each.id), str(each.id)) for each, _ in articles[:WITH_BUTTONS]),
        )
        for do in RESOLUTIONS
    ]
    return Card(
        title=say.say("held.waiting", n=len(changes) + len(articles)),
        language=say.language,
        lines=tuple(lines),
        buttons=tuple(buttons),
    )
