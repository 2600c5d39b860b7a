"""Typed lines: one string becomes a command and its arguments, in whatever order and language its words stand.

H200 Malaysia on 1 May 2025          status, chip, destination, date
状态 H20 中国                          status, chip, destination
news chip:H20 "commerce department"  news, chip, words
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from bot.cards.cutting import clean
from bot.commands import registry
from bot.commands.ask import Ask
from bot.commands.days import IN_TEXT, LONGEST, is_day
from bot.commands.declaration import Command, Kind, Parameter
from bot.commands.question import Reading, read
from bot.commands.vocabulary import meaning
from bot.errors import UserError
from bot.knowledge.spelling import nearest
from bot.locale.catalogue import LANGUAGES

LONGEST_LINE = 6000
_PIECE = re.compile(
    r"(?P<key>[^\W\d][\w-]{0,20})[:=：](?P<value>\"[^\"]*\"|“[^”]*”|„[^“”]*[“”]|「[^」]*」|\S+)|\"(?P<quoted>[^\"]*)\""
)
_BY_KEY_ONLY = frozenset({"end-user"})
"""Texts that are taken only where their name stands before them."""
_QUOTES = "\"“”„「」'"
_SENTENCE = 8
"""From so many words on a line without a verb is a question."""
_ASKING = re.compile(
    r"\?|？|^(can|may|could|is|are|do|does|what|which|how|darf|kann|können|ist|sind|was|wie|welche)\b|吗|嗎|能否|可以",
    re.IGNORECASE,
)
_PREPOSITIONS = frozenset({"on", "to", "at", "am", "vom", "nach", "in", "into", "for", "the", "as", "of", "für", "an"})


@dataclass(frozen=True, slots=True)
class Typed:
    """What a line asks for: the command's path and its arguments as texts."""

    path: str
    arguments: dict[str, Any] = field(default_factory=dict)


def typed_command(ask: Ask, text: str, groups: tuple[str, ...]) -> Typed:
    """The command that a line means. `groups` are those whose verbs it may name, the first wins; a leading `admin`
    means the operators' ones where they are among them. Raises UserError `errors.no_verb` with the nearest verb."""
    line = " ".join(text[:LONGEST_LINE].split())
    if not line:
        return Typed("chip.help")
    first, _, rest = line.partition(" ")
    if first.casefold() == "admin" and "chipwatch-admin" in groups:
        groups, line = ("chipwatch-admin",), rest
        first, _, rest = line.partition(" ")
        if not line:
            return Typed("chip.help", {"topic": "chipwatch-admin"})
    command = _verb(first, groups)
    if command is not None and not _is_a_chip(ask, first, rest):
        return _with_arguments(ask, command, rest)
    command = next((found for word in line.split(" ")[1:9] if (found := _plain_verb(word, groups))), None)
    if command is not None and not _ASKING.search(line):
        left = " ".join(word for word in line.split(" ") if _plain_verb(word, groups) is not command)
        return _with_arguments(ask, command, left)
    return _without_verb(ask, line, groups)


def _without_verb(ask: Ask, line: str, groups: tuple[str, ...]) -> Typed:
    if len(IN_TEXT.sub("", line).split()) >= _SENTENCE or _ASKING.search(line):
        return Typed("chip.ask", {"question": line})
    status = registry.find("chip.status")
    assert status is not None
    reading = read(line, ask.knowledge.naming, ask.today)
    if not (reading.chips or reading.families or reading.destinations or reading.route):
        first = line.split(" ", 1)[0].casefold()
        known = [each.name for group in groups for each in registry.verbs(group)]
        near = nearest(first, known, limit=1, cutoff=0.6)
        if near and not any(char.isdigit() for char in first):
            raise UserError("errors.no_verb", verb=clean(first, 40), suggestion=near[0])
    alone = len(reading.chips) == 1 and not reading.destinations and ask.knowledge.chips.exact(line) is not None
    if reading.route or reading.via or alone:  # a chip alone is asked where to
        return Typed("chip.ask", {"question": line})
    return _with_arguments(ask, status, line)


def _verb(word: str, groups: tuple[str, ...]) -> Command | None:
    spelled = word.casefold().strip("/:：,.!")
    names = (spelled, meaning("verbs").get(spelled, ""))
    return next(
        (each for group in groups for name in names for each in registry.verbs(group) if each.name == name), None
    )


def _plain_verb(word: str, groups: tuple[str, ...]) -> Command | None:
    """A verb by its own name: other words for it mean it only at the beginning of a line."""
    return next((each for group in groups for each in registry.verbs(group) if each.name == word.casefold()), None)


def _is_a_chip(ask: Ask, first: str, rest: str) -> bool:
    """Whether a first word that could be a verb names a chip with the next one ("chip" is none)."""
    return not rest and ask.knowledge.chips.exact(first) is not None


