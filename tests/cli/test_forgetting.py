"""`chipwatch db forget`: the promise of PRIVACY.md, kept by the command that it names."""

import asyncio
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner

from bot.cli.commands import app
from bot.store import audit, mutes, schema
from bot.store.engine import Store

NOW = datetime(2026, 7, 1, tzinfo=UTC)


@pytest.fixture
def url(tmp_path, monkeypatch):
    """A store in which two people have muted a story."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CHIPWATCH_STORE__URL", f"sqlite:///{tmp_path}/bot.db")

    def fill(conn):
        for person in ("81384", "90210"):
            mutes.turn_person(conn, "discord", person, "s-1", NOW)

    in_store(f"sqlite:///{tmp_path}/bot.db", fill)
    return f"sqlite:///{tmp_path}/bot.db"


def in_store(url, work):
    async def do():
        store = await Store.open(url)
        try:
            return await store.write(work)
        finally:
            await store.close()

    return asyncio.run(do())


def test_what_a_person_keeps_is_erased_and_the_neighbour_keeps_all(url):
    done = CliRunner().invoke(app, ["db", "forget", "discord", "81384"])
    assert (done.exit_code, done.stdout) == (0, "Erased: 1 rows of this person.\n")
    assert in_store(url, lambda conn: conn.execute(sa.select(schema.mutes.c.whose)).scalars().all()) == ["90210"]
    (line,) = in_store(url, audit.lines)
    assert (line["action"], line["subject"]) == ("person.erase", "discord")
    again = CliRunner().invoke(app, ["db", "forget", "discord", "81384"])
    assert again.stdout == "Nothing of this person is stored.\n"


@pytest.mark.parametrize(
    ("platform", "person"), [("discord", "Ada"), ("slack", "U1"), ("slack", "T1/"), ("discord", "T1/U1")]
)
def test_what_names_nobody_erases_nothing_and_says_what_a_person_is(url, platform, person):
    done = CliRunner().invoke(app, ["db", "forget", platform, person])
    assert done.exit_code != 0
    assert "a person there is" in str(done.exception)
    assert in_store(url, audit.lines) == []
