"""Who needs a licence: the rules of 2022, 2023 and 2024, by destination and by the buyer's headquarters."""

from __future__ import annotations

from bot.knowledge.exceptions import licence_exception
from bot.knowledge.provision import (
    CFR_742_6,
    CFR_774,
    CFR_774_LIST,
    HBM_2024,
    LETTER_2023,
    LETTER_H20,
    LETTER_MI308,
    MACAU,
    RULE_2022,
    RULE_2023,
    Standpoint,
)
from bot.knowledge.question import Decision, Question, Reading
from bot.knowledge.review import january_test, presumption
from bot.knowledge.statuses import StatusName

NAMED_IN_2023 = frozenset({"A100", "A800", "H100", "H800", "L40S"})
"""The Nvidia chips of the letter of 23 October 2023, which made the coming rule bind at once."""

SEAT_LETTERS = {"H20": LETTER_H20, "MI308X": LETTER_MI308}
"""Letters that also name buyers headquartered in, or with a parent in, China, Macau or another D:5 country."""


def reach_of_2022(question: Question, view: Standpoint) -> bool:
    """Whether the rule of October 2022 names the destination: China with Hong Kong, Macau from 2023-01-17.

    Sources: 87 FR 62186; 88 FR 2821.
    """
    return question.destination in ("CN", "HK") or (question.destination == "MO" and view.holds(MACAU))


def rule_of_2022(question: Question, view: Standpoint, reading: Reading) -> Decision | None:
    """Presumption of denial for chips of the first 3A090, 2022-10-21 to 2023-11-16.

    Case by case for firms in China that are headquartered in the US or in A:5 or A:6. Source: 87 FR 62186.
    """
    if not view.holds(RULE_2022) or not reading.rule_2022 or not reach_of_2022(question, view):
        return None
    values = (("tpp", question.chip.figures.tpp), ("link", question.chip.figures.link))
    stands_on = (MACAU, RULE_2022) if question.destination == "MO" else (RULE_2022,)
    seat = question.buyer_hq
    if seat and (seat == "US" or question.groups.of(seat, view) & {"A:5", "A:6"}):
        return Decision(
            StatusName.CASE_BY_CASE, "reason.foreign_firm_2022", stands_on, values, (CFR_774,), "single_source"
        )
    return Decision(StatusName.DENIAL, "reason.denial_2022", stands_on, values, (CFR_774,))


def rule_of_2023(question: Question, view: Standpoint, reading: Reading, *, early: bool = False) -> Decision | None:
    """The licence duty of November 2023 for 3A090.a and .b, by destination or by the buyer's headquarters.

    An exception (NAC, ACA) goes before the January 2026 test, which goes before the review policy. `early` asks for the
    days before 2023-11-17 on which a letter made the rule bind for destinations: a buyer's seat brought no duty about
    then, but it says how applications are judged. Source: 15 CFR 742.6(a)(6)(iii), 88 FR 73458.
    """
    if reading.paragraph is None:
        return None
    groups = question.groups
    by_place = groups.asks_licence(question.destination, view)
    strict_seat = question.buyer_hq is not None and groups.is_strict(question.buyer_hq, view)
    if not by_place and (early or not strict_seat):
        return None
    strict_place = by_place and groups.is_strict(question.destination, view)
    strict = strict_place or strict_seat
    return (
        licence_exception(question, view, reading.paragraph, strict=strict, by_seat=not strict_place)
        or january_test(question, view, reading)
        or presumption(
            question,
            view,
            reading,
            strict=strict,
            by_seat=not strict_place,
            ahead=LETTER_2023 if _bound_early(question, view, reading) else None,
        )
    )


def _bound_early(question: Question, view: Standpoint, reading: Reading) -> bool:
    """Whether the letter of 23 October 2023 brought the rule forward for this chip and destination.

    Not where the rule of 2022 bound already, nor where the groups of the destination or of the buyer's seat changed
    since.
    """
    if NAMED_IN_2023.isdisjoint(question.chip.names_in_events) or not view.holds(LETTER_2023):
        return False
    if reading.rule_2022 and question.destination in ("CN", "HK", "MO"):
        return False
    then = Standpoint(LETTER_2023.begins, view.known_on)
    groups, place = question.groups, question.destination
    asked = groups.asks_licence(place, then) and groups.asks_licence(place, view)
    judged_by = [code for code in (place, question.buyer_hq) if code]
    return asked and all(groups.is_strict(code, then) == groups.is_strict(code, view) for code in judged_by)


