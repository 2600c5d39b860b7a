"""The console as a platform: journal first, then the screen; JSON for machines as the command line promises."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.cards.alert import alert_card
from bot.cards.card_json import card_of
from bot.cards.facts import facts_json
from bot.delivery.platform import MessageRef, Outgoing, Platform
from bot.errors import DeliveryError
from bot.model import Op
from bot.platforms.console import Console
from tests.cards.stories import FIRST, H20_LAW, revision
from tests.pipeline.desk import START


def message(key: str = "k1", op: Op = Op.POST) -> Outgoing:
    told = revision(FIRST, op)
    return Outgoing("#chips", alert_card(told, (H20_LAW,), "en"), key, facts_json(told, "console", "#chips"))


def test_it_is_a_platform() -> None:
    platform: Platform = Console()
    assert platform.name == "console"


async def test_a_message_is_found_after_a_restart(tmp_path: Path) -> None:
    journal = tmp_path / "console.jsonl"
    ref = await Console(journal=journal, as_json=True).send(message())
    assert ref == MessageRef("#chips", "k1")
    again = Console(journal=journal, as_json=True)
    assert await again.find("#chips", "k1", START) == ref
    assert await again.find("#chips", "k2", START) is None


async def test_without_a_journal_nothing_is_known(capsys: pytest.CaptureFixture[str]) -> None:
    console = Console(as_json=True)
    await console.send(message())
    assert await console.find("#chips", "k1", START) is None
    assert capsys.readouterr().out.count("\n") == 1


async def test_machines_get_one_object_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    console = Console(as_json=True)
    head = await console.send(message())
    await console.edit(head, message("k2", Op.EDIT))
    await console.reply(head, message("k3", Op.REPLY))
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["op"] for line in lines] == ["post", "edit", "reply"]
    assert set(lines[0]) == {
        *("op", "story", "revision", "at", "platform", "channel", "documents", "chips", "companies", "origin"),
        *("destinations", "kind", "direction", "trust", "severity", "card"),
    }
    assert card_of(lines[0]["card"]) == message().card


async def test_an_edit_keeps_the_place_of_its_head(tmp_path: Path) -> None:
    journal = tmp_path / "console.jsonl"
    console = Console(journal=journal, as_json=True)
    head = await console.send(message())
    assert await console.edit(head, message("k2", Op.EDIT)) == head
    assert await console.reply(head, message("k3", Op.REPLY)) == MessageRef("#chips", "k3")
    lines = [json.loads(line) for line in journal.read_text().splitlines()]
    assert [(line["key"], line["op"], line["message"]) for line in lines] == [
        ("k1", "post", "k1"),
        ("k2", "edit", "k1"),
        ("k3", "reply", "k3"),
    ]
    assert lines[0]["facts"]["documents"][0]["source"] == "nvidia"


async def test_what_cannot_be_written_down_is_not_shown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("no folder")
    console = Console(journal=tmp_path / "file" / "console.jsonl", as_json=True)
    with pytest.raises(DeliveryError, match="journal cannot be written") as raised:
        await console.send(message())
    assert not raised.value.permanent
    assert capsys.readouterr().out == ""


async def test_people_get_cards(capsys: pytest.CaptureFixture[str]) -> None:
    console = Console()
    head = await console.send(message())
    await console.edit(head, message("k2", Op.EDIT))
    shown = capsys.readouterr().out
    assert "H20 → China: licences promised, none issued" in shown
    assert "edited" in shown
    assert "15 Jul 2025, 06:12 UTC" in shown
    assert "\x1b" not in shown
