"""Days as people write them: 2025-05-20, 1 May 2025, 1. Mai 2025, 1.5.2025, 2025年5月1日, today, gestern, 今天."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, timedelta

from bot.errors import UserError

LONGEST = 40
_BESIDE = {
    0: ("today", "now", "heute", "jetzt", "今天", "今日", "现在", "現在"),
    -1: ("yesterday", "gestern", "昨天", "昨日"),
    1: ("tomorrow", "morgen", "明天", "明日"),
}
RELATIVE = {word: days for days, words in _BESIDE.items() for word in words}
"""How many days after today a word names."""
_MONTHS = (
    ("january", "januar", "jänner", "jan"),
    ("february", "februar", "feber", "feb"),
    ("march", "märz", "maerz", "mar", "mär", "mrz"),
    ("april", "apr"),
    ("may", "mai"),
    ("june", "juni", "jun"),
    ("july", "juli", "jul"),
    ("august", "aug"),
    ("september", "sept", "sep"),
    ("october", "oktober", "oct", "okt"),
    ("november", "nov"),
    ("december", "dezember", "dec", "dez"),
)
_MONTH = {name: number for number, names in enumerate(_MONTHS, 1) for name in names}
_NAMES = "|".join(sorted(_MONTH, key=len, reverse=True))
_FORMS = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?P<y>\d{4})[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})",
        r"(?P<y>\d{4}) ?年 ?(?P<m>\d{1,2}) ?月 ?(?P<d>\d{1,2}) ?[日号號]",
        r"(?P<d>\d{1,2})\. ?(?P<m>\d{1,2})\. ?(?P<y>\d{4})",
        rf"(?P<d>\d{{1,2}})(?:st|nd|rd|th|\.)?[ -]?(?P<n>{_NAMES})\.?,?[ -]?(?P<y>\d{{4}})",
        rf"(?P<n>{_NAMES})\.? ?(?P<d>\d{{1,2}})(?:st|nd|rd|th)?,? ?(?P<y>\d{{4}})",
    )
)
IN_TEXT = re.compile(
    r"(?<![\w.])(?:" + "|".join(re.sub(r"\(\?P<\w>", "(?:", form.pattern) for form in _FORMS) + r")(?!\w)",
    re.IGNORECASE,
)
"""Where a day with its year stands in a text."""


def read_day(text: str, today: date) -> date:
    """The day that a text names; `today` is the present one. Raises UserError `errors.no_such_day`."""
    folded = " ".join(unicodedata.normalize("NFKC", text[:LONGEST]).casefold().split())
    if folded in RELATIVE:
        return today + timedelta(days=RELATIVE[folded])
    for form in _FORMS:
        if found := form.fullmatch(folded):
            parts = found.groupdict()
            month = _MONTH[parts["n"]] if "n" in parts else int(parts["m"])
            try:
                return date(int(parts["y"]), month, int(parts["d"]))
            except ValueError:
                break
    raise UserError("errors.no_such_day", day=text[:LONGEST])


def is_day(text: str) -> bool:
    """Whether a word is meant as a day, a relative one included."""
    try:
        read_day(text, date(2025, 1, 1))
    except UserError:
        return False
    return True
