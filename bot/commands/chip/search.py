"""`/chip search`: stories by words of their titles."""

from __future__ import annotations

from bot.commands.ask import Ask
from bot.commands.chip.news import stories_card
from bot.commands.kinds import Name
from bot.commands.registry import command
from bot.commands.reply import Reply
from bot.locale.catalogue import catalogue
from bot.pipeline.reading import retrieval

MOST = 40


@command("chip", "search")
async def search(ask: Ask, words: Name) -> Reply:
    """Stories in whose titles every word stands, the newest first."""
    say = catalogue(ask.language)
    found = await ask.store.read(lambda conn: retrieval.search(conn, words.split()[:8], ask.now, MOST))
    return Reply.of(stories_card(ask.language, found, say.say("news.found", n=len(found), words=words)))
