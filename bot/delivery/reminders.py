"""Sends the reminders whose time has come: one message each, in the channel that asked, settled with the send."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import partial

from bot.cards.reminder import reminder_card
from bot.clock import Clock
from bot.delivery.platform import Outgoing, Platform
from bot.errors import DeliveryError
from bot.store import calendar
from bot.store.calendar import Reminder
from bot.store.engine import Store

LEASE = timedelta(minutes=10)
"""So long a reminder is one worker's; what he could not send is tried again then."""


@dataclass(slots=True)
class Reminders:
    """`platforms` are those that this process serves."""

    store: Store
    platforms: Mapping[str, Platform]
    clock: Clock

    async def send_due(self) -> int:
        """Send what is due; how many reminders were settled."""
        now, settled = self.clock.now(), 0
        for reminder in await self.store.read(lambda conn: calendar.due(conn, now)):
            if reminder.platform not in self.platforms:
                continue
            take = partial(calendar.take, reminder=reminder, until=now + LEASE)
            if not await self.store.write(take):
                continue
            outcome = await self._send(reminder)
            if outcome is not None:
                settle = partial(calendar.settle, id_=reminder.id, settlement=outcome, at=self.clock.now())
                settled += await self.store.write(settle)
        return settled

    async def _send(self, reminder: Reminder) -> str | None:
        """How it ended; None where it is tried again. A try that broke off is looked for before the next one."""
        now = self.clock.now()
        if reminder.day < now.date().isoformat():
            return "gave_up"  # the day has passed
        platform, key = self.platforms[reminder.platform], f"reminder-{reminder.id}"
        card = reminder_card(reminder.shown, reminder.days, reminder.language)
        message = Outgoing(reminder.channel, card, key, {"op": "reminder", "entry": reminder.entry})
        try:
            if reminder.attempts and await platform.find(reminder.channel, key, _asked_for(reminder)) is not None:
                return "sent"
            await platform.send(message)
        except DeliveryError as error:
            # Where nobody can tell, a reminder too few is better than one twice.
            return "gave_up" if error.permanent or error.lost or error.unknown else None
        return "sent"


def _asked_for(reminder: Reminder) -> datetime:
    """A moment before the reminder's hour in every time zone: what is stored as its hour moves with each try."""
    day = date.fromisoformat(reminder.day) - timedelta(days=reminder.days + 1)
    return datetime.combine(day, time(), UTC)
