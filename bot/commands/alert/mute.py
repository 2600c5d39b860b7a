"""The button "Mute": a manager ends a story for the channel, everybody else (and a manager of another workspace that
shares the channel) for himself; pressed again, it goes on."""

from __future__ import annotations

from bot.cards.card import Button, Card
from bot.cards.headline import headline
from bot.commands.ask import Ask
from bot.commands.kinds import StoryId
from bot.commands.ordering import ordered_elsewhere
from bot.commands.registry import command
from bot.commands.reply import Reply
from bot.commands.rights import manages
from bot.commands.stories import latest
from bot.commands.who import who
from bot.locale.catalogue import catalogue
from bot.store import audit, followers, mutes
from bot.store.engine import Connection


@command("alert", "mute", action=True)
async def mute(ask: Ask, story: StoryId) -> Reply:
    """Nothing more of the story: in the channel, or for the person alone (its direct messages end)."""
    say, where = catalogue(ask.language), ask.where
    told = (await latest(ask, story)).revision.story
    id_ = told.id
    for_all = bool(where.channel) and not where.direct and await manages(ask)
    for_all = for_all and not await ordered_elsewhere(ask, where.channel)

    def turn(conn: Connection) -> bool:
        if for_all:
            muted = mutes.turn_channel(conn, where.platform, where.channel, id_, who(ask), ask.now)
            subject = f"{where.platform}:{where.channel}"
            word = "story.mute" if muted else "story.unmute"
            audit.log(conn, ask.now, who(ask), word, subject, None, {"story": id_}, where.workspace)
            return muted
        followers.stop(conn, where.platform, ask.person.id, id_)
        return mutes.turn_person(conn, where.platform, ask.person.id, id_, ask.now)

    muted = await ask.store.write(turn)
    scope = "channel" if for_all else "person"
    label = say.text("button.unmute" if muted else "button.mute")
    return Reply.of(
        Card(
            title=say.say(f"mute.{scope}_{'on' if muted else 'off'}"),
            language=say.language,
            lines=(headline(say, told),),
            buttons=(Button(label, "mute", (("story", id_),)),),
        )
    )
