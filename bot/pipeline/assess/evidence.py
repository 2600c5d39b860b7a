"""What a text gives to judge by: the concepts in its title and lead, who acts, what is denied or only recalled."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from bot.knowledge.folding import CJK_FROM, Folded
from bot.knowledge.vocabulary import Match, Vocabulary
from bot.pipeline.assess.turned import turned

TITLE_LIMIT = 600
LEAD_LIMIT = 1600
"""Longer texts are judged by their beginning, as a reader of headlines does; so no text costs more than another."""
MATCH_LIMIT = 500
CLAUSE_LIMIT = 120

_STOP = re.compile(r"[.!?;\n。！？；](?:(?<=\.)(?:\s|$)|(?<=[!?])\s?|(?<=[;\n。！？；]))")
_ABBREVIATED = re.compile(
    r"(?:(?<![a-z])(?:[a-z]|corp|inc|co|ltd|ee|uu|mr|dr|no|vs|sen|rep|jan|feb|aug|sept|oct|nov|dec|st))$"
)
_CLAUSE = re.compile(r"[,.;:!?。，；：！？、()]")
_NOT_ACTING = re.compile(
    r"(?:\b(?:to|in|into|for|from|against|with|on|of|by|via|through|than|nach|an|aus|für|von|gegen|zu|mit|bei|"
    r"vers|à|en|a|con|contra|de|para|pour|с|в|для)(?: the| der| dem| die| den| la| el| los| las)?"
    r"|对|在|向|往|与|和|给|到|从|把|被)\s?$"
)
_OBJECT_FORMS = frozenset(
    ("对华", "在华", "销中", "输中", "输华", "来华", "对中", "对美", "中国向け", "対中", "中国市場", "대중")
)
_PEOPLE = re.compile(
    r"^(?:《|(?:-born|-based)?\s?(?:nationals?|men|man|citizens?|women|businessm[ae]n|engineers?|staatsangehörige\w*|männer|"
    r"staatsbürger\w*|公民|男子|籍|人|企业|公司|客户|市场|用户|firms?|compan(?:y|ies)|customers?|buyers?|market|"
    r"unternehmen|konzern\w*|companies|tech|-linked|厂商|制造商|供应商|"
    r"(?:(?:and|or|und|oder|&) [\w-]{2,20} )?(?:(?:chip|tool|ai|equipment|server|cloud|memory|semiconductor)[- ]?){0,2}"
    r"(?:makers?|suppliers?|producers?|vendors?|exporters?|manufacturers?|stocks?|shares|start-?ups?|giants?|"
    r"hersteller\w*|zulieferer\w*|firmen|aktien)\b))"
)
"""What follows a place that is only where people, firms or a paper are at home."""
_ENDING = re.compile(r"^[a-zà-ÿ]{1,6}(?![a-zà-ÿ])")
"""The rest of a word whose head is a place: Japan-ese, China-s."""

_ACTED_ON = re.compile(
    r"^(?:(?:is|was|are|were) )?(?:barred|banned|blocked|cut off|prohibited|excluded|exempted|freed) from\b"
    r"|^(?:wins?|won|gets?|secures?|receives?|gains?|obtains?|loses?|lost)\b|^(?:获准|获批|获得|被禁|被允许)"
)
"""What follows a place to which something is done: others act."""


@cache
def terms(*names: str) -> frozenset[str]:
    """The concepts of the vocabulary's actions and words with these names."""
    return frozenset(f"terms.{name}" for name in names)


_DENIABLE = terms("assured", "charge", "deny")
"""Acts that a negation right before them only denies; what it makes of others `turned` has read."""
_OVER = terms("ban", "restrict", "require_licence")
"""Acts that may be over in the same text (`turned`)."""
ACTIONS = _DENIABLE | terms(
    *("ban", "restrict", "relax", "allow", "resume", "issue_licence", "rescind", "freed", "withheld"),
    "require_licence", "smuggle", "probe", "bill", "entity_list", "add_list", "licence", "revenue_share", "tariff",
    "rule", "guidance", "export_control", "summon", "antitrust",
)  # fmt: skip
"""Concepts that tell an act: only these can be recalled."""


