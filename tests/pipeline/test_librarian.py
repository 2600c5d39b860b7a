"""Releases of the ledger: pulled over a real connection, taken when signed and newer, refused and said otherwise."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from bot.knowledge.ledger import load_ledger
from bot.knowledge.recorded import read_events
from bot.knowledge.release import ReleaseError, new_key, sign
from bot.knowledge.snapshot import read_snapshot
from bot.pipeline.ledger.librarian import Librarian
from bot.store import ledger as recorded_ledger
from tests.letters import EVENT

NOW = datetime(2026, 11, 24, tzinfo=UTC)


def release(private: bytes, version: str) -> bytes:
    return sign(load_ledger().events[:-1], version, date(2026, 11, 20), private)


async def test_a_signed_and_newer_release_is_taken_up_and_survives_a_restart(publisher, network, store):
    private, public = new_key()
    librarian = Librarian((public,))
    url = publisher.says("ledger", release(private, "2026.11.20"))
    assert await librarian.pull(network, store, url, NOW) == "2026.11.20"
    assert librarian.knowledge.ledger.as_of == date(2026, 11, 20)
    assert await librarian.pull(network, store, url, NOW) is None
    again = Librarian((public,))
    await again.refresh(store, NOW)
    assert again.knowledge.ledger.version == "2026.11.20"
    path = await again.write_snapshot(store, NOW)
    assert path is not None
    assert read_snapshot(path).over(load_ledger()).version == "2026.11.20"


async def test_a_release_that_is_not_signed_by_a_trusted_key_is_refused(publisher, network, store):
    private, _ = new_key()
    _, trusted = new_key()
    librarian = Librarian((trusted,))
    url = publisher.says("ledger", release(private, "2026.11.20"))
    with pytest.raises(ReleaseError) as refused:
        await librarian.pull(network, store, url, NOW)
    assert refused.value.name == "unknown_key"
    assert librarian.knowledge.ledger.version == load_ledger().version


async def test_a_release_that_was_tampered_with_or_is_old_is_refused(publisher, network, store):
    private, public = new_key()
    librarian = Librarian((public,))
    tampered = release(private, "2026.11.20").replace(b"licence", b"License", 1)
    with pytest.raises(ReleaseError, match="bad_signature"):
        await librarian.pull(network, store, publisher.says("ledger", tampered), NOW)
    old = publisher.says("ledger", release(private, "2020.1.1"))
    with pytest.raises(ReleaseError, match="old_version"):
        await librarian.pull(network, store, old, NOW)


async def test_a_key_that_is_no_longer_trusted_takes_its_release_with_it(publisher, network, store):
    private, public = new_key()
    librarian = Librarian((public,))
    await librarian.pull(network, store, publisher.says("ledger", release(private, "2026.11.20")), NOW)
    without = Librarian(())
    await without.refresh(store, NOW)
    assert without.knowledge.ledger.version == load_ledger().version


async def test_knowledge_stays_the_same_object_until_something_is_recorded(store):
    librarian = Librarian()
    await librarian.refresh(store, NOW)
    before = librarian.knowledge
    await librarian.refresh(store, NOW)
    assert librarian.knowledge is before
    (letter,) = read_events(EVENT)
    await store.write(lambda conn: recorded_ledger.record(conn, letter.id, EVENT, NOW, "somebody"))
    await librarian.refresh(store, NOW)
    assert librarian.knowledge is not before
    recorded = librarian.knowledge
    assert letter.id in {event.id for event in recorded.ledger.events}
    await librarian.refresh(store, NOW)
    assert librarian.knowledge is recorded
