"""`/chipwatch-admin ledger`: how far it reaches, what was recorded here, drafts that wait."""

from __future__ import annotations

from typing import Annotated

from bot.cards.card import Button, Card
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
from bot.pipeline.ledger import entering
from bot.store import ledger as recorded_ledger

SHOWN, WITH_BUTTONS = 10, 5


@command("chipwatch-admin", "ledger", open_to=OpenTo.OPERATORS)
async def ledger(
    ask: Ask, do: Annotated[str, Choice("show", "export", "reject")] | None = None, draft: Name | None = None
) -> Reply:
    """Drafts with their TOML as a file and buttons for the oldest: Confirm opens a form with the TOML, Reject ends a
    draft's waiting. `chipwatch ledger add` records as well."""
    say, known = catalogue(ask.language), ask.knowledge.ledger
    if do == "export":
        content = to_toml(known.events).encode()
        card = Card(title=say.say("ledger.exported", n=len(known.events)), language=say.language)
        return Reply((card,), files=(Attachment("ledger.toml", content),))
    if do == "reject":
        return Reply.of(await rejected(ask, draft))
    waiting = await ask.store.read(recorded_ledger.drafts)
    lines = [
        say.say("ledger.draft", id=clean(each.id, 60), source=clean(each.source, 60), at=each.drafted_at)
        for each in waiting[:SHOWN]
    ]
    if len(waiting) > SHOWN:
        lines.append(say.say("lists.more", n=len(waiting) - SHOWN))
    title = say.say("ledger.title", version=known.version, day=known.as_of, n=len(known.events), drafts=len(waiting))
    text = "\n".join(each.event for each in waiting)
    files = (Attachment("drafts.toml", text.encode()),) if waiting else ()
    buttons = tuple(
        Button(say.text(f"ledger.button.{name}", id=clean(each.id, 50)), f"ledger_{name}", (("draft", each.id),))
        for each in waiting[:WITH_BUTTONS]
        for name in ("confirm", "reject")
    )
    card = Card(title=title, language=say.language, lines=(*lines, say.say("ledger.how")), buttons=buttons)
    return Reply((card,), files=files)


async def rejected(ask: Ask, draft: str | None) -> Card:
    """End a draft's waiting. Raises UserError where none is named, or none waits under this id."""
    if draft is None:
        raise UserError("errors.missing", option="draft")
    await ask.store.write(lambda conn: entering.reject(conn, draft, ask.now, who(ask)))
    say = catalogue(ask.language)
    return Card(title=say.say("ledger.rejected", id=clean(draft, 60)), language=say.language)
