"""A channel's standing order: what it wants, when, where in the channel, and how growth is shown.

Stored as JSON; `Order.of` reads it and refuses what does not exist. `pipeline.match` decides by its What, the outbox
by its When and Where.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import time
from typing import Any

from bot.model import Direction, Severity, Trust

GROWTHS = ("edit", "reply", "new")
PACES = ("now", "daily", "weekly")
MOST_DAYS = 365
"""The longest that a reminder comes before its date, in days."""
PLACES = ("post", "thread", "forum", "announcement")


@dataclass(frozen=True, slots=True)
class Quiet:
    """Hours without posts, in the channel's own time zone; over midnight where `begins` is the later."""

    begins: str = "22:00"
    ends: str = "07:00"


@dataclass(frozen=True, slots=True)
class Order:
    """A channel's standing order. Empty lists ask for everything; lists of different fields must all be met.

    `words` are alternatives, `all_words` must all be there, `without_words` none: they look at the titles, casefolded.
    `analyses` lets analyses, memos and opinion begin a message; without it they only join one. `growth` is what a grown
    story does: `edit` only, `reply` under it as well when it rises (the default), or a `new` message. `pace` is `now`,
    `daily` at `at` or `weekly` on `weekday` (0 is Monday), local time. Critical stories break through quiet hours
    unless `breaks_through` is off. `mention` is a role or user group of the platform, mentioned from `mention_from` on.
    `place` says what a story is in the channel; `tags` are a forum's; `publish` hands announcements on to the servers
    that follow the channel. On a busy day all but the first two alerts of an hour go into one message, unless `bundle`
    is off; `when_nothing` wants a digest of two lines even when there was nothing to tell. Dates ahead
    are reminded of so many days before as `reminders` has.
    """

    chips: frozenset[str] = frozenset()
    companies: frozenset[str] = frozenset()
    destinations: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()
    without_kinds: frozenset[str] = frozenset()
    directions: frozenset[str] = frozenset()
    sources: frozenset[str] = frozenset()
    words: tuple[str, ...] = ()
    all_words: tuple[str, ...] = ()
    without_words: tuple[str, ...] = ()
    severity: Severity = Severity.LOW
    trust: Trust = Trust.RUMOUR
    analyses: bool = False
    growth: str = "reply"
    pace: str = "now"
    at: str = "09:00"
    weekday: int = 0
    quiet: Quiet | None = None
    breaks_through: bool = True
    mention: str = ""
    mention_from: Severity = Severity.CRITICAL
    place: str = "post"
    tags: tuple[str, ...] = ()
    publish: bool = False
    bundle: bool = True
    when_nothing: bool = False
    reminders: tuple[int, ...] = ()
    record: Mapping[str, Any] = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def of(cls, record: Mapping[str, Any]) -> Order:
        """An order from its stored form. Raises ValueError for a value that does not exist."""
        made: dict[str, Any] = {"record": record}
        for each in fields(cls):
            if each.name in record and each.name != "record":
                try:
                    made[each.name] = _READ[each.name](record[each.name])
                except (ValueError, TypeError, KeyError) as error:
                    raise ValueError(f"{each.name} cannot be read: {error}") from error
        for name, choices in (("growth", GROWTHS), ("pace", PACES), ("place", PLACES)):
            if name in made and made[name] not in choices:
                raise ValueError(f"{name} is one of {', '.join(choices)}, not {made[name]!r}")
        return cls(**made)


def _listed(value: Any) -> list[str]:
    """Texts in a list. A single text would be taken for a list of its letters, or for what no story has."""
    if not isinstance(value, list | tuple | set | frozenset) or not all(isinstance(each, str) for each in value):
        raise ValueError(f"a list of texts is wanted, not {value!r}")
    return list(value)


def _names(value: Any) -> frozenset[str]:
    return frozenset(_listed(value))


def _directions(value: Any) -> frozenset[str]:
    """Directions that there are: no other has a name to be told by. Raises ValueError."""
    return frozenset(Direction(each).value for each in _listed(value))


def _words(value: Any) -> tuple[str, ...]:
    return tuple(word.casefold() for word in _listed(value))


def _tags(value: Any) -> tuple[str, ...]:
    return tuple(_listed(value))


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError(f"a text is wanted, not {value!r}")
    return value


def _switch(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError(f"true or false is wanted, not {value!r}")
    return value


def _weekday(value: Any) -> int:
    """A day of the week that comes round. Raises ValueError."""
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= 6:
        raise ValueError(f"weekday is 0 (Monday) to 6, not {value!r}")
    return value


def _hour(value: Any) -> str:
    """A time of day, HH:MM. Raises ValueError."""
    return time.fromisoformat(value).strftime("%H:%M")


def _quiet(value: Any) -> Quiet:
    begins, ends = value
    return Quiet(_hour(begins), _hour(ends))


def _days(value: Any) -> tuple[int, ...]:
    """Numbers of days before a date, the fewest first. Raises ValueError."""
    if not isinstance(value, list | tuple) or not all(type(n) is int and 0 <= n <= MOST_DAYS for n in value):
        raise ValueError(f"reminders are whole numbers of days from 0 to {MOST_DAYS}, not {value!r}")
    return tuple(sorted(set(value)))


_READ: dict[str, Any] = {
    **dict.fromkeys(("chips", "companies", "destinations", "kinds", "without_kinds", "sources"), _names),
    "directions": _directions,
    **dict.fromkeys(("words", "all_words", "without_words"), _words),
    **dict.fromkeys(("analyses", "breaks_through", "publish", "bundle", "when_nothing"), _switch),
    **dict.fromkeys(("growth", "pace", "place", "mention"), _text),
    "tags": _tags,
    "severity": Severity,
    "mention_from": Severity,
    "trust": Trust,
    "quiet": lambda value: _quiet(value) if value else None,
    "at": _hour,
    "reminders": _days,
    "weekday": _weekday,
}
"""How the stored form of each field is read; a file that somebody imports says anything."""

EVERYTHING: Mapping[str, Any] = {"growth": "reply", "analyses": True, "bundle": False}
"""The order of the console channel that stands in where no channel has been subscribed."""
