"""The day of a savings clause, as the notice prints it."""

import pytest

from bot.knowledge.savings import savings_clause

NOTICE = (
    "Savings Clause. Items that were en route aboard a carrier on March 28, 2025, pursuant to actual orders, may "
    "proceed to that destination before April 28, 2025. Any such items not exported before midnight, on April 28, "
    "2025, require a licence."
)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        (NOTICE, "April 28, 2025"),
        ("items en  route aboard a carrier may proceed until  June 1,  2026", "June 1, 2026"),
        ("The rule is effective before May 1, 2025. No clause.", None),
        ("Savings clause: none. " + "x" * 3000 + " before May 1, 2025", None),
        ("", None),
    ],
)
def test_the_later_day_of_the_clause_is_meant(text, day):
    assert savings_clause(text) == day
