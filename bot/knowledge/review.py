"""How applications are judged: presumption of denial or approval, and the case-by-case test of January 2026."""

from __future__ import annotations

from bot.knowledge.criteria import Paragraph
from bot.knowledge.provision import CFR_742_6, GUIDANCE_2026, JANUARY_2026, RULE_2023, Provision, Standpoint
from bot.knowledge.question import Decision, Question, Reading, Values
from bot.knowledge.statuses import StatusName

JANUARY_PLACES = frozenset({"CN", "HK", "MO"})


def january_test(question: Question, view: Standpoint, reading: Reading) -> Decision | None:
    """Case by case for China, Hong Kong and Macau from 2026-01-15 when the numbers fit; None when the test has no say.

    The numbers: TPP under 21,000 and DRAM bandwidth under 6,500 GB/s. Besides, the chip ships from the United States
    and was on sale there on 15 January 2026; availability that is not recorded counts as open. Else denial stays.
    Source: 15 CFR 742.6(b)(10)(iii)(A)(1), 91 FR 1684.
    """
    if question.destination not in JANUARY_PLACES or not view.holds(JANUARY_2026) or not reading.in_window:
        return None
    values = _figures(question, reading)
    if question.shipped_from is not None:
        return Decision(StatusName.DENIAL, "reason.january_reexport", (JANUARY_2026, RULE_2023), values)
    if question.chip.us_sale in ("no", "doubtful"):
        return Decision(
            StatusName.DENIAL, "reason.january_not_on_sale", (JANUARY_2026, RULE_2023), values, confidence="uncertain"
        )
    sure = "confirmed" if question.chip.us_sale == "yes" else "uncertain"
    return Decision(StatusName.CASE_BY_CASE, "reason.january", (JANUARY_2026,), values, confidence=sure)


def presumption(
    question: Question, view: Standpoint, reading: Reading, *, strict: bool, by_seat: bool, ahead: Provision | None
) -> Decision:
    """Presumption of denial for Macau, D:5 and buyers seated there, of approval for other D:1 and D:4 destinations.

    `ahead` is the letter that made the rule bind earlier for some chips: it decides until the rule itself is in force.
    `by_seat`: the destination is neither, only the buyer's headquarters are.
    Source: 15 CFR 742.6(b)(10), 88 FR 73458, in force from 2023-11-17.
    """
    values = _figures(question, reading)
    stands_on: tuple[Provision, ...] = (RULE_2023,)
    if ahead:
        stands_on = (RULE_2023, ahead) if view.holds(RULE_2023) else (ahead, RULE_2023)
    suffix = "_ahead" if ahead else ""
    if not strict:
        sure = question.groups.confidence(question.destination, view)
        return Decision(
            StatusName.APPROVAL, f"reason.approval{suffix}", stands_on, values, (CFR_742_6,), sure, begun_by=ahead
        )
    if by_seat:
        cited = (CFR_742_6, GUIDANCE_2026)
        reason = f"reason.denial_headquarters{suffix}"
        return Decision(StatusName.DENIAL, reason, stands_on, values, cited, begun_by=ahead)
    sure = question.groups.confidence(question.destination, view)
    return Decision(StatusName.DENIAL, f"reason.denial{suffix}", stands_on, values, (CFR_742_6,), sure, begun_by=ahead)


def _figures(question: Question, reading: Reading) -> Values:
    paragraph = reading.paragraph or Paragraph.A1
    return (("paragraph", str(paragraph)), ("tpp", question.chip.figures.tpp))
