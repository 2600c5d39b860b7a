"""Twenty kills, one at each named step: nothing lost, nothing doubled where the platform can tell, the rest counted."""

from __future__ import annotations

import pytest

from tests.faults.crash import campaign, plan_of


@pytest.mark.parametrize("tells", [True, False], ids=["slack-tells", "slack-cannot-tell"])
def test_twenty_kills_lose_nothing_and_double_nothing(store_url, tells):
    tally = campaign(store_url, plan_of(60), slack_tells=tells, enough=20)
    assert tally.kills == 20
    assert tally.documents >= 20
    assert tally.stories >= 8
    assert (tally.lost, tally.doubled, tally.gave_up) == (0, 0, 0)
    assert tally.unknown == 0 or not tells