def published_rule(question: Question, view: Standpoint, reading: Reading) -> Decision | None:
    """The published rule that catches chip and destination on the day, None when none does."""
    if question.chip.kind == "memory":
        return high_bandwidth_memory(question, view)
    if view.holds(RULE_2023):
        return rule_of_2023(question, view, reading)
    caught = rule_of_2022(question, view, reading)
    if caught is None and view.knows(RULE_2023) and _bound_early(question, view, reading):
        return rule_of_2023(question, view, reading, early=True)
    return caught


def high_bandwidth_memory(question: Question, view: Standpoint) -> Decision | None:
    """Presumption of denial for stand-alone HBM (3A090.c) to Macau and D:5 from 2024-12-02.

    Source: 15 CFR 742.6(a)(6)(i)(B), 89 FR 96790; exception HBM (740.25) under 3.3 GB/s per mm2 for some packaging.
    """
    if view.holds(HBM_2024) and question.groups.is_strict(question.destination, view):
        return Decision(StatusName.DENIAL, "reason.denial_memory", (HBM_2024,), citations=(CFR_742_6,))
    return None


def seat_letter(question: Question, view: Standpoint) -> Decision | None:
    """A letter that binds wherever the goods go, because of the buyer's headquarters (H20 and MI308, April 2025)."""
    letter = SEAT_LETTERS.get(question.chip.name)
    if letter is None or question.buyer_hq is None or not view.holds(letter):
        return None
    if not question.groups.is_strict(question.buyer_hq, view):
        return None
    return Decision(StatusName.LETTER_UNPUBLISHED, "reason.letter_headquarters", (letter,))


def nothing_asks(question: Question, view: Standpoint, reading: Reading) -> Decision:
    """`no_licence_required`, with the reason: no rule yet, chip outside, or destination outside."""
    if question.chip.kind == "memory":
        if view.holds(HBM_2024):
            return Decision(StatusName.NO_LICENCE, "reason.memory_free", (HBM_2024,))
        return Decision(StatusName.NO_LICENCE, "reason.memory_no_rule_yet", (HBM_2024,), citations=(CFR_774_LIST,))
    if view.holds(RULE_2023):
        return _outside_rule_of_2023(question, view, reading)
    if not view.holds(RULE_2022):
        return Decision(StatusName.NO_LICENCE, "reason.no_rule_yet", (RULE_2022,), citations=(CFR_774_LIST,))
    figures = question.chip.figures
    values = (("tpp", figures.tpp), ("link", figures.link))
    if reading.rule_2022:
        return Decision(StatusName.NO_LICENCE, "reason.place_free_2022", (RULE_2022,), values, (CFR_774,))
    slow = figures.tpp is not None and figures.tpp >= 4800
    return Decision(
        StatusName.NO_LICENCE,
        "reason.slow_link_2022" if slow else "reason.low_tpp_2022",
        (RULE_2022,),
        values,
        (CFR_774,),
    )


def _outside_rule_of_2023(question: Question, view: Standpoint, reading: Reading) -> Decision:
    figures = question.chip.figures
    if reading.paragraph is None:
        note_2 = not figures.data_centre and figures.tpp is not None and figures.tpp >= 1600
        return Decision(
            StatusName.NO_LICENCE,
            "reason.note_2" if note_2 else "reason.below_limits",
            (RULE_2023,),
            (("tpp", figures.tpp), ("pd", figures.pd)),
            (CFR_774,),
        )
    favoured = question.groups.of(question.destination, view) & {"A:5", "A:6"}
    return Decision(
        StatusName.NO_LICENCE,
        "reason.place_favoured" if favoured else "reason.place_free",
        (RULE_2023,),
        (("paragraph", str(reading.paragraph)), ("tpp", figures.tpp)),
        question.groups.citations(question.destination, view),
        confidence=question.groups.confidence(question.destination, view),
    )
