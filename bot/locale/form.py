"""How a language writes dates, times, numbers and lists; the patterns stand in each language's `form.toml`.

They are those of the Unicode CLDR (a test compares them with Babel); Babel itself costs 60 ms of start-up.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from bot.locale.rich import Rich, Span


@dataclass(frozen=True, slots=True)
class Form:
    """The patterns of one language.

    `full_date` and `day` take {day}, {month}, {year}; `months` are twelve names; `plural_one` says whether one thing
    has a word form of its own. `pair` joins two things, `comma` the earlier ones of a longer list, `either` two
    alternatives.
    """

    language: str
    months: tuple[str, ...]
    full_date: str
    day: str
    time: str
    moment: str
    group: str
    decimal: str
    percent: str
    pair: str
    comma: str
    either: str
    quote: str
    plural_one: bool

    @classmethod
    def of(cls, language: str, table: Mapping[str, Any]) -> Form:
        """From a language's `form.toml`. Raises TypeError for a pattern that is missing or unknown."""
        return cls(language=language, **{**table, "months": tuple(table["months"])})

    def plural(self, n: object) -> str:
        """Which form of a word goes with a number: `one` or `other`, the categories of these languages in the CLDR."""
        return "one" if self.plural_one and n in (1, -1) and not isinstance(n, float) else "other"

    def write_date(self, day: date) -> str:
        """9 Apr 2025; 9. April 2025; 2025年4月9日."""
        return self.full_date.format(day=day.day, month=self.months[day.month - 1], year=day.year, number=day.month)

    def write_day(self, day: date) -> str:
        """A day without its year: 15 Jul; 15.7.; 7月15日."""
        return self.day.format(day=day.day, month=self.months[day.month - 1], year=day.year, number=day.month)

    def write_time(self, moment: datetime) -> str:
        """04:12 UTC."""
        return self.time.format(hour=moment.hour, minute=moment.minute)

    def write_moment(self, moment: datetime) -> str:
        """15 Jul, 04:12 UTC."""
        return self.moment.format(day=self.write_day(moment.date()), time=self.write_time(moment))

    def write_number(self, value: float) -> str:
        """15,832 or 2.91; at most two decimals, no needless ones."""
        if isinstance(value, int):
            return f"{value:,}".replace(",", self.group)
        digits = f"{value:,.2f}".rstrip("0").rstrip(".")
        return digits.translate({ord(","): self.group, ord("."): self.decimal})

    def write_list(self, things: Iterable[str], last: str | None = None) -> str:
        """A, B and C; `last` joins the last two where it is not `and`."""
        items = list(things)
        if len(items) < 2:
            return "".join(items)
        return self.comma.join(items[:-1]) + (last or self.pair) + items[-1]

    def write(self, value: object, form: str) -> str | Rich:
        """A value in a form (`date`, `day`, `time`, `moment`, `percent`, `either`, `as_is`), or as its type has it."""
        if isinstance(value, str):
            return value
        if isinstance(value, datetime):
            utc = value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)
            if form in ("date", "day"):
                return self.write_date(utc.date()) if form == "date" else self.write_day(utc.date())
            words = self.write_time(utc) if form == "time" else self.write_moment(utc)
            return (Span(words, moment=utc),)
        if isinstance(value, date):
            return self.write_day(value) if form == "day" else self.write_date(value)
        if isinstance(value, bool) or value is None:
            return "" if value is None else str(value).lower()
        if isinstance(value, int | float):
            if form == "as_is":
                return str(value)
            return self.percent.format(n=self.write_number(value)) if form == "percent" else self.write_number(value)
        if isinstance(value, tuple) and value and isinstance(value[0], Span):
            return value
        if isinstance(value, list | tuple):
            return self.write_list([str(item) for item in value], self.either if form == "either" else None)
        return str(value)
