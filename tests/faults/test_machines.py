"""Two processes on one PostgreSQL: one is killed, or cut off from the database, during a fan-out; the other finishes,
and both keep one pace."""

from __future__ import annotations

import pytest

from tests.faults import severed
from tests.faults.machines import BURST, fan_out

RATE = 100.0
ROOM_S = 100
"""Ten times a lease."""


async def test_the_other_takes_over_what_the_dead_one_was_sending(postgres):
    report = await fan_out(postgres.fresh(), 300, RATE)
    assert (report.sent, report.doubled) == (report.rows, 0)
    assert 0 < report.takeover < ROOM_S
    assert report.most <= RATE * 1.1 + 2 * BURST


async def test_one_cut_off_from_the_database_and_joined_again_loses_and_doubles_nothing(postgres):
    if why := severed.missing():
        pytest.skip(why)
    report = await severed.cut_off(postgres.fresh(), 300, RATE)
    assert (report.sent, report.doubled) == (report.rows, 0)
    assert 0 < report.takeover < ROOM_S
    assert report.most <= RATE * 1.1 + 2 * BURST
