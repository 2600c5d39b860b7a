"""Who may come in: one token from the settings, compared without a hint of how near a guess was; few tries; a signed
cookie for half a day; and with each change a proof that it comes from our own page."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from aiohttp import web

from bot.clock import Clock
from bot.settings.tables import Secret

COOKIE = "desk"
LASTS = timedelta(hours=12)
TRIES, WINDOW = 5, timedelta(minutes=15)
"""So many wrong tokens from one address in the window close the door to it; after ten times as many from all, one."""
REMEMBERED = 10_000
"""Wrong tries that are kept in memory, the newest."""
LONGEST_TOKEN = 512


@dataclass(slots=True)
class Entrance:
    """The door of the desk. `token` opens it; while it is empty there is no desk."""

    token: Secret
    clock: Clock
    _key: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    _wrong: list[tuple[datetime, str]] = field(default_factory=list)

    @property
    def is_open(self) -> bool:
        """Whether there is a desk at all."""
        return bool(self.token)

    def try_token(self, given: str, address: str) -> str | None:
        """A new session's cookie for the right token, None for a wrong one. Takes as long for either.

        Raises HTTPTooManyRequests after too many wrong ones.
        """
        now = self.clock.now()
        self._wrong = [(at, who) for at, who in self._wrong[-REMEMBERED:] if now - at < WINDOW]
        mine = sum(who == address for _, who in self._wrong)
        # Whoever guesses from many addresses has one try from each; an operator's own, which has none, stays open.
        if mine >= (TRIES if len(self._wrong) < TRIES * 10 else 1):
            raise web.HTTPTooManyRequests(headers={"Retry-After": str(int(WINDOW.total_seconds()))})
        wanted = hashlib.sha256(self.token.reveal().encode()).digest()
        right = hmac.compare_digest(hashlib.sha256(given[:LONGEST_TOKEN].encode()).digest(), wanted)
        if not (right and self.is_open):
            self._wrong.append((now, address))
            return None
        body = f"{secrets.token_hex(16)}.{int((now + LASTS).timestamp())}"
        return f"{body}.{self._sign(body)}"

    def session(self, cookie: str) -> str | None:
        """The session of a cookie, None for one that was not made here or has run out."""
        body, _, signature = cookie[:LONGEST_TOKEN].rpartition(".")
        if not self.is_open or not hmac.compare_digest(self._sign(body).encode(), signature.encode()):
            return None
        name, _, until = body.partition(".")
        return name if until.isdigit() and int(until) > self.clock.now().timestamp() else None

    def proof(self, session: str) -> str:
        """What a form of this session carries, so that no other site's page can send it."""
        return self._sign(f"form:{session}")

    def proves(self, session: str, given: str) -> bool:
        """Whether a form came from this session's own page."""
        return hmac.compare_digest(self.proof(session).encode(), given[:LONGEST_TOKEN].encode())

    def _sign(self, text: str) -> str:
        return hmac.new(self._key + self.token.reveal().encode(), text.encode(), hashlib.sha256).hexdigest()
