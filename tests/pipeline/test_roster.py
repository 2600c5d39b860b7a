"""Which sources are polled: the configuration's and those that were added, less what is off or paused; all audited."""

from __future__ import annotations

from typing import Any

import pytest

from bot.errors import ConfigError, UserError
from bot.pipeline.operators.roster import Roster
from bot.sources.base import source_from
from bot.store import added_sources, audit

CURATED = source_from({"id": "bis", "kind": "feed", "url": "https://bis.example/feed"})
OFF = CURATED.model_copy(update={"id": "off", "enabled": False})
TOML = '[[source]]\nid = "mine"\nkind = "feed"\nurl = "https://mine.example/feed"\n'
ROSTER = Roster((CURATED, OFF))


@pytest.fixture
def act(one_desk):
    """Runs a method of the roster in a transaction of its own, as `olga`."""

    async def run(method: str, *given: Any) -> Any:
        work: Any = getattr(ROSTER, method)
        who = (one_desk.now, "olga") if method not in ("known", "polled") else ()
        return await one_desk.store.write(lambda conn: work(conn, *given, *who))

    return run


async def log(desk) -> list[tuple[Any, ...]]:
    """The audit log, oldest first, but for its numbers."""
    lines = reversed(await desk.store.read(audit.lines))
    return [(line["at"], line["who"], line["action"], line["subject"], line["before"], line["after"]) for line in lines]


async def test_what_is_added_is_polled_until_it_is_taken_away(one_desk, act):
    assert set(await act("polled")) == {"bis"}
    added = await act("add", TOML)
    assert (added.id, added.url) == ("mine", "https://mine.example/feed")
    assert (await act("polled"))["mine"] == added
    assert set(await act("known")) == {"bis", "off", "mine"}
    await act("remove", "mine")
    assert set(await act("known")) == {"bis", "off"}
    (first, last) = await log(one_desk)
    assert first[:5] == (one_desk.now, "olga", "source.add", "mine", None)
    assert 'id = "mine"' in first[5]
    assert last == (one_desk.now, "olga", "source.remove", "mine", first[5], None)


async def test_what_is_paused_is_known_and_not_polled_until_it_is_resumed(one_desk, act):
    await act("pause", "bis")
    assert (set(await act("polled")), set(await act("known"))) == (set(), {"bis", "off"})
    await act("resume", "bis")
    assert set(await act("polled")) == {"bis"}
    words = [(who, action, subject) for _, who, action, subject, _, _ in await log(one_desk)]
    assert words == [("olga", "source.pause", "bis"), ("olga", "source.resume", "bis")]


@pytest.mark.parametrize(
    ("before", "method", "given", "error", "told"),
    [
        ((), "pause", "x" * 200, UserError, "unknown_source"),
        ((), "resume", "nobody", UserError, "unknown_source"),
        ((), "resume", "bis", UserError, "source_not_paused"),
        (("pause", "bis"), "pause", "bis", UserError, "source_paused"),
        ((), "remove", "bis", UserError, "source_not_added"),
        ((), "add", TOML.replace("mine", "bis"), UserError, "source_known"),
        ((), "add", TOML + TOML.replace('"mine"', '"yours"'), UserError, "one_source"),
        ((), "add", TOML.replace("feed", "hologram", 1), ConfigError, "source.toml"),
    ],
)
async def test_what_cannot_be_done_is_refused_and_changes_nothing(one_desk, act, before, method, given, error, told):
    if before:
        await act(*before)
    lines, known = await log(one_desk), await act("known")
    with pytest.raises(error, match=told):
        await act(method, given)
    assert (await log(one_desk), await act("known")) == (lines, known)


async def test_an_added_source_that_this_version_cannot_read_is_left_out_and_the_curated_one_goes_first(one_desk, act):
    for id_, toml in (("old", 'kind = "no more"'), ("empty", ""), ("bis", TOML.replace('"mine"', '"bis"'))):
        await one_desk.store.write(lambda conn, i=id_, t=toml: added_sources.add(conn, i, t, one_desk.now, "olga"))
    known = await act("known")
    assert set(known) == {"bis", "off"}
    assert known["bis"] == CURATED
