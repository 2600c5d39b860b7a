"""The destination's own measures: Malaysia's permit for onward shipment by rule, everything else from the ledger."""

from __future__ import annotations

from collections.abc import Sequence

from bot.knowledge.event import Effect, Event
from bot.knowledge.export import in_force
from bot.knowledge.provision import MALAYSIA, Standpoint
from bot.knowledge.question import Decision, Question, readings
from bot.knowledge.statuses import StatusName


def decide_destination(question: Question, view: Standpoint) -> Decision | None:
    """The status of the destination's layer on a day, None when no measure is known."""
    by_rule = malaysian_permit(question, view)
    recorded = in_force(_newest(question.measures, view), view)
    if by_rule and recorded:
        return recorded if recorded.begins > by_rule.begins else by_rule
    return by_rule or recorded


def malaysian_permit(question: Question, view: Standpoint) -> Decision | None:
    """Malaysia's notice and permit for what leaves it again: chips of US origin at the level of 3A090.a and .b.

    Source: Strategic Trade Act 2010, section 12, Directive 1/2025, from 2025-07-14. Entering is free.
    """
    chip = question.chip
    if question.destination != "MY" or chip.origin != "US" or chip.kind != "chip" or not view.holds(MALAYSIA):
        return None
    if chip.figures.published:
        paragraphs = [reading.paragraph for reading in readings(chip)]
        if None not in paragraphs:
            values = (("paragraph", str(paragraphs[0])),)
            return Decision(StatusName.ONWARD_PERMIT, "reason.onward_permit", (MALAYSIA,), values)
        if all(paragraph is None for paragraph in paragraphs):
            return None
    outcomes = (("outcome.in_3a090", StatusName.ONWARD_PERMIT),)
    return Decision(
        StatusName.UNDETERMINED, "reason.onward_open", (MALAYSIA,), confidence="uncertain", outcomes=outcomes
    )


def _newest(effects: Sequence[tuple[Event, Effect]], view: Standpoint) -> tuple[Event, Effect] | None:
    known = (
        (event, effect) for event, effect in effects if effect.begins <= view.day and view.could_know(event.public_from)
    )
    return max(known, key=lambda pair: pair[1].begins, default=None)
