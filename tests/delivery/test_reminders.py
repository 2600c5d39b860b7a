"""Reminders go out once, to whoever asked; a try that broke off is looked for before the next."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.clock import SetClock
from bot.delivery.reminders import LEASE, Reminders
from bot.errors import DeliveryError
from bot.store import calendar, schema
from tests.delivery.chat import Chat
from tests.pipeline.desk import Desk

SHOWN = {"date": "2026-07-01", "title": "Licensing of chips", "name": "fr:1/effective", "due": "effective"}


async def planned(desk: Desk, day: str = "2026-07-01") -> None:
    ids = await desk.store.read(lambda conn: list(conn.execute(sa.select(schema.subscriptions.c.id)).scalars()))
    plan = calendar.Plan(ids[0], "fr:1/effective", 7, day, desk.now, SHOWN | {"date": day})
    await desk.store.write(lambda conn: calendar.plan(conn, [plan], desk.now))


async def settlements(desk: Desk) -> list[str | None]:
    query = sa.select(schema.reminders.c.settlement)
    return await desk.store.read(lambda conn: list(conn.execute(query).scalars()))


async def test_a_reminder_is_sent_once_and_settled(desk: Desk) -> None:
    chat = Chat()
    sender = Reminders(desk.store, {"console": chat}, SetClock(desk.now))
    german = schema.subscriptions.update().values(language="de")
    await desk.store.write(lambda conn: conn.execute(german))
    await planned(desk)
    assert [await sender.send_due() for _ in range(2)] == [1, 0]
    assert len(chat.titles("console")) == 1
    assert "Licensing of chips" in chat.titles("console")[0]
    assert "7" in chat.titles("console")[0]
    assert chat.messages[0][1].card.language == "de"
    assert chat.messages[0][1].facts == {"op": "reminder", "entry": "fr:1/effective"}
    assert await settlements(desk) == ["sent"]


async def test_what_failed_is_tried_again_after_a_while_and_only_once_if_it_arrived(desk: Desk) -> None:
    chat = Chat(DeliveryError("503 try later"))
    clock = SetClock(desk.now)
    sender = Reminders(desk.store, {"console": chat}, clock)
    await planned(desk)
    assert await sender.send_due() == 0
    assert await sender.send_due() == 0, "leased"
    clock.set(desk.now + LEASE)
    assert await sender.send_due() == 1
    assert len(chat.titles("console")) == 1


async def test_one_that_arrived_before_the_process_died_is_found(desk: Desk) -> None:
    chat, clock = Chat(), SetClock(desk.now)
    sender = Reminders(desk.store, {"console": chat}, clock)
    await planned(desk)
    (reminder,) = await desk.store.read(lambda conn: calendar.due(conn, desk.now))
    assert await desk.store.write(lambda conn: calendar.take(conn, reminder, desk.now + LEASE))
    assert not await desk.store.write(lambda conn: calendar.take(conn, reminder, desk.now + LEASE)), "one worker's"
    chat.posted.append(("post", "console", f"reminder-{reminder.id}"))
    clock.set(desk.now + LEASE)
    assert await sender.send_due() == 1
    assert chat.messages == []
    assert await settlements(desk) == ["sent"]


@pytest.mark.parametrize(
    "trouble",
    [
        DeliveryError("gone", lost="channel"),
        DeliveryError("invalid blocks", permanent=True),
        DeliveryError("no answer in time", unknown=True),
    ],
)
async def test_what_cannot_arrive_or_may_have_arrived_is_given_up(desk: Desk, trouble: DeliveryError) -> None:
    chat, clock = Chat(trouble), SetClock(desk.now)
    sender = Reminders(desk.store, {"console": chat}, clock)
    await planned(desk)
    assert await sender.send_due() == 1
    assert await settlements(desk) == ["gave_up"]
    clock.set(desk.now + LEASE)
    assert await sender.send_due() == 0
    assert chat.messages == []


@pytest.mark.parametrize(("days", "settlement"), [(-1, "gave_up"), (0, "sent"), (1, "sent")])
async def test_a_day_that_has_passed_needs_no_reminder_and_today_does(desk: Desk, days: int, settlement: str) -> None:
    chat = Chat()
    await planned(desk, (desk.now + timedelta(days=days)).date().isoformat())
    assert await Reminders(desk.store, {"console": chat}, SetClock(desk.now)).send_due() == 1
    assert await settlements(desk) == [settlement]
    assert len(chat.messages) == (settlement == "sent")


async def test_another_process_s_platform_is_left_to_it(desk: Desk) -> None:
    await planned(desk)
    assert await Reminders(desk.store, {"elsewhere": Chat()}, SetClock(desk.now)).send_due() == 0
    assert await settlements(desk) == [None]
