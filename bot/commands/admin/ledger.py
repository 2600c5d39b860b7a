"""`/chipwatch-admin ledger`: how far it reaches, what was recorded here, drafts that wait."""

from __future__ import annotations

from typing import Annotated

from bot.cards.card import Card
from bot.cards.cutting import clean
from bot.commands.ask import Ask
from bot.commands.declaration import OpenTo
from bot.commands.kinds import Choice, Name
from bot.commands.registry import command
from bot.commands.reply import Attachment, Reply
from bot.commands.who import who
from bot.errors import UserError
from bot.knowledge.entry import to_toml
from bot.locale.catalogue import catalogue
from bot.store import audit
from bot.store import ledger as recorded_ledger
from bot.store.engine import Connection

SHOWN = 10


@command("chipwatch-admin", "ledger", open_to=OpenTo.OPERATORS)
async def ledger(
    ask: Ask, do: Annotated[str, Choice("show", "export", "reject")] | None = None, draft: Name | None = None
) -> Reply:
    """Drafts with their TOML as a file; `reject` ends a draft's waiting. Events are recorded with `chipwatch ledger
    add`, where they are proofread."""
    say, known = catalogue(ask.language), ask.knowledge.ledger
    if do == "export":
        content = to_toml(known.events).encode()
        card = Card(title=say.say("ledger.exported", n=len(known.events)), language=say.language)
        return Reply((card,), files=(Attachment("ledger.toml", content, "application/toml"),))
    if do == "reject":
        return Reply.of(await _reject(ask, draft))
    waiting = await ask.store.read(recorded_ledger.drafts)
    lines = [
        say.say("ledger.draft", id=clean(each.id, 60), source=clean(each.source, 60), at=each.drafted_at)
        for each in waiting[:SHOWN]
    ]
    title = say.say("ledger.title", version=known.version, day=known.as_of, n=len(known.events), drafts=len(waiting))
    text = "\n".join(each.event for each in waiting)
    files = (Attachment("drafts.toml", text.encode(), "application/toml"),) if waiting else ()
    card = Card(title=title, language=say.language, lines=(*lines, say.say("ledger.how")))
    return Reply((card,), files=files)


async def _reject(ask: Ask, draft: str | None) -> Card:
    say = catalogue(ask.language)
    if draft is None:
        raise UserError("errors.missing", option="draft")

    def work(conn: Connection) -> bool:
        done = recorded_ledger.settle(conn, draft, "rejected", ask.now)
        if done:
            audit.log(conn, ask.now, who(ask), "ledger.reject", draft)
        return done

    if not await ask.store.write(work):
        raise UserError("errors.no_draft", draft=draft)
    return Card(title=say.say("ledger.rejected", id=clean(draft, 60)), language=say.language)
