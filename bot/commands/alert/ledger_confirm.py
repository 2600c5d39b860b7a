"""The button Confirm below a draft of the ledger: a form with its TOML, to read and to correct."""

from __future__ import annotations

from bot.cards.card import Card, Field, FieldKind, Form, Tone
from bot.cards.cutting import clean
from bot.commands.ask import Ask
from bot.commands.declaration import OpenTo
from bot.commands.kinds import Name
from bot.commands.registry import command
from bot.commands.reply import Attachment, Reply
from bot.errors import UserError
from bot.locale.catalogue import catalogue
from bot.store import ledger

LONGEST = 2900
"""Characters of a draft that a field of either platform's windows holds, escaped; one that is cut is no TOML."""


@command("alert", "ledger_confirm", open_to=OpenTo.OPERATORS, action=True)
async def ledger_confirm(ask: Ask, draft: Name) -> Reply:
    """Nothing is recorded yet. A draft that no window holds comes as a file. Raises UserError `errors.no_draft`."""
    say, waiting = catalogue(ask.language), await ask.store.read(ledger.drafts)
    found = next((each for each in waiting if each.id == draft), None)
    if found is None:
        raise UserError("errors.no_draft", draft=clean(draft, 80))
    if len(found.event.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")) > LONGEST:
        card = Card(say.say("ledger.too_long", id=clean(draft, 60)), tone=Tone.NOTICE, language=say.language)
        file = Attachment("draft.toml", found.event.encode())
        return Reply((card,), files=(file,), private=True)
    field = Field("event", say.text("ledger.event"), FieldKind.LONG_TEXT, chosen=(found.event,), required=True)
    form = Form(
        say.text("ledger.form"), "ledger_record", (field,), (("draft", draft),), say.text("ledger.record"), say.language
    )
    return Reply(form=form, private=True)
