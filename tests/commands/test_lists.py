"""Parties, redlines and watch lists as they are asked for in chat."""

from __future__ import annotations

import pytest

from bot.commands.ask import Person
from bot.commands.reply import Attachment
from bot.model import Assessment, Change, ChangeKind, Document, Party
from bot.redline.record import redline_record
from bot.store import changes, parties, watchlists
from bot.store.watchlists import Owner, OwnerKind
from tests.commands.conftest import MANAGER, MEMBER, NOW, words

FIRM = Party("EL", "Huawei OpenLab Paris", ("OpenLab",), ("FR",), "See 734.9(e)", "Presumption of denial", ("1",))
SECTION = '<DIV8 N="744.23" TYPE="SECTION"><HEAD>§ 744.23</HEAD><P>(a) Chips of {} and more.</P></DIV8>'


async def names(store, kind: OwnerKind, id_: str) -> list[str]:
    owner = Owner("console", kind, id_)
    return [entry.name for entry in await store.read(lambda conn: watchlists.names_of(conn, owner))]


async def test_a_party_is_found_by_a_slip_and_the_card_says_what_it_does_not_say(desk, asking, store):
    said = words(await desk.answer(asking(), "chip.party", {"name": "Huawei"}))
    assert "no screening list is stored yet" in said
    await store.write(lambda conn: parties.put(conn, "entity-list", [FIRM], NOW))
    for language, ownership in (("en", "50 % ownership"), ("de", "50 %"), ("zh", "50")):
        said = words(await desk.answer(asking(language), "chip.party", {"name": "Huawei Openlab Pariss"}))
        assert "Huawei OpenLab Paris" in said
        assert ownership in said
    assert "Huawei OpenLab Paris" in words(await desk.typed(asking(), "party Huawei Openlab Pariss"))


async def test_a_section_s_redline_is_shown_and_comes_whole_as_a_file(desk, asking, store):
    document = Document("code", "744.23", "§ 744.23")
    record = redline_record("744.23", SECTION.format(4800), SECTION.format(5200))
    record |= {"title": 15, "old_date": "2026-01-15", "new_date": "2026-09-24", "substantive": True}
    change = Change(ChangeKind.AMENDED, document, NOW, document, detail={"redline": record})
    await store.write(lambda conn: changes.log_change(conn, change, Assessment(False, 0.0), None))
    reply = await desk.answer(asking(), "chip.redline", {"what": "§ 744.23"})
    assert "4800 → 5200" in words(reply)
    assert b"[-4800-]{+5200+}" in reply.files[0].content
    assert "no redline of 734.9" in words(await desk.answer(asking(), "chip.redline", {"what": "734.9"}))
    assert "of no list" in words(await desk.answer(asking(), "alert.rows", {"story": "s-1"}))


async def test_a_watch_list_is_kept_by_hand_and_by_file_for_the_channel_of_a_manager(desk, asking, store):
    ask = asking(person=MANAGER)
    said = words(await desk.answer(ask, "chipwatch.watchlist", {"do": "add", "name": "Acme Co., Ltd."}))
    assert "✓ 1 name added" in said
    file = Attachment("names.csv", b'name,note\r\n"Acme Co., Ltd.",customer\r\n\xe6\xb5\xaa\xe6\xbd\xae,\r\n')
    await desk.answer(ask, "chipwatch.watchlist", {"do": "import", "file": file})
    assert await names(store, OwnerKind.CHANNEL, "c1") == ["Acme Co., Ltd.", "浪潮"]
    reply = await desk.answer(ask, "chipwatch.watchlist", {"do": "export"})
    assert reply.private
    assert 'Acme Co., Ltd.",customer' in reply.files[0].content.decode("utf-8-sig")
    said = words(await desk.answer(ask, "chipwatch.watchlist", {"do": "remove", "name": "ACME  Co., Ltd."}))
    assert "浪潮" in said
    assert await names(store, OwnerKind.CHANNEL, "c1") == ["浪潮"]


@pytest.mark.parametrize("whose", ["channel", "server"])
async def test_members_watch_for_themselves_only(desk, asking, store, whose):
    ask = asking(person=MEMBER)
    said = words(await desk.answer(ask, "chipwatch.watchlist", {"do": "add", "name": "Acme", "whose": whose}))
    assert "those who manage" in said
    await desk.answer(ask, "chipwatch.watchlist", {"do": "add", "name": "Acme"})
    assert await names(store, OwnerKind.PERSON, "u1") == ["Acme"]
    assert await names(store, OwnerKind.CHANNEL, "c1") == []
    for language in ("en", "de", "zh"):
        reply = await desk.answer(asking(language), "chipwatch.watchlist", {})
        assert reply.private
        assert "Acme" in words(reply)


async def test_who_holds_the_role_that_may_manage_keeps_the_channels_list(desk, asking, store):
    await desk.answer(asking(person=MANAGER), "chipwatch.settings", {"manager-role": "r7"})
    holder = asking(person=Person("u9", roles=("r7",)))
    await desk.answer(holder, "chipwatch.watchlist", {"do": "add", "name": "Acme", "whose": "channel"})
    await desk.answer(holder, "chipwatch.watchlist", {"do": "add", "name": "Bcme"})
    assert await names(store, OwnerKind.CHANNEL, "c1") == ["Acme", "Bcme"]
    other = asking(person=Person("u8", roles=("r8",)))
    said = words(await desk.answer(other, "chipwatch.watchlist", {"do": "add", "name": "Acme", "whose": "channel"}))
    assert "those who manage" in said


async def test_a_name_to_add_must_be_named(desk, asking):
    assert "name" in words(await desk.answer(asking(), "chipwatch.watchlist", {"do": "add"}))
