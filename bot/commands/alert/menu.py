"""The third button of an alert: everything else that can be done with a story."""

from __future__ import annotations

from bot.cards.card import Button, Card
from bot.cards.headline import headline
from bot.commands.ask import Ask
from bot.commands.kinds import StoryId
from bot.commands.registry import command
from bot.commands.reply import Reply
from bot.commands.rights import manages
from bot.commands.stories import latest
from bot.locale.catalogue import catalogue


@command("alert", "menu", action=True)
async def menu(ask: Ask, story: StoryId) -> Reply:
    """Timeline, why, follow, mute, report a mistake, in my language, share: a button each, for the asker alone."""
    say = catalogue(ask.language)
    told = (await latest(ask, story)).revision.story
    facts, values = told.facts, (("story", told.id),)
    buttons = []
    if facts.chips:
        place = (("destination", facts.destinations[0]),) if facts.destinations else ()
        buttons.append(Button(say.text("button.timeline"), "timeline", (("chip", facts.chips[0]), *place)))
    buttons += [
        Button(say.text("button.why"), "why", values),
        Button(say.text("button.follow_story"), "follow_story", values),
        Button(say.text("button.mute_here" if await manages(ask) else "button.mute"), "mute", values),
        Button(say.text("button.report"), "report", values),
        Button(say.text("button.mine"), "mine", values),
        Button(say.text("button.share"), "share", (("what", f"chip.story~story:{told.id}"),)),
    ]
    return Reply.of(Card(title=headline(say, told), language=say.language, buttons=tuple(buttons)))
