"""A question in free words, read without any language model: which chips, where to, who buys, from where, on which day.

"can I ship an H200 to a Chinese-owned company in Singapore?" is H200, Singapore, a buyer seated in China. Whoever asks
for a way around the law gets no reading but `route`.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date, timedelta

from bot.commands.days import IN_TEXT, RELATIVE, read_day
from bot.commands.vocabulary import meaning, words
from bot.errors import UserError
from bot.knowledge.naming import LONGEST_TEXT, Named, Naming

_WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
_ARTICLES = frozenset(("the", "a", "an", "der", "die", "das", "den", "dem", "ein", "eine", "einen", "einem", "einer"))
_BEFORE, _AFTER = 28, 48
"""Characters beside a name in which its role is looked for."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What was understood. Chips by short name, places as ISO codes; `via` is what is only passed through."""

    chips: tuple[str, ...] = ()
    families: tuple[str, ...] = ()
    destinations: tuple[str, ...] = ()
    via: tuple[str, ...] = ()
    buyer: str | None = None
    origin: str | None = None
    day: date | None = None
    known_on: date | None = None
    route: bool = False
    used: tuple[tuple[int, int], ...] = field(default=(), compare=False)
    """Where in the text what was understood stood."""


def read(text: str, naming: Naming, today: date) -> Reading:
    """What a text asks. Only its first 6,000 characters are read; the cost grows with their number and nothing else."""
    given = unicodedata.normalize("NFC", text[:LONGEST_TEXT])
    folded = given.casefold() if len(given.casefold()) == len(given) else given.lower()
    if len(folded) != len(given):
        folded = given
    if asks_for_a_route(folded):
        return Reading(route=True)
    found = naming.find(given)
    day, known, spans = _days(given, folded, today)
    roles = _roles(folded, found)
    owners, seats, nations = _named(roles, "owner"), _named(roles, "seat"), _nations(folded)
    destinations, origins = _named(roles, "to"), _named(roles, "from")
    if nations and not owners:  # "a firm with a Chinese parent in Singapore": the firm is in Singapore
        destinations, seats = destinations or seats, []
    buyers = [*owners, *seats, *nations]
    destinations = destinations or [*nations, *buyers][:1]
    return Reading(
        chips=_once(each.name for each in found if each.what == "chip"),
        families=_once(each.name for each in found if each.what == "family"),
        destinations=_once(destinations),
        via=_once(_named(roles, "via")),
        buyer=buyers[0] if buyers else None,
        origin=origins[0] if origins else None,
        day=day,
        known_on=known,
        used=tuple((each.start, each.end) for each in found) + spans,
    )


def asks_for_a_route(text: str) -> bool:
    """Whether a text (casefolded) asks for a way around the law."""
    joined = f" {' '.join(_WORD.findall(text[:LONGEST_TEXT]))} "
    routes = words("routes")
    return any(f" {phrase} " in joined for phrase in routes["latin"]) or any(phrase in text for phrase in routes["han"])


def _once(names: object) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))  # type: ignore[call-overload]  # any iterable of texts


def _roles(folded: str, found: tuple[Named, ...]) -> list[tuple[str, str]]:
    """What each place is by the words around it: `to`, `from`, `via`, the `owner` of the buyer, or its `seat`."""
    return [(each.name, _role(folded, each)) for each in found if each.what == "place"]


def _named(roles: list[tuple[str, str]], wanted: str) -> list[str]:
    return [name for name, role in roles if role == wanted]


def _role(folded: str, place: Named) -> str:
    before = folded[max(0, place.start - _BEFORE) : place.start].rstrip()
    after = folded[place.end : place.end + _AFTER]
    if any(before.endswith(phrase) for phrase in words("question")["control"]) or _is_owned(after):
        return "owner"
    if any(before.endswith(phrase) for phrase in words("question")["seat"]):
        return "seat"
    last = _WORD.findall(before)[-2:]
    if last and last[-1] in _ARTICLES:
        last = last[:-1]
    for role in ("via", "from"):
        if last and any(last[-1] == word for word in words("question")[role]):
            return role
        if (
            before
            and before[-1] >= "\u2e80"
            and any(before.endswith(w) for w in words("question")[role] if w >= "\u2e80")
        ):
            return role
    return "to"


def _is_owned(after: str) -> bool:
    """Whether what follows a place says that somebody there owns or buys: `-owned`, `-based company`, 公司."""
    if after[:1] and after[0] >= "\u2e80":
        return any(after.startswith(word) for word in words("question")["owned"] if word >= "\u2e80")
    if not after.startswith(("-", " ", "'s ", "’s ")):
        return False
    first = _WORD.findall(after)[:1]
    return bool(first) and after[:1] in "-'’" and first[0] in words("question")["owned"]


def _nations(folded: str) -> list[str]:
    """Nations of buyers: `chinese-owned`, `chinesische Konzernmutter`, 中资."""
    found = []
    tokens = list(_WORD.finditer(folded))
    for at, token in enumerate(tokens):
        nation, _, rest = token.group().partition("-")
        code = meaning("places").get(nation)
        if code is None:
            continue
        following = [other.group() for other in tokens[at + 1 : at + 4]]
        owned = words("question")["owned"]
        if rest in owned or any(word in owned or word.split("-")[-1] in owned for word in following):
            found.append(code)
    if "中资" in folded or "中資" in folded:
        found.append("CN")
    return found


def _days(given: str, folded: str, today: date) -> tuple[date | None, date | None, tuple[tuple[int, int], ...]]:
    """The day asked about, and the day by which it must have been known."""
    day = known = None
    spans = []
    for found in IN_TEXT.finditer(given):
        try:
            moment = read_day(found.group(), today)
        except UserError:
            continue
        before = folded[max(0, found.start() - _BEFORE) : found.start()]
        if any(word in before for word in ("known", "wissen", "bekannt", "已知", "当时")):
            known = known or moment
        else:
            day = day or moment
        spans.append(found.span())
    if day is None:
        # "Guten Morgen" greets, and today is what is meant anyway
        named = (RELATIVE.get(word, 0) for word in _WORD.findall(folded) if word != "morgen")
        offset = next(filter(None, named), None)
        day = today + timedelta(days=offset) if offset is not None else None
    return day, known, tuple(spans)
