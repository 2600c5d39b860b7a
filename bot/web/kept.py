"""What is costly to work out and rests on the knowledge alone: kept until the knowledge is another one."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from bot.knowledge.library import Knowledge

T = TypeVar("T")
MOST = 20_000
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


KEPT = Kept()
