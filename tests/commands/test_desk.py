"""The desk: one answer to everything, rights, suggestions."""

import asyncio
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.cards.card import Tone
from bot.commands import registry
from bot.commands.custom_id import pack, unpack
from bot.commands.declaration import Kind
from bot.commands.describing import about, choice_label, parameter_about
from bot.locale.catalogue import LANGUAGES
from bot.locale.rich import plain
from tests.commands.conftest import OPERATOR, words
from tests.liveness import lively
from tests.pipeline.desk import news

ALL = ("chip", "chipwatch", "chipwatch-admin")
ODD = st.text(st.characters(codec="utf-8"), max_size=300) | st.sampled_from(
    ["😀" * 10_000, "\u202eH20 China\u202c" * 500, "H20 " * 2500, "key:" * 2500, '"' * 10_000, "مرحبا " * 2000, "\x00",
     "status " * 1500, "on 1 May 2025 " * 700, "中国" * 5000, "a:b " * 2500, "ﬀ" * 10_000, "İ" * 10_000]
)  # fmt: skip


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=ODD, language=st.sampled_from(LANGUAGES))
async def test_whatever_is_typed_there_is_one_answer(desk, asking, text, language):
    for reply in (
        await desk.typed(asking(language, OPERATOR), text, ALL),
        await desk.of_message(asking(language), text),
    ):
        assert reply.cards or reply.form
        assert isinstance(reply.private, bool)
        for button in (button for card in reply.cards for button in card.buttons if not button.url):
            assert unpack(pack(button.action, button.values)) == (button.action, dict(button.values))
        assert "log under" not in words(reply), "a bug was answered"


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(path=st.sampled_from(sorted(registry.every())), text=ODD)
async def test_whatever_is_given_to_a_command_there_is_one_answer(desk, asking, path, text):
    command = registry.every()[path]
    arguments = {each.name: text for each in command.parameters if each.kind is not Kind.FILE}
    reply = await desk.answer(asking("de", OPERATOR), path, arguments)
    assert reply.cards or reply.form
    assert "Protokoll unter" not in words(reply), "a bug was answered"


@pytest.mark.parametrize("text", ["\x00\u2028\ud800", "H20\ud800", "\udfff\x00s-1"], ids=ascii)
async def test_what_no_store_can_hold_is_no_bug_in_any_command(desk, asking, text):
    for path, command in registry.every().items():
        arguments = {each.name: text for each in command.parameters if each.kind is not Kind.FILE}
        reply = await desk.answer(asking("en", OPERATOR), path, arguments)
        assert "log under" not in words(reply), path
    assert "log under" not in words(await desk.typed(asking("en", OPERATOR), f"status {text}", ALL))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=ODD, parameter=st.sampled_from(["chip", "destination"]))
async def test_suggestions_never_fail_and_stay_inside_the_limits(desk, asking, text, parameter):
    found = await desk.complete(asking("zh"), "chip.status", parameter, text)
    assert len(found) <= 25
    assert all(0 < len(option.value) <= 100 and 0 < len(option.label) <= 100 for option in found)


@pytest.mark.parametrize(
    ("parameter", "typed", "first"),
    [("chip", "h2", "H20"), ("chip", "nvid", "H20"), ("chip", "nvidia b", "B200"), ("chip", "英伟达", "H20"),
     ("chip", "昇腾910b", "Ascend 910B"), ("chip", "", "H20"), ("destination", "马来", "MY"),
     ("destination", "Nieder", "NL"),
     ("destination", "uae", "AE"), ("destination", "", "CN")],
)  # fmt: skip
async def test_suggestions_know_every_name(desk, asking, parameter, typed, first):
    found = await desk.complete(asking("de"), "chip.status", parameter, typed)
    assert found[0].value == first


async def test_stories_are_suggested_by_words_of_their_titles(desk, asking, wire):
    outcome = await wire.poll(news("1"))
    (option,) = await desk.complete(asking(), "chip.story", "story", "tightens")
    assert option.value == outcome.changes[0].story


async def test_time_grows_with_the_length_and_no_faster(desk, asking):
    """Measured: 30 ms for 10,000 characters, most of it what is cut away; ten times that bounds a hang."""
    for text in ("H20 China " * 1000, "chinese owned " * 700, "1 May 2025 " * 900, "中国H20" * 2500):
        with lively(0.2):
            await desk.typed(asking(), text)


