"""The say-do clock, and dates ahead: days run until an act is on record, and a passed date is never called in force."""

from __future__ import annotations

from datetime import date

import pytest

from bot.knowledge.entry import event_from
from bot.knowledge.ledger import Ledger, load_ledger
from bot.knowledge.promises import Clock, Promise, promises
from bot.knowledge.scheduled import Foreseen, Outcome, upcoming


@pytest.fixture(scope="module")
def ledger() -> Ledger:
    return load_ledger()


def promise(ledger: Ledger, said: str, on: str, clock: Clock = Clock.PROMISE) -> Promise | None:
    found = [p for p in promises(ledger, date.fromisoformat(on)) if p.said.id == said and p.clock is clock]
    return found[0] if found else None


def foreseen(ledger: Ledger, event: str, on: str) -> Foreseen | None:
    return next((f for f in upcoming(ledger, date.fromisoformat(on)) if f.event.id == event), None)


@pytest.mark.parametrize(
    ("said", "on", "days", "answered"),
    [
        ("2025-07-14-h20-assurance", "2025-07-13", None, None),
        ("2025-07-14-h20-assurance", "2025-08-07", 24, None),
        ("2025-07-14-h20-assurance", "2025-08-08", 25, "2025-08-08"),
        ("2025-07-14-h20-assurance", "2026-11-24", 25, "2025-08-08"),
        ("2025-07-15-mi308-assurance", "2026-11-24", 142, "2025-12-04"),
        ("2025-12-08-h200-announcement", "2026-11-24", 38, "2026-01-15"),
        ("2025-10-30-busan", "2025-11-08", 9, None),
        ("2025-10-30-busan", "2025-11-09", 10, None),
        ("2025-10-30-busan", "2025-11-10", 11, "2025-11-10"),
        ("2025-10-30-busan", "2026-11-24", 11, "2025-11-10"),
        ("2025-05-13-diffusion-not-enforced", "2026-11-24", 560, None),
        ("2026-09-23-truce-extended", "2026-11-24", 62, None),
    ],
)
def test_days_run_until_an_act_is_on_record(
    ledger: Ledger, said: str, on: str, days: int | None, answered: str | None
) -> None:
    found = promise(ledger, said, on)
    assert (found and found.days) == days
    if found:
        assert (found.answered_on and found.answered_on.isoformat()) == answered
        assert found.json()["outcome"] == ("fulfilled" if answered else "open")


def test_non_enforcement_runs_until_the_rule_itself_is_rescinded(ledger: Ledger) -> None:
    found = promise(ledger, "2025-05-13-diffusion-not-enforced", "2026-10-09", Clock.NON_ENFORCEMENT)
    assert found
    assert (found.days, found.is_open) == (514, True)
    table = {
        "id": "2026-11-02-made-up",
        "title": "Rescinded in the Federal Register",
        "announced": date(2026, 11, 2),
        "kind": "rescission",
        "summary": "A made-up event.",
        "links": [
            {"relation": "rescinds", "event": "2025-01-13-diffusion-rule"},
            {"relation": "fulfils", "event": "2025-05-13-diffusion-not-enforced"},
        ],
    }
    after = ledger.with_events([event_from(table)])
    found = promise(after, "2025-05-13-diffusion-not-enforced", "2026-11-24", Clock.NON_ENFORCEMENT)
    assert found
    assert (found.days, found.outcome) == (538, "rescinded")
    kept = promise(after, "2025-05-13-diffusion-not-enforced", "2026-11-24")
    assert kept
    assert (kept.days, kept.outcome) == (538, "fulfilled")


