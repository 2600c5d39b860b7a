"""The days that a document names, from its fields and its own words, which may contradict each other."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.knowledge.deadlines import Due, deadlines_of
from bot.model import FOLLOWED, Document
from tests.liveness import lively


def found(**details: Any) -> dict[str, str]:
    document = Document(source="fr", key="1", title="A rule", details=details)
    return {deadline.due.value: deadline.day.isoformat() for deadline in deadlines_of(document)}


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("This rule is effective June 1, 2026.", {"effective": "2026-06-01"}),
        ("Effective June 1, 2026.", {"effective": "2026-06-01"}),
        ("Effective date: June 1, 2026.", {"effective": "2026-06-01"}),
        (
            "This rule is effective June 1, 2026. Comments must be received by BIS no later than July 31, 2026.",
            {"effective": "2026-06-01", "comments": "2026-07-31"},
        ),
        (
            "This rule is effective December 2, 2024. The compliance date for the changes is December 31, 2024.",
            {"effective": "2024-12-02", "compliance": "2024-12-31"},
        ),
        (
            "The effective date of the rule of March 1, 2016, is delayed from April 15, 2016 until May 6, 2016.",
            {"effective": "2016-05-06"},
        ),
        (
            "Effective November 10, 2025, the rule is suspended through November 9, 2026.",
            {"expires": "2026-11-09"},
        ),
        ("This temporary general license expires on August 1, 2026.", {"expires": "2026-08-01"}),
        ("This rule is effective February 31, 2026.", {}),
        ("See the section on comments.", {}),
        ("", {}),
    ],
)
def test_the_dates_section_is_read(words: str, expected: dict[str, str]) -> None:
    assert found(dates=words) == expected


def test_a_reopened_period_goes_by_its_words_and_not_by_the_field_of_the_first() -> None:
    """As in 2026-19895: reopened to 29 October, while the field still says 24 August."""
    words = (
        "The comment period for the notice published August 24, 2026, at 91 FR 54729, is reopened. Comments must be "
        "submitted to the online docket via https://www.regulations.gov on or before October 29, 2026."
    )
    document = Document("fr", "1", "A notice", details={"dates": words, "comments_close_on": "2026-08-24"})
    (deadline,) = deadlines_of(document)
    assert (deadline.due, deadline.day, deadline.contradicts) == (
        Due.COMMENTS,
        date(2026, 10, 29),
        date(2026, 8, 24),
    )
    assert deadline.words.startswith("Comments must be submitted")


def test_the_field_is_the_day_of_a_rule_that_takes_effect_in_parts() -> None:
    words = "The amendments to part 774 are effective June 15, 2026. The rest of the rule is effective June 1, 2026."
    assert found(dates=words, effective_on="2026-06-01") == {"effective": "2026-06-01"}


def test_words_that_agree_with_the_field_are_quoted_and_contradict_nothing() -> None:
    words = "This rule is effective June 1, 2026."
    (agreed,) = deadlines_of(Document("fr", "1", "A rule", details={"dates": words, "effective_on": "2026-06-01"}))
    assert (agreed.words, agreed.contradicts) == (words, None)
    (other,) = deadlines_of(Document("fr", "1", "A rule", details={"dates": words, "effective_on": "2026-07-01"}))
    assert (other.day, other.words, other.contradicts) == (date(2026, 7, 1), "", None)


def test_a_delay_counts_also_where_the_field_still_has_the_first_day() -> None:
    words = "The effective date of this rule is delayed until May 6, 2026."
    (delayed,) = deadlines_of(Document("fr", "1", "A rule", details={"dates": words, "effective_on": "2026-04-15"}))
    assert (delayed.day, delayed.contradicts) == (date(2026, 5, 6), date(2026, 4, 15))


def test_of_several_days_of_a_kind_the_first_counts_and_the_earliest_stands_first() -> None:
    words = (
        "Comments are due by July 31, 2026. Late comments are taken until August 9, 2026. "
        "This rule is effective June 1, 2026."
    )
    days = [(one.due, one.day) for one in deadlines_of(Document("fr", "1", "A rule", details={"dates": words}))]
    assert days == [(Due.EFFECTIVE, date(2026, 6, 1)), (Due.COMMENTS, date(2026, 7, 31))]


def test_the_full_text_s_section_will_do() -> None:
    assert found(**{FOLLOWED: {"dates": "Effective June 1, 2026."}}) == {"effective": "2026-06-01"}
    assert found(comments_close_on="2026-07-01") == {"comments": "2026-07-01"}
    assert found(effective_on="soon", dates=3) == {}


@given(st.text(alphabet=st.sampled_from("comentsby .;JunMay123026,effctivxprdl\n"), max_size=600))
@settings(max_examples=300, deadline=None)
def test_any_words_are_read_without_an_error(words: str) -> None:
    assert len(found(dates=words)) <= len(Due)


def test_long_and_hostile_words_take_linear_time() -> None:
    for piece in ("comments ", "effective ", "compliance date ", "suspended from ", "delayed ", "A. "):
        with lively(0.5):
            found(dates=piece * 100_000)
