"""Destinations to which the chip is not the question: embargoes, and Russia and Belarus."""

from __future__ import annotations

from bot.knowledge.country_groups import EMBARGOED
from bot.knowledge.provision import BELARUS, EMBARGO, RUSSIA, Standpoint
from bot.knowledge.question import Decision, Question
from bot.knowledge.statuses import StatusName


def embargo(question: Question, view: Standpoint) -> Decision | None:
    """`embargoed` for Iran, North Korea, Syria and Cuba: groups E:1 and E:2, 15 CFR part 746 and Treasury rules."""
    if question.groups.of(question.destination, view) & EMBARGOED:
        return Decision(StatusName.EMBARGOED, "reason.embargo", (EMBARGO,), confidence="single_source")
    return None


def russia_and_belarus(question: Question, view: Standpoint) -> Decision | None:
    """Policy of denial under 15 CFR 746.8: Russia since 2022-02-24, Belarus since 2022-03-02."""
    provision = {"RU": RUSSIA, "BY": BELARUS}.get(question.destination)
    if provision and view.holds(provision):
        return Decision(StatusName.POLICY_OF_DENIAL, "reason.policy_of_denial", (provision,))
    return None
