"""Dates ahead: relevant documents put them into the calendar, and subscriptions are reminded in time, once."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from bot.knowledge.dated import calendar
from bot.knowledge.ledger import load_ledger
from bot.knowledge.snapshot import Snapshot, snapshot_from
from bot.model import Op, State, Trust
from bot.pipeline.calendar import dates_ahead, days_that_came, plan_reminders
from bot.store import calendar as kept
from bot.store import ledger as recorded_ledger
from bot.store import revisions
from tests.pipeline.desk import news

TITLE = "BIS requires a licence for exports of Nvidia H20 chips to China"
NOW = datetime(2026, 6, 1, 13, tzinfo=UTC)


def rule(key: str = "2026-04321", **details: object):
    stated = {"effective_on": "2026-07-01", "comments_close_on": "2026-08-15"} | details
    given = {name: value for name, value in stated.items() if value is not None}
    document = news(key, TITLE, aliases=(f"fr:{key}",))
    return replace(document, url=f"https://www.federalregister.gov/documents/{key}", kind="Rule", details=given)


async def entries(desk):
    found = await desk.store.read(lambda conn: kept.dated(conn, date(2026, 6, 1)))
    return [(entry.name, entry.day.isoformat()) for entry in found]


@pytest.fixture
async def official(desk):
    desk.source = desk.source.model_copy(update={"trust": Trust.OFFICIAL})
    await desk.poll()
    return desk


async def test_the_days_of_a_relevant_document_stand_in_the_calendar_until_it_says_others(official):
    await official.poll(rule())
    assert await entries(official) == [
        ("fr:2026-04321/effective", "2026-07-01"),
        ("fr:2026-04321/comments", "2026-08-15"),
    ]
    await official.poll(rule(effective_on="2026-07-15", comments_close_on=None))
    assert await entries(official) == [("fr:2026-04321/effective", "2026-07-15")]


async def test_the_days_of_documents_stand_among_the_ledger_s_and_what_has_passed_is_left_out_when_asked(official):
    await official.poll(rule())
    ledger, day = load_ledger(), date(2026, 8, 1)

    async def named(past: bool) -> list[str]:
        return [
            row["name"] for row in await official.store.read(lambda conn: dates_ahead(conn, ledger, day, past=past))
        ]

    ahead, all_of_them = await named(False), await named(True)
    assert "fr:2026-04321/comments" in ahead
    assert "fr:2026-04321/effective" not in ahead
    assert set(ahead) <= set(all_of_them)
    rows = await official.store.read(lambda conn: dates_ahead(conn, ledger, day))
    assert [row["name"] for row in rows] == all_of_them
    alone = [row["name"] for row in calendar(ledger, (), day, past=True)]
    assert set(alone) < set(all_of_them)


async def test_what_is_not_relevant_or_still_on_the_desk_names_no_days(official):
    await official.poll(replace(rule("2026-1"), title="Potato salad marketing order", summary=""))
    await official.poll(replace(rule("2026-2"), state=State.SCHEDULED))
    assert await entries(official) == []


async def test_what_is_taken_back_names_none_any_more_and_reminds_nobody(official):
    await official.poll(rule())
    await official.subscribe("reminded", reminders=[7])
    assert await official.store.write(lambda conn: plan_reminders(conn, load_ledger(), NOW)) >= 2
    await official.poll(replace(rule(), state=State.WITHDRAWN))
    assert await entries(official) == []
    late = NOW + timedelta(days=120)
    due = await official.store.read(lambda conn: kept.due(conn, late))
    assert not [reminder for reminder in due if reminder.entry.startswith("fr:")]


async def test_a_reminder_is_due_at_nine_in_the_channel_s_zone_and_settled_once(official):
    await official.poll(rule())
    await official.subscribe("reminded", reminders=[7])

    def plan(conn):
        return plan_reminders(conn, load_ledger(), NOW)

    first = await official.store.write(plan)
    assert first > 0
    assert await official.store.write(plan) == 0
    before = await official.store.read(lambda conn: kept.due(conn, datetime(2026, 6, 24, 8, 59, tzinfo=UTC)))
    assert not [reminder for reminder in before if reminder.entry.startswith("fr:")]
    due = await official.store.read(lambda conn: kept.due(conn, datetime(2026, 6, 24, 9, tzinfo=UTC)))
    (reminder,) = [reminder for reminder in due if reminder.entry.startswith("fr:")]
    assert (reminder.entry, reminder.days, reminder.channel) == ("fr:2026-04321/effective", 7, "reminded")
    assert reminder.shown["title"] == TITLE
    settled = [await official.store.write(lambda conn: kept.settle(conn, reminder.id, "sent", NOW)) for _ in range(2)]
    assert settled == [True, False]


async def test_a_date_that_moves_is_reminded_of_anew_and_the_old_reminder_ends(official):
    await official.poll(rule())
    await official.subscribe("reminded", reminders=[7])
    await official.store.write(lambda conn: plan_reminders(conn, load_ledger(), NOW))
    await official.poll(rule(effective_on="2026-07-20"))
    await official.store.write(lambda conn: plan_reminders(conn, load_ledger(), NOW))
    due = await official.store.read(lambda conn: kept.due(conn, datetime(2026, 7, 14, tzinfo=UTC)))
    moved = [(r.entry, r.day) for r in due if r.entry == "fr:2026-04321/effective"]
    assert moved == [("fr:2026-04321/effective", "2026-07-20")]


async def test_a_subscription_on_another_chip_is_not_reminded(official):
    await official.poll(rule())
    await official.subscribe("other", reminders=[7], chips=["MI308X"], destinations=["AE"])
    await official.store.write(lambda conn: plan_reminders(conn, load_ledger(), NOW))
    due = await official.store.read(lambda conn: kept.due(conn, datetime(2027, 7, 1, tzinfo=UTC)))
    assert not [reminder for reminder in due if reminder.entry.startswith("fr:")]


async def test_documents_and_ledger_stand_in_one_calendar_and_the_file_beside_the_store_carries_it(official):
    await official.poll(rule())
    dated = await official.store.read(lambda conn: kept.dated(conn, date(2026, 6, 1)))
    again = snapshot_from(Snapshot(dated=tuple(dated)).to_bytes(), Path("x"))
    assert again.dated == tuple(dated)
    rows = calendar(load_ledger(), again.dated, date(2026, 6, 1))
    assert [row["date"] for row in rows] == sorted(row["date"] for row in rows)
    assert {"fr:2026-04321/effective", "fr:2026-04321/comments"} < {row["name"] for row in rows}
    assert len({row["name"] for row in rows}) == len(rows)


async def test_an_alert_says_that_the_ledger_s_review_is_pending_until_somebody_has_spoken(official):
    (taken,) = (await official.poll(rule())).changes
    pending = [await official.store.read(lambda conn: revisions.issued(conn, taken.story, 1).pending)]
    (draft,) = await official.store.read(recorded_ledger.drafts)
    await official.store.write(lambda conn: recorded_ledger.settle(conn, draft.id, "rejected", NOW))
    pending.append(await official.store.read(lambda conn: revisions.issued(conn, taken.story, 1).pending))
    assert pending == [True, False]


@pytest.mark.parametrize(
    ("now", "told"),
    [
        (datetime(2026, 7, 1, 3, 59, tzinfo=UTC), 0),  # 23:59 Eastern, the day before
        (datetime(2026, 7, 1, 4, 1, tzinfo=UTC), 1),
        (datetime(2026, 7, 3, 12, tzinfo=UTC), 1),  # the bot was down for two days
        (datetime(2026, 7, 20, 12, tzinfo=UTC), 0),  # a day long past is not dug out
    ],
)
async def test_on_its_day_of_effect_a_message_is_edited_once(official, now, told):
    (taken,) = (await official.poll(rule())).changes
    editor = official.intake.editor
    first = await official.store.write(lambda conn: days_that_came(conn, editor, now))
    assert [(revision.story.id, revision.op) for revision in first] == [(taken.story, Op.EDIT)] * told
    assert await official.store.write(lambda conn: days_that_came(conn, editor, now)) == []
    days = await official.store.read(lambda conn: revisions.issued(conn, taken.story, 1).days)
    assert days == (("effective", date(2026, 7, 1)), ("comments", date(2026, 8, 15)))
