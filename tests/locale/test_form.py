"""Dates, numbers and lists are written as the Unicode CLDR has them; Babel is the judge, not the writer."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from babel import Locale
from babel.dates import format_date
from babel.lists import format_list
from babel.numbers import format_decimal

from bot.locale.catalogue import LANGUAGES, catalogue
from bot.locale.rich import Span

LOCALES = {"en": "en", "de": "de", "zh": "zh_Hans_CN"}
DAYS = [date(2025, month, day) for month in range(1, 13) for day in (1, 28)]
NUMBERS = [0, 1, 2, 10, 999, 1000, 15832, 1234567, -4800, 2.91, 1052.6, 19.5, 0.25]


@pytest.mark.parametrize("language", LANGUAGES)
def test_dates_are_those_of_the_cldr(language: str) -> None:
    pattern = {"en": "d MMM y", "de": "d. MMMM y", "zh": "y年M月d日"}[language]
    short = {"en": "d MMM", "de": "d.M.", "zh": "M月d日"}[language]
    form = catalogue(language).form
    for day in DAYS:
        assert form.write_date(day) == format_date(day, pattern, locale=LOCALES[language])
        assert form.write_day(day) == format_date(day, short, locale=LOCALES[language])


@pytest.mark.parametrize("language", LANGUAGES)
def test_numbers_are_those_of_the_cldr(language: str) -> None:
    form = catalogue(language).form
    for number in NUMBERS:
        assert form.write_number(number) == format_decimal(number, "#,##0.##", locale=LOCALES[language])


@pytest.mark.parametrize("language", LANGUAGES)
def test_plurals_are_those_of_the_cldr(language: str) -> None:
    form, rule = catalogue(language).form, Locale.parse(LOCALES[language]).plural_form
    for number in (0, 1, 2, 3, 5, 11, 21, 100, 1000000, 1.5):
        assert form.plural(number) == rule(number)


@pytest.mark.parametrize(("language", "things"), [("en", 2), ("de", 2), ("de", 3), ("zh", 2), ("zh", 3), ("zh", 4)])
def test_lists_are_those_of_the_cldr(language: str, things: int) -> None:
    names = [f"H{n}" for n in range(things)]
    assert catalogue(language).form.write_list(names) == format_list(names, locale=LOCALES[language])


def test_the_forms_of_a_value() -> None:
    en, de, zh = (catalogue(language).form for language in LANGUAGES)
    noon = datetime(2025, 7, 15, 6, 12, tzinfo=timezone(timedelta(hours=2)))
    assert (en.write(date(2025, 4, 9), ""), de.write(date(2025, 4, 9), "")) == ("9 Apr 2025", "9. April 2025")
    assert zh.write(date(2025, 4, 9), "day") == "4月9日"
    assert en.write(noon, "time") == (Span("04:12 UTC", moment=noon.astimezone(UTC)),)
    assert de.write(15832, "") == "15.832"
    assert de.write(2.91, "") == "2,91"
    assert en.write(["A", "B", "C"], "") == "A, B and C"
    assert de.write(("A", "B"), "either") == "A oder B"
    assert en.write(94, "percent") == "94 %"
    assert en.write(2026, "as_is") == "2026"
