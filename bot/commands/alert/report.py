"""The button "Report a mistake": a form, and what becomes of it."""

from __future__ import annotations

from typing import Annotated

from bot.cards.card import Card, Field, FieldKind, Form
from bot.commands.ask import Ask
from bot.commands.kinds import StoryId, Text
from bot.commands.registry import command
from bot.commands.reply import Reply
from bot.commands.stories import latest
from bot.commands.who import who
from bot.locale.catalogue import catalogue
from bot.pipeline.operators import decisions
from bot.store.engine import Connection


@command("alert", "report", action=True)
async def report(ask: Ask, story: StoryId, reason: Annotated[str, Text(1, 1000)] | None = None) -> Reply:
    """Asks what is wrong; with a reason, stores the report for the operators."""
    say = catalogue(ask.language)
    if reason is None:
        fields = (
            Field("reason", say.text("report.field"), FieldKind.LONG_TEXT, say.text("report.help"), required=True),
        )
        values = (("story", story),)
        return Reply(
            form=Form(say.text("report.title"), "report", fields, values, say.text("window.send"), say.language)
        )
    told = (await latest(ask, story)).revision.story
    id_ = told.id

    def keep(conn: Connection) -> int:
        return decisions.report(conn, id_, who(ask), reason, ask.now)

    number = await ask.store.write(keep)
    return Reply.of(
        Card(title=say.say("report.kept", number=number), language=say.language, lines=(say.say("report.then"),))
    )
