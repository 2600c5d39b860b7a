"""A clock that may be set back, as machines' clocks are."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.clock import SetClock


class JumpingClock(SetClock):
    """`jump` moves it in either direction; all else is as it was."""

    def jump(self, by: timedelta) -> datetime:
        self._now += by
        return self._now