@pytest.mark.parametrize(
    ("event", "on", "days", "outcome"),
    [
        ("2026-11-10-affiliates-return", "2026-11-09", 1, Outcome.AHEAD),
        ("2026-11-10-affiliates-return", "2026-11-10", 0, Outcome.AHEAD),
        ("2026-11-10-affiliates-return", "2026-11-24", -14, Outcome.NOT_RECORDED),
        ("2026-07-01-section-232-update", "2026-11-24", -146, Outcome.NOT_RECORDED),
        ("2025-11-09-china-suspends-metals-ban", "2026-11-24", 3, Outcome.AHEAD),
        ("2026-12-31-designer-status", "2026-11-24", 37, Outcome.AHEAD),
        ("2027-01-10-truce-ends", "2026-11-24", 47, Outcome.AHEAD),
        ("2027-04-06-g42-ends", "2026-11-24", 133, Outcome.AHEAD),
    ],
)
def test_a_date_that_has_passed_has_no_recorded_outcome_and_is_never_in_force(
    ledger: Ledger, event: str, on: str, days: int, outcome: Outcome
) -> None:
    found = foreseen(ledger, event, on)
    assert found
    assert (found.days, found.outcome) == (days, outcome)
    assert found.json()["state"] == ("outcome not recorded" if days < 0 else "ahead")
    assert "in force" not in str(found.json()["state"])


def test_a_schedule_is_unknown_before_it_was_announced(ledger: Ledger) -> None:
    assert foreseen(ledger, "2026-11-10-affiliates-return", "2025-11-09") is None
    assert foreseen(ledger, "2027-04-06-g42-ends", "2026-07-09") is None


def test_the_same_end_is_told_once(ledger: Ledger) -> None:
    told = [(f.due, f.event.id) for f in upcoming(ledger, date(2026, 11, 1))]
    assert [event for due, event in told if due == date(2026, 11, 10)] == [
        "2025-11-07-china-suspends-package",
        "2026-11-10-affiliates-return",
    ]
    assert told == sorted(told)


def test_a_recorded_extension_closes_the_question(ledger: Ledger) -> None:
    table = {
        "id": "2026-11-08-made-up",
        "title": "The suspension is extended",
        "announced": date(2026, 11, 8),
        "kind": "suspension",
        "summary": "A made-up event.",
        "until": date(2027, 11, 10),
        "links": [
            {"relation": "extends", "event": "2026-11-10-affiliates-return"},
            {"relation": "fulfils", "event": "2026-09-23-truce-extended"},
        ],
    }
    after = ledger.with_events([event_from(table)])
    assert foreseen(after, "2026-11-10-affiliates-return", "2026-11-24") is None
    kept = foreseen(after, "2026-11-10-affiliates-return", "2026-11-09")
    assert kept
    assert (kept.outcome, [act.id for act in kept.acts]) == (Outcome.RECORDED, ["2026-11-08-made-up"])
    deadline = promise(after, "2026-11-10-affiliates-return", "2026-11-24", Clock.DEADLINE)
    assert deadline
    assert (deadline.outcome, deadline.days) == ("recorded", -2)
    truce = promise(after, "2026-09-23-truce-extended", "2026-11-24")
    assert truce
    assert truce.days == 46


def test_a_promise_of_two_things_is_open_until_both_have_their_act(ledger: Ledger) -> None:
    """China suspended its package on 7 November 2025; the Affiliates rule stood until the 10th."""
    half = promise(ledger, "2025-10-30-busan", "2025-11-08")
    assert half
    assert [act.id for act in half.answers] == ["2025-11-07-china-suspends-package"]
    assert (half.is_open, half.answer, half.outcome) == (True, None, "open")
    whole = promise(ledger, "2025-10-30-busan", "2025-11-10")
    assert whole
    assert whole.answer
    assert (whole.answer.id, whole.outcome) == ("2025-11-10-affiliates-suspended", "fulfilled")
    table = {
        "id": "2025-11-08-made-up",
        "title": "Both sides say that all of it is done",
        "announced": date(2025, 11, 8),
        "kind": "statement",
        "summary": "A made-up event that names neither of the two.",
        "links": [{"relation": "fulfils", "event": "2025-10-30-busan"}],
    }
    at_once = promise(ledger.with_events([event_from(table)]), "2025-10-30-busan", "2025-11-08")
    assert at_once
    assert at_once.answer
    assert at_once.answer.id == "2025-11-08-made-up"


def test_every_clock_shows_where_it_can_be_read(ledger: Ledger) -> None:
    clocks = promises(ledger, date(2026, 11, 24))
    assert len(clocks) >= 10
    assert all(clock.json()["citations"] for clock in clocks)
