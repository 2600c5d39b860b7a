"""The exporter's law: which of embargo, rule, letter or nothing answers, in the order of precedence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.knowledge.countries import HOME
from bot.knowledge.criteria import Paragraph, meets_rule_of_2022
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
    found = [_one_reading(question, view, reading) for reading in readings(question.chip)]
    if len({decision.status for decision in found}) == 1:
        return found[0]
    return _open(question, view, found)


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
    caught = Reading(Paragraph.A1, rule_2022=any(meets_rule_of_2022(question.chip.figures)), in_window=False)
    if_met = listed_end_users(question, view, caught) or published_rule(question, view, caught)
    outcomes: tuple[tuple[str, StatusName], ...] = ()
    reason = "reason.unpublished_elsewhere" if view.holds(RULE_2022) else "reason.unpublished_before_rules"
    if if_met:
        reason = "reason.unpublished"
        outcomes = (("outcome.in_3a090", if_met.status), ("outcome.outside_3a090", StatusName.NO_LICENCE))
    rule = RULE_2023 if view.holds(RULE_2023) else RULE_2022
    return Decision(
        StatusName.UNDETERMINED,
        reason,
        (rule,),
        citations=(CFR_774 if view.knows(RULE_2022) else CFR_774_LIST, *question.chip.sources),
        confidence="uncertain",
        outcomes=outcomes,
    )


def _open(question: Question, view: Standpoint, found: Sequence[Decision]) -> Decision:
    rule = RULE_2023 if view.holds(RULE_2023) else RULE_2022
    by_status = dict.fromkeys(decision.status for decision in found)
    outcomes = tuple(
        ("outcome.outside_3a090" if status is StatusName.NO_LICENCE else "outcome.in_3a090", status)
        for status in by_status
    )
    return Decision(
        StatusName.UNDETERMINED,
        "reason.open_figures",
        (rule,),
        citations=(CFR_774,),
        confidence="uncertain",
        outcomes=outcomes,
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
