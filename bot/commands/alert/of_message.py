"""The message menu "Chip export status": what can be said of somebody's message."""

from __future__ import annotations

import re

from bot.cards.card import Card, Tone
from bot.cards.story_line import story_line
from bot.commands.ask import Ask
from bot.commands.chip.ask import answer, refusal
from bot.commands.kinds import Question
from bot.commands.question import read
from bot.commands.registry import command
from bot.commands.reply import Reply
from bot.locale.catalogue import catalogue
from bot.pipeline.reading import retrieval

LINK = re.compile(r"https?://[^\s<>|\"')\]]{4,500}")
MOST_LINKS = 3


@command("alert", "of_message", action=True)
async def of_message(ask: Ask, text: Question) -> Reply:
    """Its chips and places answered as a status; its links as the stories that they tell, where they are known."""
    say = catalogue(ask.language)
    links = [found.group().rstrip(".,;") for found in LINK.finditer(text)][:MOST_LINKS]
    told = await ask.store.read(lambda conn: retrieval.at_links(conn, links)) if links else []
    words = LINK.sub(" ", text)
    reading = read(words, ask.knowledge.naming, ask.today)
    if reading.route:
        return refusal(ask)
    cards = []
    if told:
        lines = tuple(story_line(say, story) for story in told)
        cards.append(Card(title=say.say("ask.links", n=len(told)), language=say.language, lines=lines))
    if reading.chips:
        cards += (await answer(ask, reading, words)).cards
    if not cards:
        cards.append(Card(title=say.say("ask.nothing_found"), tone=Tone.NOTICE, language=say.language))
    return Reply.of(*cards)
