"""Drafts of the ledger in the operators' channel: listed with buttons, corrected in a form, recorded or rejected."""

import pytest

from bot.cards.card import FieldKind
from bot.commands.custom_id import pack, unpack
from bot.platforms.discord import forms as discord_forms
from bot.platforms.slack import modal as slack_modal
from bot.store import audit, ledger
from tests.commands.conftest import MANAGER, MEMBER, NOW, OPERATOR, words
from tests.letters import EVENT

DRAFT = "2026-11-20-h20-rule"


@pytest.fixture
async def drafted(services, store):
    """A draft that waits."""
    await store.write(lambda conn: ledger.draft(conn, DRAFT, EVENT, "wire", "k", NOW))
    return services


async def waiting(store):
    return [each.id for each in await store.read(ledger.drafts)]


async def listed(desk, ask):
    reply = await desk.answer(ask, "chipwatch-admin.ledger")
    return {button.action: button for button in reply.cards[0].buttons}


async def press(desk, ask, button, **more):
    return await desk.answer(ask, button.action, dict(button.values) | more)


def h20(services):
    return services.knowledge.status("H20", "CN", NOW.date()).us_export.name.value


async def test_a_draft_is_confirmed_as_it_is_and_answers_rest_on_it(desk, asking, drafted, store):
    operator, before = asking(person=OPERATOR), h20(drafted)
    woken = []
    drafted.wake = lambda: woken.append(1)
    form = (await press(desk, operator, (await listed(desk, operator))["ledger_confirm"])).form
    (field,) = form.fields
    assert (field.kind, field.chosen) == (FieldKind.LONG_TEXT, (EVENT,))
    assert await waiting(store) == [DRAFT]
    said = await desk.answer(operator, form.action, dict(form.values) | {"event": field.chosen[0]})
    assert f"{DRAFT} is recorded" in words(said)
    assert await waiting(store) == []
    assert before != h20(drafted) == "licence_required_presumption_of_denial"
    assert woken
    assert [line["action"] for line in await store.read(audit.lines)] == ["ledger.add"]
    again = await desk.answer(operator, form.action, dict(form.values) | {"event": EVENT})
    assert "No draft" in words(again)
    assert len(await store.read(ledger.recorded)) == 1


async def test_a_draft_is_corrected_and_one_with_another_id_waits_no_longer(desk, asking, drafted, store):
    operator = asking(person=OPERATOR)
    corrected = EVENT.replace(DRAFT, "2026-11-20-h20-letter").replace("A letter bars", "A corrected letter bars")
    said = await desk.answer(operator, "ledger_record", {"draft": DRAFT, "event": corrected})
    assert "2026-11-20-h20-letter is recorded" in words(said)
    assert await waiting(store) == []
    (recorded,) = await store.read(ledger.recorded)
    assert "A corrected letter bars" in recorded


@pytest.mark.parametrize(
    ("wrong", "says"),
    [("[[event", "not TOML"), (EVENT.replace('"H20"', '"H2O"'), "H2O"), (EVENT.replace("announced", "x"), "announced")],
)
async def test_a_mistake_is_said_and_what_was_written_is_given_back(desk, asking, drafted, store, wrong, says):
    said = await desk.answer(asking(person=OPERATOR), "ledger_record", {"draft": DRAFT, "event": wrong})
    assert says in words(said)
    (file,) = said.files
    assert file.content.decode() == wrong.strip()
    assert await waiting(store) == [DRAFT]
    assert await store.read(ledger.recorded) == []
    (again,) = said.cards[0].buttons
    assert (await press(desk, asking(person=OPERATOR), again)).form is not None


async def test_a_draft_is_rejected_once(desk, asking, drafted, store):
    operator = asking(person=OPERATOR)
    reject = (await listed(desk, operator))["ledger_reject"]
    assert "is rejected" in words(await press(desk, operator, reject))
    assert await waiting(store) == []
    assert "No draft" in words(await press(desk, operator, reject))
    assert [line["action"] for line in await store.read(audit.lines)] == ["ledger.reject"]


@pytest.mark.parametrize("person", [MEMBER, MANAGER])
@pytest.mark.parametrize("action", ["ledger_confirm", "ledger_reject", "ledger_record"])
async def test_each_press_asks_for_the_right_again(desk, asking, drafted, store, person, action):
    given = {"draft": DRAFT} | ({"event": EVENT} if action == "ledger_record" else {})
    said = await desk.answer(asking(person=person), action, given)
    assert said.form is None
    assert "operators" in words(said)
    assert await waiting(store) == [DRAFT]
    assert await store.read(ledger.recorded) == []


async def test_the_draft_arrives_whole_in_the_windows_of_both_platforms(desk, asking, drafted):
    operator = asking(person=OPERATOR)
    confirm = (await listed(desk, operator))["ledger_confirm"]
    assert unpack(pack(confirm.action, confirm.values)) == (confirm.action, dict(confirm.values))
    form = (await press(desk, operator, confirm)).form
    made = discord_forms.modal_of(form, pack)
    assert made["components"][0]["component"]["value"].split("\n") == EVENT.strip().split("\n")
    (block,) = slack_modal.view(form, "x")["blocks"]
    element = {"type": "plain_text_input", "value": block["element"]["initial_value"]}
    filled = slack_modal.filled({"values": {"event": {"value": element}}})
    assert str(filled["event"]).strip().split("\n") == EVENT.strip().split("\n")


async def test_a_draft_that_no_window_holds_comes_as_a_file(desk, asking, drafted, store):
    long = EVENT.replace("Made for a test.", "<&" * 400)
    await store.write(lambda conn: ledger.draft(conn, "long", long, "wire", "k", NOW))
    said = await desk.answer(asking(person=OPERATOR), "ledger_confirm", {"draft": "long"})
    assert said.form is None
    assert said.files[0].content.decode() == long


async def test_more_drafts_than_have_buttons_are_counted(desk, asking, drafted, store):
    for number in range(12):
        await store.write(lambda conn, n=number: ledger.draft(conn, f"d-{n}", EVENT, "wire", f"k{n}", NOW))
    reply = await desk.answer(asking(person=OPERATOR), "chipwatch-admin.ledger")
    assert len(reply.cards[0].buttons) == 10
    assert "3 more" in words(reply)
