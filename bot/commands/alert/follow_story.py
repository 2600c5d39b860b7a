"""The button "Follow this story": its rises come as a direct message; pressed again, they do not."""

from __future__ import annotations

from bot.cards.card import Button, Card
from bot.cards.headline import headline
from bot.commands.ask import Ask
from bot.commands.kinds import StoryId
from bot.commands.registry import command
from bot.commands.reply import Reply
from bot.commands.stories import latest
from bot.locale.catalogue import catalogue
from bot.store import followers
from bot.store.engine import Connection


@command("alert", "follow_story", action=True)
async def follow_story(ask: Ask, story: StoryId) -> Reply:
    """Begin to follow a story, or stop."""
    say, who = catalogue(ask.language), ask.person.id
    told = (await latest(ask, story)).revision.story
    id_ = told.id

    def turn(conn: Connection) -> bool:
        return followers.turn(conn, ask.where.platform, who, id_, ask.language, ask.now)

    follows = await ask.store.write(turn)
    label = say.text("button.unfollow_story" if follows else "button.follow_story")
    return Reply.of(
        Card(
            title=say.say("follow_story.on" if follows else "follow_story.off"),
            language=say.language,
            lines=(headline(say, told),),
            buttons=(Button(label, "follow_story", (("story", id_),)),),
        )
    )
