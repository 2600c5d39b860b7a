"""Every command where nothing is set up, and where the store is on a server."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime

import pytest
import typer
from typer.testing import CliRunner

from bot.cli.commands import app
from bot.model import Party
from bot.store import parties
from bot.store.engine import Store

FIRM = Party("EL", "Example Photonics", (), ("CN",), "All items", "Presumption of denial", ("1",))


def every(command: object, path: tuple[str, ...] = ()) -> list[tuple[tuple[str, ...], list[str]]]:
    """All commands by their words, with their options; a group is one where it does something by itself."""
    options = [option for parameter in command.params for option in parameter.opts]  # type: ignore[attr-defined]
    below = getattr(command, "commands", {})
    found = [(path, options)] if not below or getattr(command, "invoke_without_command", False) else []
    return found + [each for name, inner in below.items() for each in every(inner, (*path, name))]


def test_every_command_takes_the_folder_of_settings():
    commands = every(typer.main.get_command(app))
    assert len(commands) > 40
    assert [path for path, options in commands if "--config" not in options] == []


@pytest.mark.parametrize("words", ["ledger drafts", "ledger", "sources", "party Huawei", "ledger drafts --json"])
def test_with_no_store_there_is_nothing_and_no_error(tmp_path, monkeypatch, words):
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(app, words.split())
    assert (done.exit_code, done.exception) == (0, None)
    assert not list(tmp_path.rglob("*.db"))


def test_a_party_is_found_in_a_store_of_either_kind(store_url):
    async def put() -> None:
        store = await Store.open(store_url, scratch=True)
        await store.write(lambda conn: parties.put(conn, "entity-list", [FIRM], datetime(2026, 1, 1, tzinfo=UTC)))
        await store.close()

    asyncio.run(put())
    done = CliRunner().invoke(app, ["party", "Example Photonics", "--json"], env={"CHIPWATCH_STORE__URL": store_url})
    assert [json.loads(line)["name"] for line in done.stdout.splitlines()] == ["Example Photonics"], done.stderr
