"""Stories are found by their words as soon as they are told, and those of an older store from the next start on."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from bot.knowledge.finding import labels_of, words_of
from bot.pipeline import wordlist
from bot.pipeline.stories.stored import story_from
from bot.store import schema, stories, story_words
from tests.pipeline.desk import Desk, news

TITLES = [
    "US tightens licence rules for Nvidia H20 chip exports to China",
    "Malaysia requires a permit for US AI chips",
]


async def told(desk: Desk) -> list[str]:
    await desk.poll()
    outcome = await desk.poll(*(news(f"s{n}", title) for n, title in enumerate(TITLES)))
    return [taken.story for taken in outcome.changes if taken.story]


async def found(desk: Desk, *words: str) -> list[str]:
    until = desk.now + timedelta(days=1)
    return await desk.store.read(lambda conn: story_words.search(conn, [[word] for word in words], until, 10))


async def listed(desk: Desk) -> dict[str, set[str]]:
    query = sa.select(schema.story_words.c.story, schema.story_words.c.word)
    words: dict[str, set[str]] = {}
    for story, word in await desk.store.read(lambda conn: conn.execute(query).all()):
        words.setdefault(story, set()).add(word)
    return words


async def test_a_store_without_words_is_caught_up_with_once_and_has_the_same_words_then(one_desk):
    first, second = await told(one_desk)
    before = await listed(one_desk)
    assert set(before) == {first, second}
    assert await found(one_desk, "malaysia") == [second]
    assert await one_desk.store.write(wordlist.catch_up) == 0
    await one_desk.store.write(lambda conn: conn.execute(schema.story_words.delete()))
    assert await one_desk.store.write(wordlist.catch_up) == 2
    assert await listed(one_desk) == before
    assert await one_desk.store.write(wordlist.catch_up) == 0


async def test_a_story_is_entered_with_what_it_is_about_and_leaves_alone(one_desk):
    first, second = await told(one_desk)
    row, seats = await one_desk.store.read(lambda conn: (stories.row(conn, first), stories.seats(conn, first)))
    assert row is not None
    story = story_from(row, seats)
    await one_desk.store.write(lambda conn: wordlist.leave(conn, first))
    assert set(await listed(one_desk)) == {second}
    await one_desk.store.write(lambda conn: wordlist.enter(conn, story))
    words = (await listed(one_desk))[first]
    assert labels_of(story.facts) <= words
    assert words_of(TITLES[0]) <= words
    assert await found(one_desk, *words_of(TITLES[0])) == [first]