@pytest.mark.parametrize(
    "line",
    ["H200 Malaysia", "H20 China known-on:2025-05-20 date:2025-05-20", "H200 SG buyer:China from:DE end-user:Acme",
             "Blackwell", "H2O", "H2000 China on 1 May 2025", "follow", "edit", "info H20", "help"]
)  # fmt: skip
async def test_every_button_and_list_comes_back_as_it_was(desk, asking, line):
    await desk.answer(asking(person=OPERATOR), "chipwatch.follow", {"preset": "headlines"})
    reply = await desk.typed(asking(person=OPERATOR), line, ALL)
    for each in (each for card in reply.cards for each in (*card.buttons, *card.selects)):
        assert unpack(pack(each.action, each.values)) == (each.action, dict(each.values))


async def test_water(desk, asking):
    reply = await desk.typed(asking("de"), "H2O China")
    assert words(reply).strip() == "H2O ist Wasser. Meinten Sie H20?"
    assert dict(reply.cards[0].buttons[0].values) == {"chip": "H20", "destination": "CN"}


async def test_a_private_answer_can_be_shown_to_all(desk, asking):
    reply = await desk.typed(asking(), "H200 Malaysia")
    assert reply.private
    share = reply.cards[-1].buttons[-1]
    shared = await desk.answer(asking(), share.action, dict(share.values))
    assert shared.private is False
    assert plain(shared.cards[0].title) == plain(reply.cards[0].title)


@pytest.mark.parametrize(
    "what",
    [
        "chipwatch.stop",
        "alert.share~what:chip.status",
        "no.such",
        "",
        "chip.status~chip",
        "chipwatch.watchlist",
        "chipwatch.watchlist~do:export",
    ],
)
async def test_only_open_commands_can_be_shared(desk, asking, what):
    reply = await desk.answer(asking(person=OPERATOR), "share", {"what": what})
    assert reply.private
    assert reply.cards[0].tone is Tone.NOTICE


async def test_an_answer_says_what_is_missing_and_the_right_form(desk, asking):
    reply = await desk.answer(asking(), "chip.status", {"chip": "H200"})
    assert "/chip status CHIP DESTINATION" in words(reply)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_command_and_parameter_is_described(language):
    for path, command in registry.every().items():
        if command.action:
            continue
        assert 0 < len(about(command, language)) <= 100, path
        for parameter in command.parameters:
            text = parameter_about(command, parameter, language)
            assert text != parameter.name or language == "en", (path, parameter.name)
            assert 0 < len(text) <= 100, (path, parameter.name)
            for choice in parameter.choices:
                assert choice_label(language, choice), choice


def test_every_command_fits_the_platforms():
    for command in registry.every().values():
        assert len(command.parameters) <= 25
        assert all(len(parameter.choices) <= 25 for parameter in command.parameters)
        required = [parameter.required for parameter in command.parameters]
        assert required == sorted(required, reverse=True), f"{command.path}: what is needed stands first"
    for group in registry.GROUPS:
        assert len(registry.verbs(group)) <= 25


async def test_a_bug_becomes_a_card_with_a_number(desk, asking, monkeypatch):
    async def broken(ask, **values):
        raise ZeroDivisionError

    command = registry.every()["chip.help"]
    monkeypatch.setitem(registry._declared, "chip.help", command)
    monkeypatch.setattr(registry, "find", lambda path: type(command)("chip", "help", broken))
    reply = await desk.answer(asking(), "chip.help")
    assert "in the log under" in words(reply)


async def test_a_slow_store_holds_up_no_status(desk, asking, store):
    """The reader is busy for a second and a half; the answer from the ledger does not wait for it."""
    busy = asyncio.create_task(store.read(lambda conn: time.sleep(1.5)))
    await asyncio.sleep(0)
    began = time.perf_counter()
    reply = await desk.typed(asking(), "H200 Malaysia")
    assert "H200 → Malaysia" in words(reply)
    assert not busy.done(), f"it took {time.perf_counter() - began:.1f} s"
    await busy
