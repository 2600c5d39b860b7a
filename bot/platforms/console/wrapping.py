"""Lines broken to a width in columns: between words, and between Chinese, Japanese and Korean characters, which take
two columns and need no space to break at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.cards.cutting import graphemes

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions, RenderResult
    from rich.measure import Measurement
    from rich.text import Text

_NOT_FIRST = frozenset("，。、；：？！）」』】》〉…％%”’)]},.;:!?·")
_NOT_LAST = frozenset("（「『【《〈“‘([{•⚠")


class Wrapped:
    """A line of text that breaks itself when it is printed."""

    def __init__(self, text: Text) -> None:
        self.text = text

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        for line in self.text.divide(breaks(self.text.plain, options.max_width)):
            line.rstrip()
            line.no_wrap = True
            yield line

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        from rich.cells import cell_len
        from rich.measure import Measurement

        return Measurement(min(2, options.max_width), min(cell_len(self.text.plain), options.max_width))


def breaks(text: str, width: int) -> list[int]:
    """Where to break `text` so that no line is wider than `width` columns: the offsets at which new lines begin.

    A word longer than a line breaks at the edge, between characters as a reader sees them.
    """
    from rich.cells import cell_len

    found: list[int] = []
    at = used = 0
    chance, used_at_chance = -1, 0
    before, before_wide = "", False
    for cluster in graphemes(text):
        columns = cell_len(cluster)
        wide = columns > 1
        may_break = before == " " or ((wide or before_wide) and cluster not in _NOT_FIRST and before not in _NOT_LAST)
        if at and may_break and cluster != " ":
            chance, used_at_chance = at, used
        if used + columns > width and used and cluster != " ":
            start = chance if chance > (found[-1] if found else 0) else at
            used -= used_at_chance if start == chance else used
            found.append(start)
            chance = -1
        used += columns
        at += len(cluster)
        before, before_wide = cluster, wide
    return found
