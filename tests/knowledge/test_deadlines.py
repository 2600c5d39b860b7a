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
        (
            "This rule is effective Nov. 3, 2026, and expires Sept. 30, 2027.",
            {"effective": "2026-11-03", "expires": "2027-09-30"},
        ),
        ("See the section on comments.", {}),
        ("", {}),
    ],
)
def test_the_dates_section_is_read(words: str, expected: dict[str, str]) -> None:
    assert found(dates=words) == expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("The effective date of the rule published on June 2, 2026, at 91 FR 7, is delayed indefinitely.", {}),
        ("The effective date of the rule published June 2, 2026, is postponed until further notice.", {}),
        (
            "The effective date for the rule published at 91 FR 7, June 2, 2026 (91 FR 7), is March 3, 2027.",
            {"effective": "2027-03-03"},
        ),
        (
            "The effective date of the rule issued Tuesday, June 2, 2026, due July 2, is delayed to March 3, 2027.",
            {"effective": "2027-03-03"},
        ),
        ("The rule published in the Federal Register is effective June 2, 2026.", {"effective": "2026-06-02"}),
        ("This rule is effective on the day it is published, June 2, 2026.", {"effective": "2026-06-02"}),
        (
            "Comments on the rule, whose due date was in the notice issued June 2, 2026, are taken until July 3, 2026.",
            {"comments": "2026-07-03"},
        ),
        (
            "This rule is effective June 2, 2026, except for § 740.2, which is delayed until March 3, 2027.",
            {"effective": "2026-06-02"},
        ),
    ],
)
def test_the_day_on_which_a_text_was_published_is_no_deadline(words: str, expected: dict[str, str]) -> None:
    assert found(dates=words) == expected


@pytest.mark.parametrize(
    "words",
    [
        "This rule is effective June 2, 2026, through March 3, 2027.",
        "Effective June 2, 2026, until March 3, 2027, the amendments to part 744 are suspended.",
        "Effective from June 2, 2026 through and including March 3, 2027, supplement no. 1 is stayed.",
        "This rule is effective from 6 a.m. on June 2, 2026 to 7:30 p.m. on March 3, 2027.",
        "This rule is effective from noon Eastern Time on June 2, 2026, until midnight (EST) on March 3, 2027.",
        "The exemption is effective June 2, 2026 and expires March 3, 2027.",
        "The order becomes effective June 2, 2026, and remains in effect through March 3, 2027.",
        "This order is effective between June 2, 2026 and March 3, 2027.",
    ],
)
def test_the_second_day_of_a_period_is_its_end(words: str) -> None:
    assert found(dates=words) == {"effective": "2026-06-02", "expires": "2027-03-03"}


def test_a_period_of_comments_or_a_delay_ends_nothing() -> None:
    assert found(dates="Comments on the rule effective June 2, 2026, to May 3, 2027, are due by July 9, 2026.") == {
        "comments": "2026-07-09"
    }
    assert found(dates="The effective date is delayed from June 2, 2026 to July 3, 2026.") == {
        "effective": "2026-07-03"
    }


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
    for piece in (
        "comments ",
        "effective ",
        "compliance date ",
        "suspended from ",
        "delayed ",
        "A. ",
        "published on ",
        "effective from 5 a.m. on May 1, 2026 to ",
    ):
        with lively(0.5):
            found(dates=piece * 100_000)
