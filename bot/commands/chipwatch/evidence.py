"""`/chipwatch evidence`: everything that the bot said, as a file that can be checked offline."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from bot.cards.card import Card
from bot.commands.ask import Ask
from bot.commands.declaration import OpenTo
from bot.commands.kinds import Day
from bot.commands.registry import command
from bot.commands.reply import Attachment, Reply
from bot.locale.catalogue import catalogue
from bot.pipeline.reading import evidence_file

RECENT = timedelta(days=30)
"""How far back the example goes of a log that is too large for the platform."""


@command("chipwatch", "evidence", open_to=OpenTo.MANAGERS)
async def evidence(ask: Ask, from_: Day | None = None) -> Reply:
    """The log of alerts and answers, whole or from a day on, with the documents and the ledger behind it."""
    say, ledger = catalogue(ask.language), ask.knowledge.ledger
    since = datetime.combine(from_, time(), UTC) if from_ else None
    content = await ask.store.read(lambda conn: evidence_file.build(conn, ledger, ask.now, since))
    verdict = evidence_file.verify(content)
    card = Card(
        title=say.say("evidence.title", n=verdict.rows, documents=verdict.documents),
        language=say.language,
        lines=(say.say("evidence.check"), say.say("evidence.nobody")),
        footer=(say.say("evidence.head", head=verdict.head[:16]),),
    )
    example = (ask.today - RECENT).isoformat()
    name = f"chipwatch-evidence-{ask.today.isoformat()}.zip"
    return Reply((card,), files=(Attachment(name, content),), too_large=say.say("evidence.too_large", day=example))
