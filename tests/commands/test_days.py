from datetime import date

import pytest

from bot.commands.days import IN_TEXT, is_day, read_day
from bot.errors import UserError

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2025-05-20", date(2025, 5, 20)),
        ("2025/5/20", date(2025, 5, 20)),
        ("1 May 2025", date(2025, 5, 1)),
        ("1st may 2025", date(2025, 5, 1)),
        ("May 1, 2025", date(2025, 5, 1)),
        ("1. Mai 2025", date(2025, 5, 1)),
        ("3. März 2025", date(2025, 3, 3)),
        ("1.5.2025", date(2025, 5, 1)),
        ("2025年5月1日", date(2025, 5, 1)),
        ("２０２５年５月１日", date(2025, 5, 1)),
        ("today", TODAY),
        ("heute", TODAY),
        ("今天", TODAY),
        ("yesterday", date(2026, 11, 22)),
        ("Gestern", date(2026, 11, 22)),
        ("昨天", date(2026, 11, 22)),
    ],
)
def test_a_day_is_read_as_people_write_it(text, day):
    assert read_day(text, TODAY) == day
    assert is_day(text)


@pytest.mark.parametrize("text", ["", "2025", "2025-02-30", "32. Mai 2025", "soon", "1 2 3", "5/6/2025" * 500, "٢٠٢٥"])
def test_what_is_no_day_is_refused(text):
    with pytest.raises(UserError) as raised:
        read_day(text, TODAY)
    assert raised.value.key == "errors.no_such_day"


def test_days_are_found_inside_a_text():
    text = "H20 China on 1 May 2025, known 2025-05-20, 2024年12月2日 and v1.2.2025.3"
    assert [found.group() for found in IN_TEXT.finditer(text)] == ["1 May 2025", "2025-05-20", "2024年12月2日"]
