"""`/chip why`: why a story, or what stands at a link, was told or not, and why it came here or not."""

from __future__ import annotations

from bot.cards.why import Here, Why, why_card
from bot.commands.ask import Ask
from bot.commands.kinds import StoryId
from bot.commands.registry import command
from bot.commands.reply import Reply
from bot.commands.stories import latest
from bot.model import Story
from bot.pipeline.assess.explain import rule_in_words
from bot.pipeline.match import refusal_of
from bot.pipeline.reading import why as reasons
from bot.store import subscriptions
from bot.store.engine import Connection
from bot.store.subscriptions import SubscriptionRow


@command("chip", "why")
async def why(ask: Ask, story: StoryId) -> Reply:
    """What it was judged to be, by which words, what this channel's order says to it, and where it was posted.

    `story` is a story's id, words of its title, or a link. Readers hear of their own channel, operators of all.
    """
    where = ask.where

    def shown(row: SubscriptionRow) -> bool:
        return ask.person.operates or (row.platform, row.channel) == (where.platform, where.channel)

    def here(conn: Connection, told: Story | None) -> Here | None:
        standing = subscriptions.of_channel(conn, where.platform, where.channel)
        return Here(refusal_of(standing.order, told) or "") if standing and told else None

    if "://" in story:

        def of_link(conn: Connection) -> tuple[Why, Here | None]:
            found = reasons.why(conn, story, shown)
            return found, here(conn, found.story)

        found, order = await ask.store.read(of_link)
    else:
        told = (await latest(ask, story)).revision.story
        found, order = await ask.store.read(lambda conn: (reasons.why_of(conn, told, shown), here(conn, told)))
    return Reply.of(why_card(found, ask.language, here=order, in_words=rule_in_words))
