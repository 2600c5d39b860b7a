"""The form of a draft, sent off: the event is proofread and recorded."""

from __future__ import annotations

from bot.cards.card import Button, Card, Tone
from bot.cards.cutting import clean
from bot.commands.ask import Ask
from bot.commands.declaration import OpenTo
from bot.commands.kinds import Name, Question
from bot.commands.registry import command
from bot.commands.reply import Attachment, Reply
from bot.commands.who import who
from bot.errors import ConfigError, UserError
from bot.locale.catalogue import catalogue
from bot.pipeline.ledger import entering
from bot.store import ledger
from bot.store.engine import Connection


@command("alert", "ledger_record", open_to=OpenTo.OPERATORS, action=True)
async def ledger_record(ask: Ask, draft: Name, event: Question) -> Reply:
    """What answers rest on from the next question on. A mistake is said with its line, and what was written is given
    back. Raises UserError `errors.no_draft` where somebody else was faster."""
    say, services = catalogue(ask.language), ask.services
    if draft not in {each.id for each in await ask.store.read(ledger.drafts)}:
        raise UserError("errors.no_draft", draft=clean(draft, 80))
    text = event.replace("\r\n", "\n")
    try:
        found = await entering.record(ask.store, services.librarian, text, ask.now, who(ask))
    except ConfigError as error:
        card = Card(
            say.say("ledger.refused", why=clean(str(error), 400)),
            tone=Tone.NOTICE,
            language=say.language,
            buttons=(Button(say.text("ledger.button.again"), "ledger_confirm", (("draft", draft),)),),
        )
        return Reply((card,), files=(Attachment("event.toml", text.encode()),), private=True)

    def settle(conn: Connection) -> None:
        ledger.settle(conn, draft, "confirmed", ask.now)  # recording did where the id was left as it was

    await ask.store.write(settle)
    services.wake()
    names = ", ".join(clean(recorded.id, 60) for recorded, _ in found[:5])
    return Reply.of(Card(say.say("ledger.recorded", id=names, n=entering.flips_in(found)), language=say.language))
