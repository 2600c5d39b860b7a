"""What every reader of feeds gives, whatever the format: the feed and its entries, before they become documents."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.clock import Moment


@dataclass(slots=True)
class Entry:
    """One entry as its publisher wrote it.

    `title` and `summary` are plain text already; `link` is as written (`bases` say against what it is resolved, the
    innermost first); `id` is a guid, an Atom id or an `rdf:about`; `origin` the address behind a redirecting link.
    """

    id: str = ""
    link: str = ""
    origin: str = ""
    bases: tuple[str, ...] = ()
    title: str = ""
    summary: str = ""
    published: Moment | None = None
    updated: Moment | None = None
    language: str = ""
    author: str = ""
    outlet: str = ""
    categories: tuple[str, ...] = ()

    @property
    def is_blank(self) -> bool:
        """Whether nothing tells this entry from any other."""
        return not (self.id or self.link or self.title or self.summary)


@dataclass(slots=True)
class Syndicate:
    """A feed as read: `link` is its home page as written, `ttl` in seconds, `partial` that its end is missing.

    `one_id_one_entry` says that the format forbids two entries of one id (Atom, RFC 4287 section 4.2.6), so that of two
    with the same link the newer one counts.
    """

    entries: list[Entry] = field(default_factory=list)
    link: str = ""
    bases: tuple[str, ...] = ()
    language: str = ""
    ttl: float | None = None
    partial: bool = False
    one_id_one_entry: bool = False
    warnings: list[str] = field(default_factory=list)


_PERIODS = {"hourly": 3600, "daily": 86_400, "weekly": 604_800, "monthly": 2_592_000, "yearly": 31_536_000}


def ttl_of(minutes: str, period: str, frequency: str) -> float | None:
    """How many seconds a feed asks to be left alone: `<ttl>` in minutes, else the syndication module's period."""
    try:
        if minutes.strip():
            stated = float(minutes)
            return stated * 60 if 0 < stated < 1e6 else None
    except ValueError:
        pass
    seconds = _PERIODS.get(period.strip().lower())
    if seconds is None:
        return None
    times = int(frequency) if frequency.strip().isascii() and frequency.strip().isdigit() and len(frequency) < 6 else 1
    return seconds / max(times, 1)
