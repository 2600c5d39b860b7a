"""Direct messages to those who follow a story: each rise and each correction once."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial

from bot.cards.card import Button, Card
from bot.clock import Clock
from bot.delivery.platform import Platform
from bot.delivery.rendering import card_of
from bot.errors import DeliveryError
from bot.locale.catalogue import catalogue
from bot.model import Op
from bot.store import revisions, stories, tellings
from bot.store.engine import Connection, Store
from bot.store.revisions import Issued
from bot.store.tellings import Telling

MOST_TRIES = 12
LEASE = timedelta(minutes=5)
FIRST_WAIT = timedelta(seconds=10)
"""Before the second try, and twice as long before each further one: the last comes within six hours."""


@dataclass(slots=True)
class Teller:
    """Writes to followers. Nobody is told twice: where nobody knows whether a message arrived, it is left at that."""

    store: Store
    platforms: Mapping[str, Platform]
    clock: Clock

    async def deliver(self) -> int:
        """Tell all that are due; how many rows were settled."""
        settled, names = 0, list(self.platforms)
        while True:
            due = partial(tellings.due, platforms=names, now=self.clock.now())
            found = await self.store.read(due)
            ends = await asyncio.gather(*(self._settle(each) for each in found))
            settled += sum(ends)
            if not any(ends):
                return settled

    async def _settle(self, telling: Telling) -> bool:
        now = self.clock.now()
        if not await self.store.write(partial(tellings.take, telling=telling, until=now + LEASE)):
            return False
        if telling.outcome == tellings.BEGUN:  # whoever began it died before he knew
            await self._done(telling, "unknown")
            return True
        try:
            issued, taken_back = await self.store.read(partial(_what_of, telling=telling))
            if taken_back and not issued.revision.corrects:  # what waited behind a failure comes after no correction
                await self._done(telling, "retracted")
                return True
            await self.platforms[telling.platform].tell(telling.person, _card(issued, telling.language), telling.key)
        except DeliveryError as error:
            return await self._failed(telling, error)
        except Exception as error:  # a mistake of an adapter, or a row that cannot be read, stops nobody else
            await self._done(telling, f"failed: {type(error).__name__}: {error}"[:300])
            return True
        await self._done(telling, "told")
        return True

    async def _failed(self, telling: Telling, error: DeliveryError) -> bool:
        if error.unknown:
            await self._done(telling, f"unknown: {error.reason}"[:300])
            return True
        if error.permanent or error.lost in ("channel", "workspace") or telling.attempts + 1 >= MOST_TRIES:
            await self._done(telling, f"not told: {error.reason}"[:300])
            return True
        now = self.clock.now()
        due_at = max(now + FIRST_WAIT * 2**telling.attempts, error.retry_at or now)
        again = partial(tellings.again, id_=telling.id, due_at=due_at, reason=error.reason[:300])
        await self.store.write(again)
        return False

    async def _done(self, telling: Telling, outcome: str) -> None:
        await self.store.write(partial(tellings.done, id_=telling.id, outcome=outcome))


def _what_of(conn: Connection, telling: Telling) -> tuple[Issued, bool]:
    """The rise or correction that is to be told, and whether its story, or the one it went into, was taken back."""
    row = stories.row(conn, telling.story)
    if row is not None and row.merged_into is not None:
        row = stories.row(conn, row.merged_into)
    taken_back = row is not None and row.retracted_at is not None
    return revisions.issued(conn, telling.story, telling.number), taken_back


def _card(issued: Issued, language: str) -> Card:
    """The reply as channels get it, with the button that ends the following in the place of the menu's."""
    card = card_of(issued, Op.REPLY, language)
    stop = Button(
        catalogue(language).text("button.unfollow_story"), "follow_story", (("story", issued.revision.story.id),)
    )
    return replace(card, buttons=(*(button for button in card.buttons if not button.menu), stop))
