"""What is costly to work out, kept by all that it rests on, so that nothing kept is ever old: by the knowledge, by an
object that never changes, or by a hash."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from bot.knowledge.library import Knowledge

T = TypeVar("T")
MOST, MOST_LASTING = 20_000, 4_000
"""Answers that are kept; a crawler through all days begins anew."""


class Kept:
    """Answers by their question. A ledger that grew is another knowledge: nothing of the old one is given any more."""

    def __init__(self) -> None:
        self._knowledge: Knowledge | None = None
        self._answers: dict[Hashable, Any] = {}

    def answer(self, knowledge: Knowledge, question: Hashable, work_out: Callable[[], T]) -> T:
        """The answer to a question by this knowledge."""
        if self._knowledge is not knowledge or len(self._answers) >= MOST:
            self._knowledge, self._answers = knowledge, {}
        if question not in self._answers:
            self._answers[question] = work_out()
        found: T = self._answers[question]
        return found


class Lasting:
    """Answers that never change, by a question that names all that they rest on."""

    def __init__(self) -> None:
        self._answers: dict[Hashable, Any] = {}

    def answer(self, question: Hashable, work_out: Callable[[], T]) -> T:
        """The answer to a question. Threads may ask as well: at worst one is worked out twice."""
        try:
            found: T = self._answers[question]
        except KeyError:
            found = work_out()
            if len(self._answers) >= MOST_LASTING:
                self._answers = {}
            self._answers[question] = found
        return found


class This:
    """One object that never changes, in a question: no other one is equal to it, whatever it looks like. A story that
    grew is another object."""

    __slots__ = ("thing",)

    def __init__(self, thing: object) -> None:
        self.thing = thing

    def __eq__(self, other: object) -> bool:
        return isinstance(other, This) and other.thing is self.thing

    def __hash__(self) -> int:
        return id(self.thing)


KEPT = Kept()
LASTING = Lasting()
