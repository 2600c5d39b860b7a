"""The exporter's law: which of embargo, rule, letter or nothing answers, in the order of precedence."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from bot.knowledge.countries import HOME
from bot.knowledge.embargoes import embargo, russia_and_belarus
from bot.knowledge.emirates import listed_end_users
from bot.knowledge.event import Effect, Event
from bot.knowledge.provision import CFR_774, CFR_774_LIST, RULE_2022, RULE_2023, Provision, Standpoint
from bot.knowledge.question import Decision, Question, Reading, least_sure, readings
from bot.knowledge.requirements import nothing_asks, published_rule, seat_letter
from bot.knowledge.statuses import StatusName

RULE_KINDS = frozenset({"rule", "rescission", "suspension"})
"""Kinds of ledger events that are published rules themselves: they replace what the code knows of an earlier day."""

_UNREAD = Reading(None, rule_2022=False, in_window=False)


def decide_export(question: Question, view: Standpoint) -> Decision | None:
    """The status of the export layer on a day; None where the question is no export from the US or of a US chip.

    Order: embargo; Russia and Belarus; the UAE's listed end users; a published rule (exception, January 2026 test,
    review policy); a letter that names the chip; unknown numbers; nothing. A rule in the ledger that is younger than
    the one in the code goes before it.
    """
    if question.chip.origin != "US" or question.destination in HOME:
        return None
    decided = _decided_by_code(question, view)
    younger = _recorded(question.letters, view, rules=True)
    if younger and younger.begins > decided.begins:
        return younger
    return decided


def _decided_by_code(question: Question, view: Standpoint) -> Decision:
    barred = embargo(question, view) or russia_and_belarus(question, view)
    if barred:
        return barred
    if question.chip.kind == "memory":
        return _one_reading(question, view, _UNREAD)
    if not question.chip.figures.published:
        return letter(question, view) or unpublished(question, view)
    read = _by_reading(question, view)
    if len({decision.identity for _, decision in read}) == 1:
        return read[0][1]
    if len({decision.status for _, decision in read}) == 1:
        return _same_on_every_reading(read)
    return _open(view, read)


_Read = Sequence[tuple[Reading, Decision]]


def _by_reading(question: Question, view: Standpoint) -> _Read:
    return [(reading, _one_reading(question, view, reading)) for reading in readings(question.chip)]


def _one_reading(question: Question, view: Standpoint, reading: Reading) -> Decision:
    return (
        listed_end_users(question, view, reading)
        or published_rule(question, view, reading)
        or letter(question, view)
        or nothing_asks(question, view, reading)
    )


def letter(question: Question, view: Standpoint) -> Decision | None:
    """The letter that names this chip to its maker for this destination, or for buyers seated in D:5 or Macau."""
    return _recorded(question.letters, view, rules=False) or seat_letter(question, view)


def unpublished(question: Question, view: Standpoint) -> Decision:
    """`undetermined` for a chip whose performance is not published, with what would follow from either outcome."""
    outcomes: tuple[tuple[str, StatusName], ...] = ()
    reason = "reason.unpublished_elsewhere" if view.holds(RULE_2022) else "reason.unpublished_before_rules"
    read = _by_reading(question, view)
    if any(decision.status is not StatusName.NO_LICENCE for _, decision in read):
        reason = "reason.unpublished"
        outcomes = _outcomes(view, read)
    rule = RULE_2023 if view.holds(RULE_2023) else RULE_2022
    return Decision(
        StatusName.UNDETERMINED,
        reason,
        (rule,),
        citations=(CFR_774 if view.knows(RULE_2022) else CFR_774_LIST, *question.chip.sources),
        confidence="uncertain",
        outcomes=outcomes,
    )


def _outcomes(view: Standpoint, read: _Read) -> tuple[tuple[str, StatusName], ...]:
    """What each outcome of open figures would lead to, each named by what tells it from the others.

    That is whether the chip meets 3A090, and, where the status differs, .a or .b, and within .a the numbers of January
    2026.
    """

    def statuses(which: Callable[[Reading], bool]) -> tuple[StatusName, ...]:
        return tuple(dict.fromkeys(decision.status for reading, decision in read if which(reading)))

    def met(reading: Reading) -> bool:
        return reading.paragraph is not None if view.holds(RULE_2023) else reading.rule_2022

    def in_a(reading: Reading) -> bool:
        return reading.paragraph is not None and reading.paragraph.is_a

    if len(statuses(met)) < 2:
        parts: dict[str, Callable[[Reading], bool]] = {"outcome.in_3a090": met}
    else:
        parts = {"outcome.in_3a090_a": in_a, "outcome.in_3a090_b": lambda reading: met(reading) and not in_a(reading)}
        if len(statuses(in_a)) > 1:
            del parts["outcome.in_3a090_a"]
            within = {"outcome.in_3a090_a_within": lambda reading: in_a(reading) and reading.in_window}
            over = {"outcome.in_3a090_a_over": lambda reading: in_a(reading) and not reading.in_window}
            parts = {**within, **over, **parts}
    parts["outcome.outside_3a090"] = lambda reading: not met(reading)
    return tuple((name, status) for name, which in parts.items() for status in statuses(which))


def _same_on_every_reading(read: _Read) -> Decision:
    """The status that every reading leads to, without a paragraph: which of them the chip meets stays open."""
    first = read[0][1]
    sure = least_sure(*(decision.confidence for _, decision in read))
    cited = (*first.citations, CFR_774)
    return Decision(first.status, "reason.open_paragraph", first.stands_on, citations=cited, confidence=sure)


def _open(view: Standpoint, read: _Read) -> Decision:
    rule = RULE_2023 if view.holds(RULE_2023) else RULE_2022
    return Decision(
        StatusName.UNDETERMINED,
        "reason.open_figures",
        (rule,),
        citations=(CFR_774,),
        confidence="uncertain",
        outcomes=_outcomes(view, read),
    )


def provision_of(event: Event, effect: Effect) -> Provision:
    """A ledger effect as a piece of law, so that it is dated and cited like any other."""
    return Provision(
        f"{event.id}@{effect.begins.isoformat()}",
        event.title,
        effect.begins,
        event.public_from,
        event.citations,
        event.confidence,
    )


def _recorded(effects: Sequence[tuple[Event, Effect]], view: Standpoint, *, rules: bool) -> Decision | None:
    """The ledger's effect in force on the day: letters and licences, or rules recorded since the code was written.

    What the ledger marks uncertain names no chip or destination surely enough for a status: it is a condition.
    """
    last: tuple[Event, Effect] | None = None
    for event, effect in effects:
        sure = event.confidence != "uncertain"
        if (
            view.could_know(event.public_from)
            and sure
            and effect.begins <= view.day
            and (event.kind in RULE_KINDS) is rules
        ):
            last = (event, effect)
    return in_force(last, view)


def in_force(last: tuple[Event, Effect] | None, view: Standpoint) -> Decision | None:
    """The decision of the newest effect, unless it has ended or ends what stood before it."""
    if last is None:
        return None
    event, effect = last
    if effect.status is None or effect.has_ended(view.day, view.known_on):
        return None
    return Decision(
        StatusName(effect.status),
        "reason.recorded",
        (provision_of(event, effect),),
        (("text", effect.reason),),
        confidence=event.confidence,
    )


_LIMITS_TPP = (1600.0, 2400.0, 4800.0, 21_000.0)
_LIMITS_PD = (1.6, 3.2, 5.92)
_MARGIN = 1.25


def is_close(question: Question) -> bool:
    """Whether a figure stands within a quarter of a limit, so that the answer is no surer than the figure."""
    tpp, pd = question.chip.figures.tpp, question.chip.figures.pd
    if tpp is None:
        return True
    dense = pd is not None and tpp < 4800 and any(pd / _MARGIN <= limit <= pd * _MARGIN for limit in _LIMITS_PD)
    return dense or any(tpp / _MARGIN <= limit <= tpp * _MARGIN for limit in _LIMITS_TPP)


def with_chip_confidence(decision: Decision, question: Question) -> Decision:
    """The decision, no surer than the figures it rests on, where those are close to a limit."""
    rests_on_figures = any(key in ("paragraph", "tpp") for key, _ in decision.values)
    if rests_on_figures and is_close(question):
        return replace(decision, confidence=least_sure(decision.confidence, question.chip.confidence))
    return decision
