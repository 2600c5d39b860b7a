"""Signed ledger releases: what is taken, and everything that is refused."""

from __future__ import annotations

import json
from datetime import date

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from bot.knowledge.ledger import AS_OF, VERSION, load_ledger
from bot.knowledge.release import MAX_BYTES, ReleaseError, key_id, new_key, sign, verify

PRIVATE, PUBLIC = new_key()
_, STRANGER = new_key()


@pytest.fixture(scope="module")
def blob() -> bytes:
    return sign(load_ledger().events, "2026.11.24", date(2026, 11, 24), PRIVATE)


def refusal(blob: bytes, keys: tuple[bytes, ...] = (PUBLIC,), newer_than: str = VERSION) -> str:
    with pytest.raises(ReleaseError) as caught:
        verify(blob, keys, newer_than)
    return caught.value.name


def changed(blob: bytes, **fields: object) -> bytes:
    return json.dumps(json.loads(blob) | fields).encode()


def test_a_release_carries_the_ledger_whole(blob: bytes) -> None:
    release = verify(blob, [STRANGER, PUBLIC], VERSION)
    ledger = release.ledger()
    assert ledger.events == load_ledger().events
    assert (ledger.version, ledger.as_of) == ("2026.11.24", date(2026, 11, 24))
    assert release.key == key_id(PUBLIC)


EARLIER = {
    "format": "chipwatch-ledger-1",
    "version": "2026.11.24",
    "as_of": "2026-11-24",
    "key": "56475aa75463474c",
    "content": """[[event]]
id = "2022-11-08-a800"
title = "Größe 限制"
announced = 2022-11-08
kind = "product_announcement"
direction = "clarifies"
actors = ["Nvidia"]
chips = ["A800"]
origin = ["US"]
destinations = ["CN"]
summary = "No law changed."
confidence = "single_source"

[[event.citation]]
title = "Reuters"
url = "https://www.reuters.com/technology/a800"
date = 2022-11-08
""",
    "signature": "JiPSP84NXFqVmXv0ubBYeO83jOeFhF/GRN/ZUdVkR+QKA7DAPnJtQZP+kdVjy8/BjsIAazG8UI9fKzeTUjNoBg==",
}


def test_a_release_that_an_earlier_version_signed_is_still_taken() -> None:
    """What is signed, and how a key is named, is a promise to every installation that follows."""
    private = bytes(range(32))
    public = Ed25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()
    taken = verify(json.dumps(EARLIER).encode(), [public], VERSION)
    assert [event.title for event in taken.events] == ["Größe 限制"]
    assert json.loads(sign(taken.events, "2026.11.24", date(2026, 11, 24), private)) == EARLIER


def test_the_same_release_is_the_same_bytes(blob: bytes) -> None:
    assert sign(load_ledger().events, "2026.11.24", date(2026, 11, 24), PRIVATE) == blob


def test_an_unknown_key_is_refused(blob: bytes) -> None:
    assert refusal(blob, (STRANGER,)) == "unknown_key"
    assert refusal(blob, ()) == "unknown_key"


def test_a_stranger_cannot_take_a_known_keys_name(blob: bytes) -> None:
    private, _ = new_key()
    forged = sign(load_ledger().events, "2026.11.24", date(2026, 11, 24), private)
    assert refusal(changed(forged, key=key_id(PUBLIC))) == "bad_signature"


@pytest.mark.parametrize("newer_than", ["2026.11.24", "2026.11.24.1", "2026.12", "2027"])
def test_an_older_or_equal_version_is_refused(blob: bytes, newer_than: str) -> None:
    assert refusal(blob, newer_than=newer_than) == "old_version"


def test_versions_count_as_numbers_and_not_as_letters() -> None:
    later = sign(load_ledger().events[:1], "2026.11.10", AS_OF, PRIVATE)
    assert verify(later, [PUBLIC], "2026.11.9").version == "2026.11.10"


@pytest.mark.parametrize("field", ["version", "as_of", "content", "signature"])
def test_every_field_is_under_the_signature(blob: bytes, field: str) -> None:
    whole = json.loads(blob)
    other = {"version": "2027.1.1", "as_of": "2027-01-01", "content": whole["content"] + "\n", "signature": "AAAA"}
    assert refusal(changed(blob, **{field: other[field]})) == "bad_signature"


@pytest.mark.parametrize(
    "blob",
    [
        b"",
        b"no json",
        b"[]",
        b"{}",
        b"[" * 100_000,
        b"\xff",
        b'{"format": "chipwatch-ledger-1"}',
        b'{"format": "chipwatch-ledger-1", "version": 5, "as_of": "", "key": "", "content": "", "signature": ""}',
    ],
)
def test_what_is_no_release_is_refused(blob: bytes) -> None:
    assert refusal(blob) == "not_a_release"


def test_unknown_fields_are_refused(blob: bytes) -> None:
    assert refusal(changed(blob, extra="x")) == "not_a_release"


def test_too_large_a_blob_is_not_read() -> None:
    assert refusal(b" " * (MAX_BYTES + 1)) == "too_large"


def test_events_with_problems_are_neither_signed_nor_taken() -> None:
    events = load_ledger().events
    linked = next(event for event in events if event.links)
    with pytest.raises(ReleaseError, match="bad_content"):
        sign([linked], "2026.11.24", AS_OF, PRIVATE)
    with pytest.raises(ReleaseError, match="bad_content"):
        sign(events, "the newest", AS_OF, PRIVATE)