@dataclass(slots=True)
class Evidence:
    """A text with what was found in it. Places count characters of the folded `title + newline + lead`."""

    folded: Folded
    border: int
    matches: list[Match]
    features: dict[str, Match | None]
    """Feature -> the first match that gives it (None where the whole text does)."""
    sections: dict[str, list[Match]]
    subject: str | None = None
    """Who acts: the code of a jurisdiction, `company`, or None where the text names nobody."""
    first_stop: int = 0
    """Where the first sentence of the lead ends."""
    cut: bool = False
    of_trade: bool = False
    """Whether any word but a chip's name stands for the goods: what they are, makes them, or must not have them."""
    title: frozenset[str] = frozenset()
    near: frozenset[str] = frozenset()
    everywhere: frozenset[str] = frozenset()
    """The concepts of the title, of title and first sentence, and of the whole text, none denied nor recalled."""

    def has(self, *features: str) -> bool:
        return not self.features.keys().isdisjoint(features)

    def named(self, section: str) -> list[Match]:
        """The matches of a section (`chips`, `places`, ...) in the order of the text."""
        return self.sections.get(section, [])

    def in_title(self, match: Match) -> bool:
        return match.start < self.border


def read(title: str, lead: str, vocabulary: Vocabulary) -> Evidence:
    """Everything that the judges need of a text. Deterministic; linear in the length that is read."""
    cut = len(title) > TITLE_LIMIT or len(lead) > LEAD_LIMIT
    folded = vocabulary.folding.fold(title[:TITLE_LIMIT] + "\n" + lead[:LEAD_LIMIT])
    ends = min(len(title), TITLE_LIMIT)
    border = ends if folded.starts is None else bisect_left(folded.starts, ends)
    matches, sections = _longest(sorted(set(vocabulary.find(folded)))[:MATCH_LIMIT], folded.text, border, vocabulary)
    evidence = Evidence(folded, border, matches, {}, sections, cut=cut)
    length = len(folded.text)
    evidence.first_stop = next(sentence_ends(folded.text, border + 1, length), length)
    evidence.subject = _subject(evidence, vocabulary)
    _mark(evidence)
    return evidence


class _Sections(dict[str, str]):
    """The section of a concept; there are some hundreds."""

    def __missing__(self, concept: str) -> str:
        self[concept] = section = concept.partition(".")[0]
        return section


class _Placed(dict[str, tuple[str, str, str, str, str]]):
    """The features of a concept by where it stands: title, first sentence, the rest, recalled, denied."""

    def __missing__(self, concept: str) -> tuple[str, str, str, str, str]:
        self[concept] = made = ("T." + concept, "L." + concept, "M." + concept, "B." + concept, "N." + concept)
        return made


_SECTIONS, _PLACED = _Sections(), _Placed()
_PLACES = ("places", "doubted", "areas", "not_places")
_ACTORS = frozenset(("companies", "people", "agencies", "places"))


def sentence_ends(text: str, start: int, end: int) -> Iterator[int]:
    """Behind each sentence that ends in `text[start:end]`; "U.S. " and "Inc. " end none."""
    for stop in _STOP.finditer(text, start, end):
        if not _ABBREVIATED.search(text[max(start, stop.start() - 6) : stop.start()]):
            yield stop.end()


Sections = dict[str, list[Match]]


def _longest(matches: list[Match], text: str, border: int, words: Vocabulary) -> tuple[list[Match], Sections]:
    """What is found, and by sections: no chips and places inside a longer name or a false friend, acts as turned."""
    sections = _by_section(matches)
    goods = [*sections.get("off", ()), *(m for m in sections.get("terms", ()) if m.concept == "terms.controlled")]
    kept = _without_adjectives(matches, goods) if goods else matches
    hidden = _inside([*sections.get("chips", ()), *sections.get("not_chips", ())])
    hidden |= _inside([m for name in _PLACES for m in sections.get(name, ())])
    if hidden:
        kept = [m for m in kept if m not in hidden]
    if kept is not matches:
        sections = _by_section(kept)
    terms = sections.get("terms", [])
    acts = turned(terms, text, border, words)
    if acts is not terms:
        sections["terms"] = acts
        kept = sorted([*acts, *(m for m in kept if _SECTIONS[m[2]] != "terms")])
    return kept, sections


