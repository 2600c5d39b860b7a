"""Licence exceptions NAC and ACA (15 CFR 740.8): what can replace a licence for lesser chips."""

from __future__ import annotations

from bot.knowledge.chips import Chip
from bot.knowledge.criteria import Paragraph
from bot.knowledge.provision import CFR_740_8_ACA, CFR_740_8_NAC, CORRECTION_2024, RULE_2023, Standpoint
from bot.knowledge.question import Decision, Question
from bot.knowledge.statuses import StatusName


def is_eligible(chip: Chip, paragraph: Paragraph) -> bool:
    """Whether 740.8 takes the chip: 3A090.b, or 3A090.a when neither designed nor marketed for data centres."""
    return paragraph.is_b or (paragraph.is_a and not chip.data_centre)


def licence_exception(
    question: Question, view: Standpoint, paragraph: Paragraph, *, strict: bool, by_seat: bool
) -> Decision | None:
    """NAC or ACA for an eligible chip, None for any other.

    `strict`: the destination or the buyer's seat is Macau or D:5; there NAC, with notice to BIS, since 2023-11-17.
    `by_seat`: the destination is not, only the buyer's headquarters are.
    In D:1 and D:4, and for transfers inside Macau and D:5: NAC without notice to 2024-04-03, ACA from 2024-04-04. A
    transfer inside another country to a buyer headquartered in Macau or D:5 is none of these.
    Sources: 88 FR 73458; 89 FR 23876.
    """
    if not is_eligible(question.chip, paragraph):
        return None
    values = (("paragraph", str(paragraph)),)
    if strict and (by_seat or not question.inside_one_country):
        reason = "reason.nac_headquarters" if by_seat else "reason.nac"
        return Decision(StatusName.NAC, reason, (RULE_2023,), values, (CFR_740_8_NAC,))
    if view.holds(CORRECTION_2024):
        return Decision(StatusName.ACA, "reason.aca", (CORRECTION_2024, RULE_2023), values, (CFR_740_8_ACA,))
    return Decision(StatusName.NAC, "reason.nac_without_notice", (RULE_2023,), values, (CFR_740_8_NAC,))
