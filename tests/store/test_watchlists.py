"""Watch lists are private: what they hold and hit is told to their owner alone."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.errors import UserError
from bot.store import watchlists
from bot.store.engine import Store
from bot.store.watchlists import Owner, OwnerKind

AT = datetime(2026, 1, 1, tzinfo=UTC)
CHANNEL = Owner("discord", OwnerKind.CHANNEL, "1")
OTHER = Owner("discord", OwnerKind.CHANNEL, "2")
PERSON = Owner("discord", OwnerKind.PERSON, "1")
ROWS = {
    "list": "EL",
    "rows": [
        {"op": "added", "name": "Inspur (Beijing) Electronic Information Industry Co., Ltd.", "aliases": ["Langchao"]},
        {"op": "added", "name": "Suma Technology Co., Ltd."},
        {"op": "removed", "name": "Old Firm GmbH"},
    ],
}


async def add(store: Store, owner: Owner, *names: str) -> int:
    entries = [(name, "") for name in names]
    return await store.write(lambda conn: watchlists.add(conn, owner, entries, AT, "u1"))


async def test_a_hit_goes_to_its_owner_alone(store: Store) -> None:
    await add(store, CHANNEL, "Inspur Beijing Electronic Information", "Somebody Else")
    await add(store, OTHER, "Nobody")
    await add(store, PERSON, "Suma Technology")
    found = await store.read(lambda conn: watchlists.hits(conn, ROWS))
    assert [(hits.owner, hits.watched, [hit.asked for hit in hits.hits]) for hits in found] == [
        (CHANNEL, 2, ["Inspur Beijing Electronic Information"]),
        (PERSON, 1, ["Suma Technology"]),
    ]
    assert await store.read(lambda conn: watchlists.hits_of(conn, OTHER, ROWS)) is None
    mine = await store.read(lambda conn: watchlists.hits_of(conn, CHANNEL, ROWS))
    assert mine == found[0]


async def test_removals_are_hits_too_and_say_so(store: Store) -> None:
    await add(store, CHANNEL, "Old Firm")
    (hits,) = await store.read(lambda conn: watchlists.hits(conn, ROWS))
    assert [(hit.op, hit.name, hit.score) for hit in hits.hits] == [("removed", "Old Firm GmbH", 1.0)]


async def test_a_name_is_kept_once_and_a_new_note_replaces_the_old(store: Store) -> None:
    entries = [("Acme  Ltd", "supplier"), ("ACME LTD", ""), ("  ", "")]
    assert await store.write(lambda conn: watchlists.add(conn, CHANNEL, entries, AT, "u1")) == 1
    assert await store.write(lambda conn: watchlists.add(conn, CHANNEL, [("acme ltd", "former")], AT, "u2")) == 0
    (entry,) = await store.read(lambda conn: watchlists.names_of(conn, CHANNEL))
    assert (entry.name, entry.note, entry.added_by) == ("Acme Ltd", "former", "u1")


async def test_names_are_taken_off_and_lists_forgotten(store: Store) -> None:
    await add(store, CHANNEL, "A Firm", "B Firm")
    await add(store, PERSON, "A Firm")
    assert await store.write(lambda conn: watchlists.remove(conn, CHANNEL, ["a firm", "unknown"])) == 1
    assert await store.write(lambda conn: watchlists.forget(conn, CHANNEL)) == 1
    assert await store.read(lambda conn: watchlists.names_of(conn, CHANNEL)) == []
    assert len(await store.read(lambda conn: watchlists.names_of(conn, PERSON))) == 1


async def test_a_list_has_a_bound_and_nothing_of_a_long_one_is_stored(store: Store, monkeypatch) -> None:
    monkeypatch.setattr(watchlists, "MOST_NAMES", 3)
    with pytest.raises(UserError, match="list_too_long"):
        await add(store, CHANNEL, *(f"Firm {number}" for number in range(4)))
    assert await store.read(lambda conn: watchlists.names_of(conn, CHANNEL)) == []


async def test_no_list_and_no_rows_hit_nothing(store: Store) -> None:
    assert await store.read(lambda conn: watchlists.hits(conn, ROWS)) == []
    await add(store, CHANNEL, "Inspur")
    assert await store.read(lambda conn: watchlists.hits(conn, {"rows": []})) == []
