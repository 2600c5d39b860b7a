"""What the buttons under an alert do."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.cards.alert import alert_card
from bot.cards.card import Tone
from bot.clock import SetClock
from bot.commands import registry
from bot.commands.custom_id import fits
from bot.delivery.rendering import card_of
from bot.locale.catalogue import LANGUAGES, catalogue
from bot.model import Op
from bot.pipeline.ledger.law import law_from
from bot.pipeline.operators import decisions
from bot.pipeline.reading import retrieval
from bot.store import reports, schema
from tests.commands.conftest import MANAGER, words
from tests.pipeline.desk import news


@pytest.fixture
async def story(wire, services):
    outcome = await wire.poll(news("1"))
    services.clock = SetClock(wire.now + timedelta(hours=1))
    return outcome.changes[0].story


async def test_every_button_of_an_alert_runs_a_command_and_fits(store, story):
    told = await store.read(lambda conn: retrieval.latest(conn, story))
    card = alert_card(told.revision, (), "en")
    assert [button.action for button in card.buttons] == ["status", "sources", "menu"]
    for button in card.buttons:
        command = registry.find(button.action)
        assert command is not None
        assert fits(button.action, button.values)
        assert all(command.parameter(name) for name, _ in button.values)


async def test_the_menu_offers_seven_things_that_exist(desk, asking, story):
    reply = await desk.answer(asking(), "menu", {"story": story})
    actions = [button.action for button in reply.cards[0].buttons]
    assert actions == ["timeline", "why", "follow_story", "mute", "report", "mine", "share"]
    for button in reply.cards[0].buttons:
        answer = await desk.answer(asking("de"), button.action, dict(button.values))
        assert answer.form or answer.cards
        assert "Protokoll unter" not in words(answer)


async def following(store):
    """Everything that is followed: (person, story, language)."""
    query = sa.select(schema.followers.c.person, schema.followers.c.story, schema.followers.c.language)
    return await store.read(lambda conn: {tuple(row) for row in conn.execute(query)})


async def test_a_story_is_followed_and_left(desk, asking, store, story):
    await desk.answer(asking("de"), "follow_story", {"story": story})
    assert await following(store) == {("u1", story, "de")}
    await desk.answer(asking(), "follow_story", {"story": story})
    assert await following(store) == set()


async def muted(store):
    """Everything that is muted: (channel or person, whose, story)."""
    query = sa.select(schema.mutes.c.scope, schema.mutes.c.whose, schema.mutes.c.story)
    return await store.read(lambda conn: {tuple(row) for row in conn.execute(query)})


async def test_a_manager_mutes_for_the_channel_and_a_member_for_himself(desk, asking, store, story):
    await desk.answer(asking(), "follow_story", {"story": story})
    assert "direct messages" in words(await desk.answer(asking(), "mute", {"story": story}))
    assert await following(store) == set()
    assert await muted(store) == {("person", "u1", story)}
    assert "in this channel" in words(await desk.answer(asking(person=MANAGER), "mute", {"story": story}))
    assert await muted(store) == {("person", "u1", story), ("channel", "c1", story)}
    await desk.answer(asking(person=MANAGER), "mute", {"story": story})
    assert await muted(store) == {("person", "u1", story)}


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_story_that_was_taken_back_is_the_correction_wherever_it_is_asked_for(
    desk, asking, store, story, wire, knowledge, language
):
    law = law_from(knowledge)
    await store.write(lambda conn: decisions.retract(conn, story, "redated", wire.now, "o", law))
    say = catalogue(language)
    for path in ("mine", "chip.story"):
        reply = await desk.answer(asking(language), path, {"story": story})
        assert say.text("correction.cause.redated") in words(reply)
        assert reply.cards[0].tone is Tone.CORRECTION
    listed = words(await desk.answer(asking(language), "chip.news"))
    assert say.text("news.taken_back", headline="") in listed


async def test_a_story_that_went_into_another_points_there_in_the_readers_language(
    desk, asking, store, story, wire, knowledge
):
    law = law_from(knowledge)
    other = await wire.poll(news("2", "Malaysia requires permits for Nvidia H200 exports"))
    into = next(change.story for change in other.changes if change.story != story)
    await store.write(lambda conn: decisions.merge(conn, into, story, wire.now, "o", law))
    said = (await desk.answer(asking("de"), "mine", {"story": story})).cards[0]
    told = await store.read(lambda conn: retrieval.latest(conn, story))
    assert said == card_of(told, Op.EDIT, "de")
    assert "survivor" in told.beside


async def test_a_mistake_is_reported_through_a_form(desk, asking, store, story):
    form = (await desk.answer(asking(), "report", {"story": story})).form
    filled = {**dict(form.values), "reason": "This is from 2023."}
    assert "Thank you" in words(await desk.answer(asking(), form.action, filled))
    (report,) = await store.read(reports.waiting)
    assert (report.story, report.reason) == (story, "This is from 2023.")


async def test_other_date_is_a_form_that_asks_again(desk, asking):
    form = (await desk.answer(asking(), "status_on", {"chip": "H20", "destination": "CN"})).form
    reply = await desk.answer(asking(), form.action, {**dict(form.values), "date": "1 May 2025", "known-on": ""})
    assert "on 1 May 2025" in words(reply)


async def test_sources_name_every_document_with_its_outlet(desk, asking, story):
    said = words(await desk.answer(asking(), "sources", {"story": story}))
    assert "1 document" in said
    assert "Wire" in said


async def test_why_says_what_the_channels_order_does_with_it(desk, asking, story):
    await desk.answer(asking(person=MANAGER), "chipwatch.follow", {"preset": "law_only"})
    said = words(await desk.answer(asking(), "why", {"story": story}))
    assert "leaves it out: its source is below the trust asked for" in said


async def test_why_takes_a_link_too_and_tells_readers_of_their_own_channel_alone(desk, asking, story):
    await desk.answer(asking(person=MANAGER), "chipwatch.follow", {"preset": "law_only"})
    said = words(await desk.answer(asking(), "chip.why", {"story": "https://wire.example/1"}))
    assert "Why: https://wire.example/1" in said
    assert "about the export of AI chips" in said
    assert "leaves it out: its source is below the trust asked for" in said
    assert said.count("console c1:") == 1
    assert "Nothing is stored of" in words(
        await desk.answer(asking(), "chip.why", {"story": "https://wire.example/unknown"})
    )


async def test_a_message_is_read_for_chips_places_and_links(desk, asking, story):
    said = words(await desk.of_message(asking(), "see https://wire.example/1 about H200 in Malaysia"))
    assert "1 known story behind the link" in said
    assert "H200 → Malaysia" in said
    assert "No chip" in words(await desk.of_message(asking(), "good morning"))


async def test_an_unknown_story_is_said_to_be_one(desk, asking):
    for action in ("menu", "sources", "mine", "why", "mute", "follow_story"):
        assert "There is no story" in words(await desk.answer(asking(), action, {"story": "s-000000000000"}))
