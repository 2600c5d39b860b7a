"""Places: the short name of a paragraph, so that a reader finds it in the source."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.redline.tables import Place

_DESIGNATORS = re.compile(r"\s*((?:\(\s*(?:[a-z]{1,5}|[A-Z]{1,5}|\d{1,3})\s*\)\s*)+)")
_DESIGNATOR = re.compile(r"\(\s*(\w+)\s*\)")
_ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii", "xiii", "xiv", "xv", "xvi", "xvii",
          "xviii", "xix", "xx")  # fmt: skip


def place_of(places: Sequence[Place], paragraph: str, at: int) -> Place:
    """The place that is given for paragraph number `at` (from 0), or its number with the designator it begins with."""
    if places:
        return places[at]
    found = _DESIGNATORS.match(paragraph)
    return f"¶ {at + 1}" + (f" {''.join(found[1].split())}" if found else "")


class Designators:
    """Follows the nested designators of a section, which stand flat in the source: (a), (1), (i), (A), then (1), (i).

    Levels as in 1 CFR 21.11. "(i)" after "(h)" is a letter unless a number stands between; where the row is broken the
    designator is taken for the level its form belongs to.
    """

    def __init__(self) -> None:
        self._levels: list[str] = []

    def of(self, paragraph: str) -> str:
        """The full designator of the next paragraph, "(b)(10)(iii)"; empty when it begins with none."""
        found = _DESIGNATORS.match(paragraph)
        if not found:
            return ""
        for label in _DESIGNATOR.findall(found[1]):
            level = self._level_of(label)
            self._levels[level:] = [label]
        return "".join(f"({label})" for label in self._levels)

    def _level_of(self, label: str) -> int:
        deepest = len(self._levels)
        opens = deepest < len(_FORMS) and _FORMS[deepest](label) == 1
        goes_on = any(_follows(level, before, label) for level, before in enumerate(self._levels))
        if opens and (deepest in (2, 5) or not goes_on):
            return deepest
        for level in range(deepest - 1, -1, -1):
            if _follows(level, self._levels[level], label):
                return level
        fitting = [level for level in range(min(deepest + 1, len(_FORMS))) if _FORMS[level](label)]
        return fitting[0] if fitting else min(deepest, len(_FORMS) - 1)


def _letter(label: str) -> int:
    """1 for a, 26 for z, 27 for aa; 0 for anything else."""
    if not label.isascii() or not label.islower() or len(set(label)) != 1:
        return 0
    return ord(label[0]) - 96 + 26 * (len(label) - 1)


def _number(label: str) -> int:
    return int(label) if label.isascii() and label.isdigit() else 0


def _roman(label: str) -> int:
    return _ROMAN.index(label) + 1 if label in _ROMAN else 0


def _capital(label: str) -> int:
    return _letter(label.lower()) if label.isupper() else 0


_FORMS = (_letter, _number, _roman, _capital, _number, _roman)


def _follows(level: int, before: str, label: str) -> bool:
    """Whether `label` is the next after `before` on a level, or skips a reserved one."""
    here, there = _FORMS[level](before), _FORMS[level](label)
    return bool(here and there) and 0 < there - here <= 2
