"""The day that a text itself bears: in its address, or in its dateline."""

from __future__ import annotations

from datetime import date

import pytest

from bot.pipeline.assess.age import OLD, own_date, stale

DAY = date(2025, 7, 15)


@pytest.mark.parametrize(
    ("lead", "found"),
    [
        ("2025-07-15 Nvidia said", DAY),
        ("（2025年7月15日）英伟达表示", DAY),
        ("WASHINGTON, July 15, 2025 - Nvidia said", DAY),
        ("Berlin, 15. Juli 2025 – Nvidia teilte mit", DAY),
        ("15 Jul 2025 (Wire) Nvidia said", DAY),
        ("WASHINGTON, Smarch 13, 2025 - Nvidia said", None),
        ("WASHINGTON, February 31, 2025 - Nvidia said", None),
        ("On July 15, 2025 Nvidia said", None),
        ("Nvidia said", None),
    ],
)
def test_a_dateline_is_read_at_the_beginning_and_only_where_it_is_one(lead, found):
    assert own_date(lead, None) == ((found, "dateline") if found else None)


@pytest.mark.parametrize(
    ("path", "found"),
    [("/2025/07/15/nvidia", DAY), ("/2025/07/nvidia", date(2025, 7, 28)), ("/2025/13/15/nvidia", None), ("/a", None)],
)
def test_an_address_bears_a_day_and_one_without_it_the_end_of_its_month(path, found):
    assert own_date("", f"https://wire.example{path}") == ((found, "address") if found else None)


def test_the_address_speaks_before_the_dateline_and_the_dateline_where_it_is_silent():
    assert own_date("2024-01-01 Nvidia", "https://wire.example/2025/07/15/a") == (DAY, "address")
    assert own_date("2024-01-01 Nvidia", "https://wire.example/a") == (date(2024, 1, 1), "dateline")


def test_old_is_what_is_older_than_the_bound_and_undated_is_not():
    lead = "2025-07-15 Nvidia"
    assert stale(lead, None, DAY + OLD) == []
    (reason,) = stale(lead, None, date.fromordinal((DAY + OLD).toordinal() + 1))
    assert (reason.label, reason.rule, reason.text) == ("stale", "dateline", "2025-07-15")
    assert stale(lead, None, None) == stale("Nvidia", None, DAY) == []
