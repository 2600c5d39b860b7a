"""The small file beside an SQLite store: events recorded and what was reported, for commands that open no store."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from bot.errors import ConfigError
from bot.knowledge.dated import Dated
from bot.knowledge.entry import to_toml
from bot.knowledge.event import Event
from bot.knowledge.ledger import Ledger
from bot.knowledge.recorded import read_events

FORMAT = 1
MAX_BYTES = 8 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Report:
    """What a publisher reported on chips and destinations, and no one has recorded as an event: it changes no status.

    `at` is the day of the report, `trust` one of official, company, press, rumour, `story` the story's id.
    """

    title: str
    url: str
    source: str
    trust: str
    at: date
    chips: tuple[str, ...]
    destinations: tuple[str, ...]
    story: str = ""

    def json(self) -> dict[str, Any]:
        """The report as `reported_since` shows it."""
        return {
            "title": self.title,
            "url": self.url,
            "source": self.source,
            "trust": self.trust,
            "at": self.at.isoformat(),
            "story": self.story,
        }


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What a store adds to the shipped knowledge.

    `events` are recorded over the ledger, `dated` the days that stored documents name; `release` is the ledger that
    this installation has pulled, None where it lives on the shipped one.
    """

    events: tuple[Event, ...] = ()
    reports: tuple[Report, ...] = ()
    dated: tuple[Dated, ...] = ()
    release: Ledger | None = None

    def over(self, shipped: Ledger) -> Ledger:
        """The ledger to answer from: the newer of the shipped and the pulled one, with the recorded events over it."""
        base = self.release if self.release and is_newer(self.release.version, shipped.version) else shipped
        return base.with_events(self.events) if self.events else base

    def reported(self, chip: str, destination: str, since: date | None = None) -> list[dict[str, Any]]:
        """The reports on a chip (short name) and a destination (ISO code) from a day on, the newest first.

        What is reported on China is shown for Hong Kong too.
        """
        places = {destination, "CN"} if destination == "HK" else {destination}
        found = [
            report
            for report in self.reports
            if chip in report.chips
            and not places.isdisjoint(report.destinations)
            and (since is None or report.at >= since)
        ]
        return [report.json() for report in sorted(found, key=lambda r: (r.at, r.url), reverse=True)]

    def to_bytes(self) -> bytes:
        """The file's content, UTF-8; the same snapshot gives the same bytes. Writing it whole is the caller's part."""
        reports = [
            report.json() | {"chips": list(report.chips), "destinations": list(report.destinations)}
            for report in self.reports
        ]
        whole = {"format": FORMAT, "events": to_toml(self.events), "reports": reports, "release": None}
        whole["dated"] = [dated.record() for dated in self.dated]
        if self.release is not None:
            base = self.release
            whole["release"] = {
                "version": base.version,
                "as_of": base.as_of.isoformat(),
                "events": to_toml(base.events),
            }
        return json.dumps(whole, ensure_ascii=False, indent=1).encode() + b"\n"


def snapshot_path(store_url: str) -> Path | None:
    """Where the file of an SQLite store lies: `chipwatch.db.knowledge.json` beside `chipwatch.db`.

    None for a store in memory and for other databases, which are asked themselves.
    """
    scheme, mark, rest = store_url.partition("://")
    if not mark or scheme.partition("+")[0] != "sqlite":
        return None
    place = rest.partition("?")[0].removeprefix("/")
    if not place or place == ":memory:" or place.startswith("file:"):
        return None
    file = Path(place)
    return file.with_name(f"{file.name}.knowledge.json")


def snapshot_from(content: bytes, file: Path | str = "knowledge.json") -> Snapshot:
    """The snapshot in a file's content.

    Raises ConfigError naming the file when it is damaged or of a newer form: answers without the recorded events would
    be wrong, so that nothing is guessed. The running bot, and `ledger add`, write it anew.
    """
    if len(content) > MAX_BYTES:
        raise ConfigError("too large for a knowledge file; start the bot to write it anew", file=file)
    try:
        whole = json.loads(content)
        if not isinstance(whole, dict) or whole.get("format") != FORMAT:
            raise ConfigError("not a knowledge file of this version; start the bot to write it anew", file=file)
        events = read_events(whole["events"], file, limited=False) if whole["events"] else ()
        reports = tuple(_report(row) for row in whole["reports"])
        dated = tuple(Dated.of(row) for row in whole.get("dated", ()))
        release = _release(whole.get("release"), file)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ConfigError(f"damaged ({type(error).__name__}); start the bot to write it anew", file=file) from None
    return Snapshot(events, reports, dated, release)


def read_snapshot(file: Path) -> Snapshot:
    """The snapshot in a file. Raises ConfigError as `snapshot_from` does, and when the file cannot be read."""
    try:
        content = file.read_bytes()
    except OSError as error:
        raise ConfigError(f"cannot be read: {error.strerror}", file=file) from None
    return snapshot_from(content, file)


def _release(row: Mapping[str, Any] | None, file: Path | str) -> Ledger | None:
    if row is None:
        return None
    events = read_events(row["events"], file, limited=False)
    return Ledger(events, date.fromisoformat(row["as_of"]), str(row["version"]))


def is_newer(version: str, other: str) -> bool:
    """Whether a version of the ledger ("2026.10.09") is later than another; numbers count as numbers."""
    return [int(part) for part in version.split(".")] > [int(part) for part in other.split(".")]


def _report(row: Mapping[str, Any]) -> Report:
    words = {name: str(row[name]) for name in ("title", "url", "source", "trust", "story")}
    return Report(
        **words,
        at=date.fromisoformat(row["at"]),
        chips=tuple(map(str, row["chips"])),
        destinations=tuple(map(str, row["destinations"])),
    )
