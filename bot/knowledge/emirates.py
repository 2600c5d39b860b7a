"""The United Arab Emirates since 10 July 2026: buyers whom a rule names need no licence, everyone else does."""

from __future__ import annotations

from datetime import date

from bot.knowledge.provision import EMIRATES, Standpoint
from bot.knowledge.question import Decision, Question, Reading
from bot.knowledge.spelling import plain
from bot.knowledge.statuses import StatusName

G42_UNTIL = date(2027, 4, 6)
"""The first day on which G42 and Core42 are no longer named, unless the rule is renewed."""

_TO_APRIL_2027 = frozenset({"g42", "group42", "core42"})
_LASTING = frozenset(
    [
        "uaegovernment",
        "governmentoftheuae",
        "governmentoftheunitedarabemirates",
        "government",
        "regierungdervae",
        "阿联酋政府",
        "amazon",
        "aws",
        "amazonwebservices",
        "apple",
        "google",
        "alphabet",
        "meta",
        "facebook",
        "microsoft",
        "openai",
        "oracle",
        "xai",
    ]
)


def is_named(end_user: str, day: date) -> bool:
    """Whether the rule names the end user on a day; G42 and Core42 to 6 April 2027 (91 FR 43034)."""
    name = plain(end_user)
    return name in _LASTING or (name in _TO_APRIL_2027 and day < G42_UNTIL)


def listed_end_users(question: Question, view: Standpoint, reading: Reading) -> Decision | None:
    """The UAE's treatment of chips in 3A090.a and .b; None elsewhere, and for buyers headquartered in D:5 or Macau.

    Source: 91 FR 43034, in force from 2026-07-10. It goes before exceptions and review policies.
    """
    if question.destination != "AE" or reading.paragraph is None or not view.holds(EMIRATES):
        return None
    if question.buyer_hq and question.groups.is_strict(question.buyer_hq, view):
        return None
    values = (("paragraph", str(reading.paragraph)),)
    if question.end_user is None:
        return Decision(StatusName.LISTED_USERS, "reason.emirates", (EMIRATES,), values)
    if is_named(question.end_user, view.day):
        return Decision(StatusName.NO_LICENCE, "reason.emirates_named", (EMIRATES,), values)
    if plain(question.end_user) in _TO_APRIL_2027:
        return Decision(StatusName.LISTED_USERS, "reason.emirates_lapsed", (EMIRATES,), values, confidence="uncertain")
    return Decision(StatusName.LISTED_USERS, "reason.emirates_other", (EMIRATES,), values)
