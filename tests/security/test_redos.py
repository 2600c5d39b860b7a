"""Regular expressions against strings that are made to keep them busy: each costs time in proportion to the length."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

import pytest

from bot.sources.syndication.dates import LONGEST
from tests.security.expressions import Expression, collected, hostile

SHORT, LONG = 1000, 4000
QUICK_S = 0.0015
"""What costs less at the long size is linear, or too small to matter there."""
PATIENCE_S = 0.3

BOUNDED: dict[str, int] = {
    "bot.knowledge.finding:'(?<=": 40,  # `_LONG`, a word
    "bot.pipeline.assess.bound_for:": 100,  # `REACH`, what stands before a place or behind it
    "bot.redline.documents:b": 1024,  # the head of a file
    "bot.sources.syndication.dates:": LONGEST,  # a longer date is not read at all
}
"""Expressions whose caller hands them no more than so many characters, by how their place begins."""


@cache
def everything() -> tuple[list[Expression], list[str]]:
    return collected(at_run_time())


def at_run_time() -> dict[str, tuple[object, ...]]:
    """Examples of the expressions that are put together while the bot runs."""
    from bot.commands.days import _FORMS
    from bot.knowledge.vocabulary import vocabulary
    from bot.pipeline.assess.trust import _publishers

    words, known = vocabulary(), _publishers()
    words.folding.fold("Ⅷ ﬁ …")
    follows = sorted({each.tail.pattern for some in words._automaton.values() for each in some if each.tail}, key=len)
    places = {
        "bot.commands.days:pattern": _FORMS,
        "bot.knowledge.folding:f'[^{re.escape(same)}": (words.folding._changes,),
        "bot.knowledge.folding:f'[{known}]' if known": (words.folding._expands or words.folding._changes,),
        "bot.knowledge.vocabulary:'|'.join((part for part in (edged": (words.joint, words.cause),
        "bot.knowledge.vocabulary:joint + tail": tuple(follows[-5:]),  # all are made alike; the longest
        "bot.pipeline.assess.trust:f'(?<!\\\\w)(?:{names})": (known.names,),
        "bot.pipeline.assess.trust:f'(?:^|\\\\.)(?:{hosts})": (known.hosts,),
        "bot.pipeline.assess.trust:f'(?<![\\\\w-])(?:{owned})": (known.newsrooms,),
        "bot.sources.curated:f": (r"\s*(?:\[+\s*)?[\"']?url[\"']?\s*(?:=|\]|\.)",),
        "bot.sources.plain_text:f'</{name}'": ("</script",),
    }
    return dict(places)


class TooLateError(Exception):
    pass


@contextmanager
def patience(seconds: float) -> Iterator[None]:
    """Ends what takes longer, in seconds of this process; the engine of `re` lets itself be interrupted."""

    def ring(*_: object) -> None:
        raise TooLateError

    before = signal.signal(signal.SIGVTALRM, ring)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def seconds(expression: Expression, text: str, tries: int = 1) -> float:
    """What it costs at best."""
    taken = []
    try:
        with patience(PATIENCE_S):
            for _ in range(tries):
                began = time.thread_time()
                expression.run(text)
                taken.append(time.thread_time() - began)
    except TooLateError:
        taken.append(PATIENCE_S)
    return min(taken)


def limit_of(expression: Expression) -> int | None:
    return next((most for place, most in BOUNDED.items() if expression.place.startswith(place)), None)


def grows(expression: Expression) -> str:
    """The string for which four times the length costs more than eight times the time; empty where there is none."""
    for text in hostile(expression.pattern, LONG):
        first = seconds(expression, text)
        if first >= PATIENCE_S:
            return text
        if first < QUICK_S:
            continue
        short = text[: SHORT - 2] + text[-2:]
        few, many = seconds(expression, short, 3), seconds(expression, text, 3)
        if many >= QUICK_S and many > 8 * few:
            return text
    return ""


def test_every_expression_of_the_bot_costs_time_in_proportion_to_what_it_reads():
    found, unread = everything()
    assert unread == [], "made at run time: give an example in at_run_time()"
    assert len(found) > 200
    slow = [f"{each.place}: {text[:40]!r}" for each in found if limit_of(each) is None and (text := grows(each))]
    assert slow == []


def test_what_its_caller_keeps_short_is_quick_at_that_length():
    kept = [(each, limit) for each in everything()[0] if (limit := limit_of(each)) is not None]
    assert all(any(each.place.startswith(place) for each, _ in kept) for place in BOUNDED)
    for each, limit in kept:
        for text in hostile(each.pattern, limit):
            assert seconds(each, text[:limit]) < 0.3, (each.place, text)


@pytest.mark.parametrize("bad", [r"(a+)+$", r"^(?:\s*a?)*$", r"\s+$", r"<a[^>]*>x", r"(?:<!--.*?-->\s*)*<p"])
def test_a_bad_expression_would_be_found(bad):
    import re

    assert grows(Expression("here", re.compile(bad, re.DOTALL), searches=True))
