"""Twenty kills, one at each named step: nothing lost, nothing doubled where the platform can tell, the rest counted."""

from __future__ import annotations

from tests.faults.crash import campaign, plan_of


def test_twenty_kills_lose_nothing_and_double_nothing(store_url):
    hold(store_url, tells=True)


def test_what_slack_cannot_tell_is_counted_and_never_sent_twice(tmp_path):
    """On one database: what a platform can tell does not depend on it, and `make crash` kills on both."""
    hold(f"sqlite:///{tmp_path}/s.db", tells=False)


def hold(store_url: str, *, tells: bool) -> None:
    tally = campaign(store_url, plan_of(60), slack_tells=tells, enough=20)
    assert tally.kills == 20
    assert tally.documents >= 20
    assert tally.stories >= 8
    assert (tally.lost, tally.doubled, tally.gave_up) == (0, 0, 0)
    assert tally.unknown == 0 or not tells
