"""`/chipwatch-admin story`: readers' reports; joining, splitting and taking back stories."""

from __future__ import annotations

from typing import Annotated

from bot.cards.card import Card
from bot.cards.correction import CAUSES
from bot.cards.cutting import clean
from bot.commands.ask import Ask
from bot.commands.declaration import OpenTo
from bot.commands.kinds import Choice, Link, Name, StoryId, Whole
from bot.commands.registry import command
from bot.commands.reply import Reply
from bot.commands.who import who
from bot.errors import UserError
from bot.locale.catalogue import catalogue
from bot.pipeline.ledger.law import law_from
from bot.pipeline.operators import decisions
from bot.store import reports
from bot.store.engine import Connection

SHOWN = 10


@command("chipwatch-admin", "story", open_to=OpenTo.OPERATORS)
async def story(
    ask: Ask,
    do: Annotated[str, Choice("reports", "merge", "split", "retract", "dismiss")] | None = None,
    story: StoryId | None = None,
    other: Name | None = None,
    url: Link | None = None,
    cause: Annotated[str, Choice(*CAUSES)] | None = None,
    report: Annotated[int, Whole(1, 10**9)] | None = None,
) -> Reply:
    """Without a word what readers reported. `merge` joins `other` into `story`, `split` takes the document at `url` out
    of it, `retract` takes it back with a `cause`, `dismiss` ends a report."""
    say, law = catalogue(ask.language), law_from(ask.knowledge)
    if do in (None, "reports"):
        return Reply.of(await _reports(ask))

    def work(conn: Connection) -> str:
        if do == "merge":
            decisions.merge(conn, _given("story", story), _given("other", other), ask.now, who(ask), law)
            return "merged"
        if do == "split":
            told = decisions.split(conn, _given("story", story), _given("url", url), ask.now, who(ask), law)
            return f"split:{told[-1].story.id if told else ''}"
        if do == "retract":
            decisions.retract(conn, _given("story", story), _given("cause", cause), ask.now, who(ask), law)
            return "retracted"
        if report is None:
            raise UserError("errors.missing", option="report")
        decisions.dismiss(conn, report, ask.now, who(ask))
        return "dismissed"

    done, _, new = (await ask.store.write(work)).partition(":")
    ask.services.wake()
    title = say.say(f"stories.{done}", story=clean(story or str(report or ""), 40), other=clean(other or new, 40))
    return Reply.of(Card(title=title, language=say.language))


def _given(name: str, value: str | None) -> str:
    if not value:
        raise UserError("errors.missing", option=name)
    return value


async def _reports(ask: Ask) -> Card:
    say = catalogue(ask.language)
    found = await ask.store.read(reports.waiting)
    lines = tuple(
        say.say("stories.report", number=each.id, story=each.story, at=each.at, reason=clean(each.reason, 300))
        for each in found[:SHOWN]
    )
    title = say.say("stories.reports", n=len(found))
    return Card(title=title, language=say.language, lines=lines)
