"""What can go wrong. Only the edges (command line, platforms, web) turn these into text for people."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Literal

Reach = Literal["channel", "workspace", "platform"]
"""How much of a platform something concerns."""


class ChipwatchError(Exception):
    """The root of every error that Chipwatch raises on purpose."""


class SourceError(ChipwatchError):
    """A publisher's answer could not be fetched or read.

    `name` is the stable name shown to operators and stored (`not_a_feed`, `too_large`, `address_refused`, ...);
    `detail` is one plain sentence for people; `source` the id of the source where it is known.
    `retry_at` (UTC) is when the publisher allows the next request, if it said so.
    """

    def __init__(
        self, name: str, detail: str = "", *, source: str | None = None, retry_at: datetime | None = None
    ) -> None:
        super().__init__(f"{name}: {detail}" if detail else name)
        self.name = name
        self.detail = detail
        self.source = source
        self.retry_at = retry_at


class DeliveryError(ChipwatchError):
    """A message could not be handed to a platform.

    `permanent` ends the delivery with `reason`; otherwise it is tried again, not before `retry_at` (UTC) where given.
    `unknown` says that the platform may have stored the message all the same (a time-out after sending).
    `lost` says how much cannot be reached until somebody mends it: the `channel` (a right taken away, a channel
    deleted), the `workspace` (removed from it) or the whole `platform` (a token that is no longer good); its orders
    are paused, nothing is given up. `retry_at` holds for as much as `slowed` says: the channel, workspace or platform.
    """

    def __init__(
        self,
        reason: str,
        *,
        retry_at: datetime | None = None,
        permanent: bool = False,
        unknown: bool = False,
        lost: Reach | None = None,
        slowed: Reach | None = None,
    ) -> None:
        super().__init__(reason)
        self.lost = lost
        self.slowed = slowed
        self.reason = reason
        self.retry_at = retry_at
        self.permanent = permanent
        self.unknown = unknown


class ConfigError(ChipwatchError):
    """A setting, source table or recording is wrong: which file, which line, what would be right."""

    def __init__(self, message: str, *, file: Path | str | None = None, line: int | None = None) -> None:
        place = f"{file}:{line}: " if file and line else f"{file}: " if file else ""
        super().__init__(f"{place}{message}")
        self.message = message
        self.file = file
        self.line = line


class StoreError(ChipwatchError):
    """The store cannot be opened, read or written (`locked`, `full`, `corrupt`, `newer`, ...), and what to do."""

    def __init__(self, name: str, remedy: str) -> None:
        super().__init__(f"{name}: {remedy}")
        self.name = name
        self.remedy = remedy


class UserError(ChipwatchError):
    """What a person typed cannot be answered: a catalogue key and the values of its placeholders."""

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(f"{key} {values}" if values else key)
        self.key = key
        self.values = values
