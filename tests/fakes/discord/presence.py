"""Who keeps account of servers, for tests of the adapter alone: what happens is noted and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from bot.errors import Reach


class Reported:
    """A Presence that keeps no orders: `report` hears of where and what."""

    def __init__(self, report: Callable[[str, str], None]) -> None:
        self._report = report

    async def lost(self, platform: str, reach: Reach, id_: str, reason: str) -> None:
        self._report(id_ or platform, f"{reach} lost: {reason}")

    async def regained(self, platform: str, reach: Reach, id_: str) -> None:
        self._report(id_ or platform, f"{reach} regained")

    async def joined(
        self, platform: str, workspace: str, name: str, added_by: str = "", fallbacks: Sequence[str] = ()
    ) -> None:
        """Every server says so at each start: no news."""

    async def left(self, platform: str, workspace: str, reason: str = "removed") -> None:
        self._report(workspace, f"left: {reason}")

    async def only(self, platform: str, standing: Collection[str], concerns: Callable[[str], bool]) -> None:
        """Nothing is known that could be missing."""

    async def look_again(self) -> None:
        """Nothing is waiting."""
