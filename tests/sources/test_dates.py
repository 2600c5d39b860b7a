"""The dates of feeds."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.clock import Moment
from bot.sources.syndication.dates import moment_from
from tests.liveness import lively


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type, misc]  # year to second


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("Tue, 15 Jul 2025 08:03:00 GMT", utc(2025, 7, 15, 8, 3)),
        ("Tue, 15 Jul 2025 08:03:00 +0200", utc(2025, 7, 15, 6, 3)),
        ("15 Jul 2025 08:03 +02:00", utc(2025, 7, 15, 6, 3)),
        ("Tue, 15 July 2025 08:03:00 EST", utc(2025, 7, 15, 13, 3)),
        ("Tue, 15 Jul 2025 08:03:00 EDT", utc(2025, 7, 15, 12, 3)),
        ("Tue, 15 Jul 2025 08:03:00 PST", utc(2025, 7, 15, 16, 3)),
        ("Tue,15 Jul 2025 08:03:00 Z", utc(2025, 7, 15, 8, 3)),
        ("Tue, 15 Jul 2025 08:03:00 CEST", utc(2025, 7, 15, 6, 3)),
        ("Tue, 15 Jul 2025 08:03:00 JST", utc(2025, 7, 14, 23, 3)),
        ("Tue, 15 Jul 2025 08:03:00 GMT+0100", utc(2025, 7, 15, 7, 3)),
        ("Tue, 15 Jul 2025 08:03:00 -0000", utc(2025, 7, 15, 8, 3)),
        ("Tue, 15 Jul 2025 08:03:00 +3000", utc(2025, 7, 15, 8, 3)),
        ("Tue, 15 Jul 2025 08:03:00", utc(2025, 7, 15, 8, 3)),
        ("Tue, 15 Jul 25 08:03:00 GMT", utc(2025, 7, 15, 8, 3)),
        ("15-Jul-99 08:03:00 GMT", utc(1999, 7, 15, 8, 3)),
        ("Tue, 15 Jul 2025 24:00:00 GMT", utc(2025, 7, 16)),
        ("Tue, 30 Jun 2015 23:59:60 GMT", utc(2015, 6, 30, 23, 59, 59)),
        ("Tue Jul 15 08:03:00 PDT 2025", utc(2025, 7, 15, 15, 3)),
        ("Tue Jul 15 08:03:00 2025", utc(2025, 7, 15, 8, 3)),
        ("Sat, Dec 16 2023 02:02:33 PM", utc(2023, 12, 16, 14, 2, 33)),
        ("Friday, January 29, 2021 04:42 PM", utc(2021, 1, 29, 16, 42)),
        ("2025-07-15T08:03:00Z", utc(2025, 7, 15, 8, 3)),
        ("2025-07-15T08:03:00.123456+01:00", utc(2025, 7, 15, 7, 3)),
        ("2025-07-15T08:03-0500", utc(2025, 7, 15, 13, 3)),
        ("2025-07-15 08:03:00", utc(2025, 7, 15, 8, 3)),
        ("20250715T080300Z", utc(2025, 7, 15, 8, 3)),
        ("  2025-07-15T08:03:00Z\n", utc(2025, 7, 15, 8, 3)),
        ("1899-12-30T00:00:00Z", utc(1899, 12, 30)),
        ("2025-07-15", date(2025, 7, 15)),
        ("15 Jul 2025", date(2025, 7, 15)),
        ("Tue, 15 Jul 2025", date(2025, 7, 15)),
        ("July 15, 2025", date(2025, 7, 15)),
        ("2025-07", date(2025, 7, 1)),
        ("2025", date(2025, 1, 1)),
        ("", None),
        ("yesterday", None),
        ("1518478934", None),
        ("2025-02-30", None),
        ("Tue, 32 Jul 2025 08:03:00 GMT", None),
        ("Tue, 15 Jul 2025 25:03:00 GMT", None),
        ("mar., 05 août 2025 08:00:00 +0200", None),
        ("2025年7月15日", None),
        ("15/07/2025 08:03", None),
        ("0001-01-01T00:00:00+14:00", None),
        ("Tue, 15 Jul 2025 " + "0" * 1000, None),
    ],
)
def test_a_date_says_what_it_says(text: str, moment: Moment | None) -> None:
    found = moment_from(text)
    assert found == moment
    assert type(found) is type(moment)


@given(st.text(alphabet="0123456789-:+TZ ,.JulTueGMT/", max_size=80))
@settings(max_examples=1000, deadline=None)
def test_no_text_fails_and_every_time_is_utc(text: str) -> None:
    found = moment_from(text)
    assert not isinstance(found, datetime) or found.tzinfo is UTC


def test_hostile_dates_cost_nothing() -> None:
    with lively(0.01):
        for hostile in (
            "1 " * 40,
            "Jul " * 20,
            " " * 80,
            "a" * 80,
            "2025-07-15T" + "0" * 60,
            "Tue, 15 Jul 2025 " + ":" * 60,
        ):
            moment_from(hostile)
            moment_from("x" * 1_000_000 + hostile)