def _with_arguments(ask: Ask, command: Command, line: str) -> Typed:
    """The arguments in the rest of a line: named ones first, then what its words are by their kinds."""
    given: dict[str, Any] = {}

    def take(found: re.Match[str]) -> str:
        if found["key"] is None:
            return found.group()
        key = found["key"].casefold().replace("_", "-")
        parameter = command.parameter(key) or command.parameter(meaning("keys").get(key, ""))
        if parameter is None or parameter.name in given:
            return found.group()
        given[parameter.name] = found["value"].strip(_QUOTES)
        return " "

    rest = " ".join(_PIECE.sub(take, line).split())
    left = [each for each in command.parameters if each.name not in given]
    kinds = {each.kind for each in left}
    if Kind.CHIP in kinds or Kind.PLACE in kinds or Kind.DAY in kinds:
        rest = _things(ask, command, left, rest, given)
    left = [each for each in left if each.name not in given]
    return Typed(command.path, _by_kind(left, rest, given))


def _things(ask: Ask, command: Command, left: list[Parameter], rest: str, given: dict[str, Any]) -> str:
    """Chips, places and days wherever they stand; what is left of the line."""
    reading = read(rest, ask.knowledge.naming, ask.today)
    wanted = {each.name: each for each in left}
    used = list(reading.used)

    def give(name: str, value: str | None) -> None:
        if value and name in wanted and name not in given:
            given[name] = value

    give("chip", _as_typed(reading, rest, ask) or next(iter(reading.families), None))
    give("destination", next(iter(reading.destinations), None))
    give("buyer", reading.buyer)
    give("from", reading.origin)
    give("date", reading.day.isoformat() if reading.day else None)
    give("known-on", reading.known_on.isoformat() if reading.known_on else None)
    kept = _without(rest, used)
    words = [word for word in kept.split() if word.casefold() not in _PREPOSITIONS]
    for name in ("chip", "destination"):
        parameter = wanted.get(name)
        if parameter and name not in given and words and (parameter.required or name == "chip") and _bare(left):
            both = name == "chip" and "destination" in wanted and "destination" not in given and len(words) > 1
            given[name] = words[0] if both else " ".join(words)
            words = words[1:] if both else []
    if "date" in wanted and "date" not in given:
        day = next((word for word in words if is_day(word)), None)
        if day is not None:
            given["date"] = day[:LONGEST]
            words.remove(day)
    return " ".join(words)


def _bare(left: list[Parameter]) -> bool:
    """Whether no parameter takes free words, so that what is left over must be a name that is not known."""
    return not any(each.kind is Kind.TEXT and each.name not in _BY_KEY_ONLY for each in left)


def _as_typed(reading: Reading, rest: str, ask: Ask) -> str | None:
    """The first chip as it was typed: a server is told from its chip by its own name."""
    for start, end in reading.used:
        phrase = rest[start:end]
        if ask.knowledge.chips.exact(phrase):
            return phrase
    return reading.chips[0] if reading.chips else None


def _without(text: str, spans: list[tuple[int, int]]) -> str:
    kept, at = [], 0
    for start, end in sorted(spans):
        kept.append(text[at:start])
        at = max(at, end)
    return IN_TEXT.sub(" ", " ".join([*kept, text[at:]]))


def _by_kind(left: list[Parameter], rest: str, given: dict[str, Any]) -> dict[str, Any]:
    """What is left of a line goes to the parameters that can take it: a word to short ones, the rest to a text."""
    words = rest.split()
    for parameter in left:
        if not words:
            break
        word = words[0].strip(_QUOTES)
        folded = word.casefold()
        match parameter.kind:
            case Kind.CHOICE if parameter.required or _is_choice(parameter, folded):
                given[parameter.name] = words.pop(0)
            case Kind.STORY if folded.startswith("s-") or parameter.required:
                given[parameter.name] = words.pop(0)
            case Kind.SOURCE | Kind.ROLE | Kind.CHANNEL | Kind.LINK:
                given[parameter.name] = words.pop(0)
            case Kind.WHOLE | Kind.NUMBER if word.replace(".", "", 1).isdigit():
                given[parameter.name] = words.pop(0)
            case Kind.SWITCH if folded == parameter.name:
                given[parameter.name] = "yes"
                words.pop(0)
            case Kind.TEXT | Kind.ZONE if parameter.name not in _BY_KEY_ONLY:
                given[parameter.name] = " ".join(words).strip(_QUOTES)
                words = []
    return given


def _is_choice(parameter: Parameter, word: str) -> bool:
    from bot.commands.describing import choice_label

    labels = {choice_label(language, choice).casefold() for language in LANGUAGES for choice in parameter.choices}
    return word in labels or word in (choice.casefold() for choice in parameter.choices)
