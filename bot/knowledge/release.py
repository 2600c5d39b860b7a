"""Ledger releases: the whole ledger as one signed blob, so that an installation can follow another's ledger."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from bot.errors import ChipwatchError, ConfigError
from bot.knowledge.entry import to_toml
from bot.knowledge.event import Event
from bot.knowledge.ledger import Ledger
from bot.knowledge.proofreading import check
from bot.knowledge.recorded import read_events

FORMAT = "chipwatch-ledger-1"
MAX_BYTES = 4 * 1024 * 1024

_VERSION = re.compile(r"\d{1,9}(?:\.\d{1,9}){0,7}")


class ReleaseError(ChipwatchError):
    """A release is refused. `name` is one of `too_large`, `not_a_release`, `unknown_key`, `bad_signature`,
    `old_version`, `bad_content`; `detail` says more for an operator."""

    def __init__(self, name: str, detail: str) -> None:
        super().__init__(f"{name}: {detail}")
        self.name = name
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Release:
    """A release whose signature holds: its version, the last day of its evidence, its events, and the key's id."""

    version: str
    as_of: date
    events: tuple[Event, ...]
    key: str

    def ledger(self) -> Ledger:
        """The ledger that it carries, in place of the shipped one."""
        return Ledger(self.events, self.as_of, self.version)


def new_key() -> tuple[bytes, bytes]:
    """A fresh Ed25519 key: the private half, to be kept, and the public one, to be given out; 32 bytes each."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    private = Ed25519PrivateKey.generate()
    return private.private_bytes_raw(), private.public_key().public_bytes_raw()


def key_id(public_key: bytes) -> str:
    """The first 16 hexadecimal digits of a public key's SHA-256."""
    return hashlib.sha256(public_key).hexdigest()[:16]


def sign(events: Iterable[Event], version: str, as_of: date, private_key: bytes) -> bytes:
    """The events as a signed release. `version` is numbers with dots, such as 2026.10.09; the key has 32 bytes.

    Raises ReleaseError `bad_content` when the events have problems or the version is none, and ValueError for a key of
    another length.
    """
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    found = tuple(events)
    _numbers(version)
    _proofread(found)
    key = Ed25519PrivateKey.from_private_bytes(private_key)
    content = to_toml(found)
    blob = {
        "format": FORMAT,
        "version": version,
        "as_of": as_of.isoformat(),
        "key": key_id(key.public_key().public_bytes_raw()),
        "content": content,
        "signature": base64.b64encode(key.sign(_signed(version, as_of.isoformat(), content))).decode(),
    }
    return json.dumps(blob, ensure_ascii=False, indent=1).encode() + b"\n"


def verify(blob: bytes, public_keys: Iterable[bytes], newer_than: str) -> Release:
    """The release in a blob, when one of `public_keys` has signed it and it is newer than the version in use.

    The signature is checked before anything of the content is read. Raises ReleaseError: `too_large`, `not_a_release`,
    `unknown_key`, `bad_signature`, `old_version` (older than or equal to `newer_than`), `bad_content`.
    """
    if len(blob) > MAX_BYTES:
        raise ReleaseError("too_large", f"{len(blob)} bytes; at most {MAX_BYTES} are taken")
    parts = _parts(blob)
    keys = {key_id(key): key for key in public_keys}
    key = keys.get(parts["key"])
    if key is None:
        raise ReleaseError("unknown_key", f"signed with key {parts['key'][:32]!r}, which the settings do not trust")
    _check_signature(key, parts)
    if _numbers(parts["version"]) <= _numbers(newer_than):
        raise ReleaseError("old_version", f"version {parts['version']} is not newer than {newer_than}")
    try:
        as_of = date.fromisoformat(parts["as_of"])
        events = read_events(parts["content"], "release", limited=False)
    except (ValueError, ConfigError) as error:
        raise ReleaseError("bad_content", str(error)) from None
    _proofread(events)
    return Release(parts["version"], as_of, events, parts["key"])


def _parts(blob: bytes) -> dict[str, str]:
    names = ("format", "version", "as_of", "key", "content", "signature")
    try:
        whole = json.loads(blob)
    except (ValueError, RecursionError):
        raise ReleaseError("not_a_release", "no JSON") from None
    if not isinstance(whole, dict) or whole.get("format") != FORMAT:
        raise ReleaseError("not_a_release", f"no {FORMAT}")
    parts = {name: whole.get(name) for name in names}
    if any(not isinstance(value, str) for value in parts.values()) or whole.keys() - set(names):
        raise ReleaseError("not_a_release", "fields are missing, unknown or no texts")
    return {name: str(value) for name, value in parts.items()}


def _check_signature(public_key: bytes, parts: dict[str, str]) -> None:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        signature = base64.b64decode(parts["signature"], validate=True)
        message = _signed(parts["version"], parts["as_of"], parts["content"])
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, message)
    except (InvalidSignature, binascii.Error, ValueError):
        raise ReleaseError("bad_signature", "the signature does not fit the content") from None


def _signed(version: str, as_of: str, content: str) -> bytes:
    """What is signed: every field that counts, each in its own place, so that none can pass for another."""
    return json.dumps([FORMAT, version, as_of, content], ensure_ascii=True, separators=(",", ":")).encode()


def _numbers(version: str) -> tuple[int, ...]:
    if not _VERSION.fullmatch(version):
        raise ReleaseError(
            "bad_content", f"{version[:40]!r} is no version; write numbers with dots, such as 2026.10.09"
        )
    return tuple(int(number) for number in version.split("."))


def _proofread(events: tuple[Event, ...]) -> None:
    problems = check(events)
    if problems:
        raise ReleaseError("bad_content", f"{problems[0]} ({len(problems)} in all)")