def _inside(names: list[Match]) -> set[Match]:
    """Those that are only a part of another longer name (Guinea in Equatorial Guinea) or are a false friend's."""
    hidden: set[Match] = set()
    if not _touching(names):
        return hidden
    widest: Match | None = None
    for match in sorted(names, key=lambda m: (m.start, -m.end, not m.concept.startswith("not_"))):
        if widest is None or match.end > widest.end:
            widest = match
        elif match.concept != widest.concept and not match.concept.startswith("areas."):
            longer = widest.end - widest.start > match.end - match.start
            if longer or widest.concept.startswith("not_"):
                hidden.add(match)
    return hidden


def _touching(names: list[Match]) -> bool:
    """Whether any two overlap; most texts have no such names."""
    end = 0
    for start, ends, _ in sorted(names):
        if start < end:
            return True
        end = ends
    return False


def _by_section(matches: list[Match]) -> Sections:
    sections: Sections = {}
    for match in matches:
        section = _SECTIONS[match[2]]
        if section in sections:
            sections[section].append(match)
        else:
            sections[section] = [match]
    return sections


def _without_adjectives(matches: list[Match], goods: list[Match]) -> list[Match]:
    """ "Banned chips" are goods and a "mining licence" is no matter of ours: without the acts inside such names."""
    return [
        m
        for m in matches
        if m.concept not in ACTIONS
        or not any(g.start <= m.start and m.end <= g.end and g.end - g.start > m.end - m.start for g in goods)
    ]


def _subject(evidence: Evidence, vocabulary: Vocabulary) -> str | None:
    text = evidence.folded.text
    for match in evidence.matches:
        section = _SECTIONS[match.concept]
        if section not in _ACTORS:
            continue
        name = match.concept.partition(".")[2]
        if section in ("companies", "people"):
            if not _before_is(text, match.start):
                return "company"
        elif section == "agencies":
            return vocabulary.agency_of.get(name, name)
        elif section == "places":
            if text[match.start : match.end] in _OBJECT_FORMS or _before_is(text, match.start):
                continue
            after = _ENDING.sub("", text[match.end : match.end + 40], 1).lstrip()
            if _PEOPLE.match(after) or _ACTED_ON.match(after):
                continue
            return name
    return None


def _before_is(text: str, start: int) -> bool:
    return _NOT_ACTING.search(text[max(0, start - 14) : start]) is not None


def _mark(evidence: Evidence) -> None:
    text, features = evidence.folded.text, evidence.features
    first_end = max(evidence.first_stop, evidence.border + 30)
    border, told = evidence.border, evidence.named("terms")
    recalled = _clauses(text, [m for m in told if m.concept == "terms.before"])
    denied = [m for m in told if m.concept == "terms.negation"]
    over = {(m.start, m.end) for m in told if m.concept == "terms.freed"}
    placed: tuple[list[str], list[str], list[str]] = ([], [], [])
    for match in evidence.matches:
        start, end, concept = match
        if start < border < end - 1 and concept.startswith("terms."):
            continue  # no phrase runs from the title into the lead
        if concept in ACTIONS:
            if recalled and any(first <= start < last for first, last in recalled):
                features.setdefault(_PLACED[concept][3], match)
                continue
            if denied and concept in _DENIABLE and _is_denied(match, denied, text):
                features.setdefault(_PLACED[concept][4], match)
                continue
        where = 0 if start < border else 1 if start < first_end else 2
        feature = _PLACED[concept][where]
        if feature not in features or (over and concept not in placed[where]):
            features.setdefault(feature, match)
            if over and concept in _OVER and (start, end) in over:
                continue  # what the text is about, but no act of it
            placed[where].append(concept)
    evidence.title = frozenset(placed[0])
    evidence.near = evidence.title.union(placed[1])
    evidence.everywhere = evidence.near.union(placed[2])


def _clauses(text: str, openings: list[Match]) -> list[tuple[int, int]]:
    """From each of these words to the end of its clause."""
    found = []
    for word in openings:
        end = _CLAUSE.search(text, word.end, word.end + CLAUSE_LIMIT)
        found.append((word.start, end.start() if end else word.end + CLAUSE_LIMIT))
    return found


def _is_denied(action: Match, denied: list[Match], text: str) -> bool:
    """Whether a negation stands right before an action, in the same clause."""
    for negation in denied:
        if negation.start <= action.start < negation.end and action.end > negation.end:
            return False  # the negation is part of a longer word
        reach = 1 if text[negation.start] >= CJK_FROM else 12
        if 0 <= action.start - negation.end <= reach and not _CLAUSE.search(text, negation.end, action.start):
            return True
    return False
